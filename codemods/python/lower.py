"""Turn a LibCST tree into the facts of `ir`, pairing its strings and names with the lexer's places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst

from codemods.python import ir
from codemods.python.expressions import Expressions, Unmatched
from codemods.python.lexer import tokenize
from codemods.python.parse import NotPython, parse


def lower(path: str, text: str) -> ir.Module:
    """The facts of the Python file `path` whose decoded content is `text`; raises `ir.Unsupported`."""
    try:
        tree = parse(text)
        return ir.Module(path, _Statements(Expressions(tokenize(text))).block(tree.body))
    except NotPython as error:
        raise ir.Unsupported(str(error)) from error
    except Unmatched as error:
        raise ir.Unsupported(f"its strings cannot be told apart ({error})") from error
    except RecursionError as error:
        raise ir.Unsupported("an expression is nested too deeply") from error


class _Statements:
    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._expression = expressions.lower

    def block(self, statements: Iterable[cst.CSTNode]) -> ir.Block:
        found: list[ir.Statement] = []
        for statement in statements:
            if isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    self._small(small, found)
            else:
                found.append(self._compound(statement))
        return tuple(found)

    def _suite(self, suite: cst.BaseSuite) -> ir.Block:
        if isinstance(suite, cst.SimpleStatementSuite):
            found: list[ir.Statement] = []
            for small in suite.body:
                self._small(small, found)
            return tuple(found)
        return self.block(suite.body)

    def _small(self, node: cst.CSTNode, found: list[ir.Statement]) -> None:
        expression = self._expression
        if isinstance(node, cst.Expr):
            found.append(ir.Evaluate(expression(node.value)))
        elif isinstance(node, cst.Assign):
            targets = tuple(expression(target.target) for target in node.targets)
            found.append(ir.Assign(targets, expression(node.value)))
        elif isinstance(node, cst.AnnAssign):
            target, annotation = expression(node.target), expression(node.annotation.annotation)
            value = expression(node.value) if node.value else None
            found.append(ir.Annotated(target, annotation, value))
        elif isinstance(node, cst.AugAssign):
            target = expression(node.target)
            operator = "+" if isinstance(node.operator, cst.AddAssign) else "%" if isinstance(
                node.operator, cst.ModuloAssign) else "?"  # fmt: skip
            found.append(ir.Augment(target, operator, expression(node.value)))
        elif isinstance(node, cst.Return):
            if node.value:
                found.append(ir.Return(expression(node.value)))
        elif isinstance(node, cst.Raise):
            parts = [part for part in (node.exc, node.cause and node.cause.item) if part]
            found.append(ir.Raise(tuple(expression(part) for part in parts)))
        elif isinstance(node, cst.Assert):
            found.append(ir.Evaluate(expression(node.test)))
            if node.msg:
                found.append(ir.Raise((expression(node.msg),)))
        elif isinstance(node, (cst.Import, cst.ImportFrom)):
            self._expressions.skip_names(node)
            found.extend(_imports(node))
        else:
            found.append(ir.Evaluate(self._expressions.parts(node)))

    def _compound(self, node: cst.CSTNode) -> ir.Statement:
        expression, suite = self._expression, self._suite
        if isinstance(node, cst.FunctionDef):
            return self._function(node)
        if isinstance(node, cst.ClassDef):
            return self._class(node)
        if isinstance(node, cst.If):
            return self._if(node)
        if isinstance(node, cst.For):
            target, iterable = expression(node.target), expression(node.iter)
            return ir.Loop(target, iterable, suite(node.body), self._orelse(node.orelse))
        if isinstance(node, cst.While):
            test = expression(node.test)
            return ir.Loop(None, test, suite(node.body), self._orelse(node.orelse))
        if isinstance(node, cst.With):
            items = tuple(
                (expression(item.item), expression(item.asname.name) if item.asname else None) for item in node.items
            )
            return ir.With(items, suite(node.body))
        if isinstance(node, (cst.Try, cst.TryStar)):
            return self._try(node)
        if isinstance(node, cst.Match):
            return self._match(node)
        return ir.Evaluate(self._expressions.parts(node))

    def _function(self, node: cst.FunctionDef) -> ir.Function:
        decorators = tuple(self._expression(decorator.decorator) for decorator in node.decorators)
        at = self._expressions.name(node.name).at
        parameters = self._expressions.parameters(node.params)
        returns = self._expression(node.returns.annotation) if node.returns else None
        body = self._suite(node.body)
        return ir.Function(at, node.name.value, parameters, body, decorators, returns)

    def _class(self, node: cst.ClassDef) -> ir.Class:
        decorators = tuple(self._expression(decorator.decorator) for decorator in node.decorators)
        at = self._expressions.name(node.name).at
        bases = tuple(self._expression(base.value) for base in node.bases)
        keywords = tuple(self._expressions.argument(keyword) for keyword in node.keywords)
        return ir.Class(at, node.name.value, bases, self._suite(node.body), decorators, keywords)

    def _if(self, node: cst.If) -> ir.Branch:
        looks, bodies = [], []
        otherwise: ir.Block = ()
        branch: cst.If | None = node
        while branch is not None:
            looks.append(self._expression(branch.test))
            bodies.append(self._suite(branch.body))
            following = branch.orelse
            branch = following if isinstance(following, cst.If) else None
            if isinstance(following, cst.Else):
                otherwise = self._suite(following.body)
        return ir.Branch(tuple(looks), (*bodies, otherwise))

    def _try(self, node: cst.Try | cst.TryStar) -> ir.Branch:
        tried = self._suite(node.body)
        handlers = []
        for handler in node.handlers:
            looks = []
            if handler.type:
                looks.append(self._expression(handler.type))
            if handler.name:
                looks.append(self._expression(handler.name.name))
            handlers.append((ir.Evaluate(ir.Other(tuple(looks))), *self._suite(handler.body)))
        normal = tried + self._orelse(node.orelse)
        final = self._suite(node.finalbody.body) if node.finalbody else ()
        return ir.Branch((), (normal + final, *(tried + handler + final for handler in handlers)))

    def _match(self, node: cst.Match) -> ir.Branch:
        looks = [self._expression(node.subject)]
        bodies = []
        for case in node.cases:
            looks.append(self._expressions.parts(case.pattern))
            if case.guard:
                looks.append(self._expression(case.guard))
            bodies.append(self._suite(case.body))
        return ir.Branch(tuple(looks), (*bodies, ()))

    def _orelse(self, orelse: cst.Else | None) -> ir.Block:
        return self._suite(orelse.body) if orelse else ()


def _imports(node: cst.Import | cst.ImportFrom) -> list[ir.Import]:
    if isinstance(node, cst.Import):
        found = []
        for alias in node.names:
            module = _dotted(alias.name)
            bound = _dotted(alias.asname.name) if alias.asname else module.split(".")[0]
            target = module if alias.asname else bound
            found.append(ir.Import(target, None, bound, 0))
            if target != module:
                found.append(ir.Import(module, None, module, 0))
        return found
    module, level = _dotted(node.module), len(node.relative)
    if isinstance(node.names, cst.ImportStar):
        return [ir.Import(module, "*", "*", level)]
    names: Sequence[cst.ImportAlias] = node.names
    return [
        ir.Import(module, _dotted(name.name), _dotted(name.asname.name) if name.asname else _dotted(name.name), level)
        for name in names
    ]


def _dotted(node: cst.CSTNode | None) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""

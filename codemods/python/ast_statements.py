"""Turn `ast` statements into the facts of `ir`: what `lower` does with LibCST, ten times as fast."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from itertools import chain

from codemods.python import ir
from codemods.python.ast_expressions import AstExpressions

_TRIES = (ast.Try, ast.TryStar) if sys.version_info >= (3, 11) else (ast.Try,)


def lower_by_ast(path: str, text: str) -> ir.Module | None:
    """The facts of a Python file; None when this interpreter's grammar does not read it."""
    try:
        expressions = AstExpressions(text)
        return ir.Module(path, _Statements(expressions, text).block(expressions.tree.body))
    except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):
        # SystemError: CPython's own parser miscounts its depth at times when several threads use it.
        return None


class _Statements:
    def __init__(self, expressions: AstExpressions, text: str) -> None:
        self._expressions = expressions
        self._expression = expressions.lower
        self._text = text

    def block(self, statements: Iterable[ast.stmt]) -> ir.Block:
        return tuple(chain.from_iterable(map(self._statement, statements)))

    def _statement(self, node: ast.stmt) -> Iterable[ir.Statement]:
        expression = self._expression
        if isinstance(node, ast.Expr):
            return (ir.Evaluate(expression(node.value)),)
        if isinstance(node, ast.Assign):
            return (ir.Assign(tuple(map(expression, node.targets)), expression(node.value)),)
        if isinstance(node, ast.AnnAssign):
            value = expression(node.value) if node.value else None
            return (ir.Annotated(expression(node.target), expression(node.annotation), value),)
        if isinstance(node, ast.AugAssign):
            operator = "+" if isinstance(node.op, ast.Add) else "%" if isinstance(node.op, ast.Mod) else "?"
            return (ir.Augment(expression(node.target), operator, expression(node.value)),)
        if isinstance(node, ast.Return):
            return (ir.Return(expression(node.value)),) if node.value else ()
        if isinstance(node, ast.Raise):
            return (ir.Raise(tuple(expression(part) for part in (node.exc, node.cause) if part)),)
        if isinstance(node, ast.Assert):
            test = ir.Evaluate(expression(node.test))
            return (test, ir.Raise((expression(node.msg),))) if node.msg else (test,)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return _imports(node)
        return (self._compound(node),)

    def _compound(self, node: ast.stmt) -> ir.Statement:
        expression, block = self._expression, self.block
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self._function(node)
        if isinstance(node, ast.ClassDef):
            return self._class(node)
        if isinstance(node, ast.If):
            return self._if(node)
        if isinstance(node, (ast.For, ast.AsyncFor)):
            return ir.Loop(expression(node.target), expression(node.iter), block(node.body), block(node.orelse))
        if isinstance(node, ast.While):
            return ir.Loop(None, expression(node.test), block(node.body), block(node.orelse))
        if isinstance(node, (ast.With, ast.AsyncWith)):
            items = tuple(
                (expression(item.context_expr), expression(item.optional_vars) if item.optional_vars else None)
                for item in node.items
            )
            return ir.With(items, block(node.body))
        if isinstance(node, _TRIES):
            return self._try(node)
        if isinstance(node, ast.Match):
            return self._match(node)
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            return ir.Evaluate(ir.Other(tuple(self._names(node))))
        if isinstance(node, ast.Delete) and len(node.targets) > 1:
            return ir.Evaluate(ir.Other((ir.Sequence(0, tuple(map(expression, node.targets))),)))
        return ir.Evaluate(self._expressions.parts(node))

    def _names(self, node: ast.Global | ast.Nonlocal) -> Iterator[ir.Name]:
        word = "global" if isinstance(node, ast.Global) else "nonlocal"
        behind = self._expressions.offset(node) + len(word)
        for name in node.names:
            at = self._text.find(name, behind)
            yield ir.Name(at, name)
            behind = at + len(name)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ir.Function:
        return ir.Function(
            self._expressions.named(node),
            node.name,
            self._expressions.parameters(node.args),
            self.block(node.body),
            tuple(map(self._expression, node.decorator_list)),
            self._expression(node.returns) if node.returns else None,
        )

    def _class(self, node: ast.ClassDef) -> ir.Class:
        bases = (base.value if isinstance(base, ast.Starred) else base for base in node.bases)
        return ir.Class(
            self._expressions.named(node),
            node.name,
            tuple(map(self._expression, bases)),
            self.block(node.body),
            tuple(map(self._expression, node.decorator_list)),
            tuple(map(self._expressions.argument, node.keywords)),
        )

    def _if(self, node: ast.If) -> ir.Branch:
        looks, bodies = [], []
        branch = node
        while True:
            looks.append(self._expression(branch.test))
            bodies.append(self.block(branch.body))
            following = branch.orelse[0] if len(branch.orelse) == 1 else None
            if not isinstance(following, ast.If) or not self._is_elif(following):
                return ir.Branch(tuple(looks), (*bodies, self.block(branch.orelse)))
            branch = following

    def _is_elif(self, node: ast.If) -> bool:
        return self._text.startswith("elif", self._expressions.offset(node))

    def _try(self, node: ast.Try | ast.TryStar) -> ir.Branch:
        tried = self.block(node.body)
        normal = tried + self.block(node.orelse)
        handlers = []
        for handler in node.handlers:
            looks = [self._expression(handler.type)] if handler.type else []
            if handler.name:
                behind = self._expressions.end(handler.type) if handler.type else 0
                looks.append(ir.Name(self._text.find(handler.name, self._text.find("as", behind) + 2), handler.name))
            handlers.append((ir.Evaluate(ir.Other(tuple(looks))), *self.block(handler.body)))
        final = self.block(node.finalbody)
        return ir.Branch((), (normal + final, *(tried + handler + final for handler in handlers)))

    def _match(self, node: ast.Match) -> ir.Branch:
        looks = [self._expression(node.subject)]
        bodies = []
        for case in node.cases:
            looks.append(self._expressions.parts(case.pattern))
            if case.guard:
                looks.append(self._expression(case.guard))
            bodies.append(self.block(case.body))
        return ir.Branch(tuple(looks), (*bodies, ()))


def _imports(node: ast.Import | ast.ImportFrom) -> list[ir.Import]:
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return [ir.Import(module, name.name, name.asname or name.name, node.level) for name in node.names]
    found = []
    for name in node.names:
        bound = name.asname or name.name.split(".")[0]
        target = name.name if name.asname else bound
        found.append(ir.Import(target, None, bound, 0))
        if target != name.name:
            found.append(ir.Import(name.name, None, name.name, 0))
    return found

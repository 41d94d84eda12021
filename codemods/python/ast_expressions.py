"""Turn `ast` expressions into `ir` expressions: what `expressions` does with LibCST, ten times as fast."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from collections.abc import Callable

from codemods.python import ir
from codemods.python.literals import Body, body_of
from codemods.python.masks import Fixed, Hole, Plain, Template, Unclear, mask, read_strings
from codemods.python.place import place

_LINE_END = re.compile(r"\r\n|\r|\n")


class AstExpressions:
    """Lowers the expressions of `tree`: a file's, or one field's from `start` to `end` of the file."""

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        stop = len(text) if end is None else end
        self._text = text
        self._strings = read_strings(text, start, stop)
        self._starts = [string.start for string in self._strings]
        masked = mask(text, start, stop, self._strings)
        # A field may have line ends in it, which an expression has only between brackets.
        self.tree = _parse(masked if end is None else f"({masked}\n)")
        self._before = 0 if end is None else 1
        self._masked = masked
        self._is_ascii = masked.isascii()
        self._start = start
        self._lines = [0, *(match.end() for match in _LINE_END.finditer(masked))]
        self._by_type: dict[type[ast.AST], Callable[..., ir.Expr]] = {
            ast.Name: lambda node: ir.Name(self.offset(node), node.id),
            ast.Constant: self._constant,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.BinOp: self._binary,
            ast.BoolOp: self._boolean,
            ast.IfExp: lambda node: ir.Choice((self.lower(node.body), self.lower(node.orelse)), self.lower(node.test)),
            ast.List: self._sequence,
            ast.Tuple: self._sequence,
            ast.Set: self._sequence,
            ast.Starred: lambda node: ir.Starred(self.lower(node.value)),
            ast.Dict: self._mapping,
            ast.Subscript: self._subscript,
            ast.Compare: lambda node: ir.Comparison(tuple(map(self.lower, (node.left, *node.comparators)))),
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._comprehension,
            ast.Lambda: lambda node: ir.Lambda(self.parameters(node.args), self.lower(node.body)),
            ast.NamedExpr: lambda node: ir.Walrus(self.lower(node.target), self.lower(node.value)),
            ast.Await: lambda node: self.lower(node.value),
            ast.Yield: lambda node: ir.Yield(self.lower(node.value)) if node.value else ir.Other(()),
            ast.YieldFrom: lambda node: ir.Yield(self.lower(node.value)),
        }

    def lower(self, node: ast.AST) -> ir.Expr:
        """The facts of one expression; unknown kinds become `Other` with their parts."""
        convert = self._by_type.get(type(node))
        return convert(node) if convert else self.parts(node)

    def parts(self, node: ast.AST) -> ir.Other:
        """The expressions anywhere inside `node`."""
        return ir.Other(tuple(self.lower(child) for child in ast.iter_child_nodes(node) if _matters(child)))

    def offset(self, node: ast.expr | ast.stmt | ast.keyword | ast.ExceptHandler) -> int:
        """Where a node begins: its 0-based character offset."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr) -> int:
        """Where a node ends."""
        return self._offset(node.end_lineno or 0, node.end_col_offset or 0)

    def _offset(self, line: int, column: int) -> int:
        first = self._lines[line - 1]
        if line == 1:
            column -= self._before
        if not self._is_ascii:
            written = self._masked[first : first + column]
            if not written.isascii():
                column = len(written.encode()[:column].decode())
        return self._start + first + column

    def named(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
        """Where the name of a definition stands."""
        word = "class" if isinstance(node, ast.ClassDef) else "def"
        behind = self._text.index(word, self.offset(node)) + len(word)
        return max(self._text.find(node.name, behind), behind)

    def parameters(self, node: ast.arguments) -> tuple[ir.Parameter, ...]:
        plain = [*node.posonlyargs, *node.args]
        missing = [None] * (len(plain) - len(node.defaults))
        found = [
            self._parameter(each, "", value) for each, value in zip(plain, [*missing, *node.defaults], strict=True)
        ]
        if node.vararg:
            found.append(self._parameter(node.vararg, "*", None))
        found += [
            self._parameter(each, "", value) for each, value in zip(node.kwonlyargs, node.kw_defaults, strict=True)
        ]
        if node.kwarg:
            found.append(self._parameter(node.kwarg, "**", None))
        return tuple(found)

    def _parameter(self, node: ast.arg, star: str, default: ast.expr | None) -> ir.Parameter:
        annotation = self.lower(node.annotation) if node.annotation else None
        return ir.Parameter(node.arg, star, self.lower(default) if default else None, annotation)

    def argument(self, node: ast.expr | ast.keyword) -> ir.Argument:
        if isinstance(node, ast.keyword):
            return ir.Argument(node.arg, "" if node.arg else "**", self.lower(node.value))
        if isinstance(node, ast.Starred):
            return ir.Argument(None, "*", self.lower(node.value))
        return ir.Argument(None, "", self.lower(node))

    def _constant(self, node: ast.Constant) -> ir.Expr:
        if isinstance(node.value, (str, bytes)):
            return self._string(node)
        if node.value is None or isinstance(node.value, bool):
            return ir.Name(self.offset(node), str(node.value))
        if isinstance(node.value, int):
            return ir.Number(self.offset(node), self._text[self.offset(node) : self.end(node)])
        return ir.Other(())

    def _string(self, node: ast.Constant) -> ir.Str | ir.Joined:
        first = bisect_left(self._starts, self.offset(node))
        end = self.end(node)
        strings = self._strings[first : bisect_left(self._starts, end)]
        if not strings:
            raise Unclear(f"no string at line {node.lineno}")
        written = [self._plain(each) if isinstance(each, Plain) else self._template(each) for each in strings]
        return written[0] if len(written) == 1 else ir.Joined(written[0].at, tuple(written))

    def _plain(self, string: Plain) -> ir.Str:
        return ir.Str(string.start, body_of(self._text[string.start : string.end], string.start))

    def _template(self, string: Template) -> ir.Joined:
        raw = "r" in string.prefix
        parts: list[ir.Str | ir.Field | ir.Joined] = []
        for part in string.parts:
            if isinstance(part, Fixed):
                body = Body(part.start, self._text[part.start : part.end], is_raw=raw, is_format=True)
                parts.append(ir.Str(part.start, body))
            else:
                parts.append(self._field(part))
        return ir.Joined(string.start, tuple(parts), "t" in string.prefix)

    def _field(self, hole: Hole) -> ir.Field:
        inside = AstExpressions(self._text, hole.start, hole.end)
        (statement,) = inside.tree.body
        if not isinstance(statement, ast.Expr) or not self._text[hole.start : hole.end].strip():
            raise Unclear(f"the field at {hole.start} holds no expression")
        value = inside.lower(statement.value)
        for inner in hole.inner:
            value = ir.Other((value, self._field(inner).value))
        return ir.Field(value, hole.plain)

    def _attribute(self, node: ast.Attribute) -> ir.Attribute:
        value = self.lower(node.value)
        end = self.end(node)
        return ir.Attribute(end - len(node.attr), value, node.attr)

    def _call(self, node: ast.Call) -> ir.Call:
        function = self.lower(node.func)
        arguments: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        if node.args and node.keywords:
            arguments.sort(key=lambda each: (each.lineno, each.col_offset))
        return ir.Call(place(function), function, tuple(map(self.argument, arguments)))

    def _binary(self, node: ast.BinOp) -> ir.Expr:
        spine = [node]
        while isinstance(spine[-1].left, ast.BinOp):
            spine.append(spine[-1].left)
        result = self.lower(spine[-1].left)
        for operation in reversed(spine):
            right = self.lower(operation.right)
            if isinstance(operation.op, (ast.Add, ast.Mod)):
                operator = "+" if isinstance(operation.op, ast.Add) else "%"
                result = ir.Binary(place(result), operator, result, right)
            else:
                result = ir.Other((result, right))
        return result

    def _boolean(self, node: ast.BoolOp) -> ir.Expr:
        result = self.lower(node.values[0])
        for value in node.values[1:]:
            result = ir.Choice((result, self.lower(value)))
        return result

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set) -> ir.Sequence:
        return ir.Sequence(0, tuple(map(self.lower, node.elts)))

    def _mapping(self, node: ast.Dict) -> ir.Mapping:
        pairs = zip(node.keys, node.values, strict=True)
        return ir.Mapping(0, tuple((self.lower(key) if key else None, self.lower(value)) for key, value in pairs))

    def _subscript(self, node: ast.Subscript) -> ir.Subscript:
        value = self.lower(node.value)
        key = node.slice
        if isinstance(key, ast.Tuple) and key.elts and key.col_offset == key.elts[0].col_offset:
            indexes = tuple(self._index(each) for each in key.elts)
        else:
            indexes = (self._index(key),)
        single = len(indexes) == 1 and len(indexes[0].parts) == 1
        return ir.Subscript(place(value), value, indexes[0].parts[0] if single else ir.Other(indexes))

    def _index(self, node: ast.expr) -> ir.Other:
        return self.parts(node) if isinstance(node, ast.Slice) else ir.Other((self.lower(node),))

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> ir.Comprehension:
        key = self.lower(node.key) if isinstance(node, ast.DictComp) else None
        value = self.lower(node.value if isinstance(node, ast.DictComp) else node.elt)
        loops = tuple((self.lower(each.target), self.lower(each.iter)) for each in node.generators)
        conditions = tuple(self.lower(test) for each in node.generators for test in each.ifs)
        return ir.Comprehension(key, value, loops, conditions)


def _matters(node: ast.AST) -> bool:
    return not isinstance(node, (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop))


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)

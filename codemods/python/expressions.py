"""Turn LibCST expressions into `ir` expressions, visiting them in the order in which they are written."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from codemods.python import ir
from codemods.python.lexer import Token, TokenKind
from codemods.python.literals import Body, body_of
from codemods.python.place import place


class Unmatched(ValueError):
    """The lexer and LibCST disagree about the strings of a file."""


_FORMAT = (cst.FormattedString, cst.TemplatedString)
_FORMAT_TEXT = (cst.FormattedStringText, cst.TemplatedStringText)
_STRINGS = (cst.SimpleString, cst.ConcatenatedString, *_FORMAT)


class Expressions:
    """Lowers the expressions of one file; each call consumes the file's tokens in source order."""

    def __init__(self, tokens: list[Token]) -> None:
        self._strings = [token for token in tokens if token.kind not in (TokenKind.NAME, TokenKind.NUMBER)]
        self._names = [token for token in tokens if token.kind is TokenKind.NAME]
        self._numbers = [token for token in tokens if token.kind is TokenKind.NUMBER]
        self._next_string = 0
        self._next_name = 0
        self._next_number = 0
        self._by_type: dict[type[cst.CSTNode], Callable[..., ir.Expr]] = {
            cst.Name: self.name,
            cst.SimpleString: self._string,
            cst.ConcatenatedString: self._concatenated,
            cst.FormattedString: self._format,
            cst.TemplatedString: self._format,
            cst.Attribute: self._attribute,
            cst.Call: self._call,
            cst.BinaryOperation: self._binary,
            cst.BooleanOperation: self._boolean,
            cst.IfExp: self._conditional,
            cst.List: self._sequence,
            cst.Tuple: self._sequence,
            cst.Set: self._sequence,
            cst.Dict: self._mapping,
            cst.Subscript: self._subscript,
            cst.Comparison: self._comparison,
            cst.ListComp: self._comprehension,
            cst.SetComp: self._comprehension,
            cst.GeneratorExp: self._comprehension,
            cst.DictComp: self._comprehension,
            cst.Lambda: self._lambda,
            cst.NamedExpr: self._walrus,
            cst.Await: lambda node: self.lower(node.expression),
            cst.Yield: self._yield,
            cst.Integer: self._number,
            cst.Float: lambda node: ir.Other(()),
        }

    def lower(self, node: cst.CSTNode) -> ir.Expr:
        """The facts of one expression; unknown kinds become `Other` with their parts."""
        convert = self._by_type.get(type(node))
        return convert(node) if convert else self.parts(node)

    def parts(self, node: cst.CSTNode) -> ir.Other:
        """The expressions anywhere inside `node`, in source order."""
        return ir.Other(tuple(self.lower(child) for child in node.children if not isinstance(child, _LAYOUT)))

    def name(self, node: cst.Name) -> ir.Name:
        """The next place of this name; names serve reports only, so an unknown one borrows its neighbour's."""
        names, position, wanted = self._names, self._next_name, node.value
        while position < len(names):
            if names[position].text == wanted:
                self._next_name = position + 1
                return ir.Name(names[position].start, wanted)
            position += 1
        return ir.Name(names[self._next_name - 1].start if self._next_name else 0, wanted)

    def skip_names(self, node: cst.CSTNode) -> None:
        """Pass the names inside `node`, which has no facts of its own."""
        if isinstance(node, cst.Name):
            self.name(node)
        for child in node.children:
            self.skip_names(child)

    def _number(self, node: cst.Integer) -> ir.Number:
        """The next number; when the lexer's is another one, no place of the file's numbers is certain any more."""
        number = self._next_number
        self._next_number += 1
        if number < len(self._numbers) and self._numbers[number].text == node.value:
            return ir.Number(self._numbers[number].start, node.value)
        self._numbers = []
        return ir.Number(-1, node.value)

    def parameters(self, node: cst.Parameters) -> tuple[ir.Parameter, ...]:
        found = [self._parameter(parameter, "") for parameter in (*node.posonly_params, *node.params)]
        if isinstance(node.star_arg, cst.Param):
            found.append(self._parameter(node.star_arg, "*"))
        found.extend(self._parameter(parameter, "") for parameter in node.kwonly_params)
        if node.star_kwarg:
            found.append(self._parameter(node.star_kwarg, "**"))
        return tuple(found)

    def _parameter(self, node: cst.Param, star: str) -> ir.Parameter:
        self.name(node.name)
        annotation = self.lower(node.annotation.annotation) if node.annotation else None
        default = self.lower(node.default) if node.default else None
        return ir.Parameter(node.name.value, star, default, annotation)

    def argument(self, node: cst.Arg) -> ir.Argument:
        name = self.name(node.keyword).id if node.keyword else None
        return ir.Argument(name, node.star, self.lower(node.value))

    def _take(self, kind: TokenKind, written: str) -> int:
        if self._next_string < len(self._strings):
            token = self._strings[self._next_string]
            if token.kind is kind and token.text == written:
                self._next_string += 1
                return token.start
        raise Unmatched(f"string {written[:40]!r}")

    def _string(self, node: cst.SimpleString) -> ir.Str:
        at = self._take(TokenKind.STRING, node.value)
        return ir.Str(at, body_of(node.value, at))

    def _concatenated(self, node: cst.ConcatenatedString) -> ir.Joined:
        parts: list[ir.Str | ir.Field | ir.Joined] = []
        rest: cst.CSTNode = node
        while isinstance(rest, cst.ConcatenatedString):
            parts.append(self._one(rest.left))
            rest = rest.right
        parts.append(self._one(rest))
        at = parts[0].at if isinstance(parts[0], (ir.Str, ir.Joined)) else 0
        return ir.Joined(at, tuple(parts))

    def _one(self, node: cst.CSTNode) -> ir.Str | ir.Joined:
        return self._string(node) if isinstance(node, cst.SimpleString) else self._format(node)

    def _format(self, node: cst.CSTNode) -> ir.Joined:
        if not isinstance(node, _FORMAT):
            raise Unmatched(type(node).__name__)
        at = self._take(TokenKind.FORMAT_START, node.start)
        raw = "r" in node.prefix.lower()
        parts: list[ir.Str | ir.Field | ir.Joined] = []
        for part in node.parts:
            if isinstance(part, _FORMAT_TEXT):
                start = self._take(TokenKind.FORMAT_TEXT, part.value)
                parts.append(ir.Str(start, Body(start, part.value, is_raw=raw, is_format=True)))
            elif isinstance(part, (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
                parts.append(self._field(part))
        return ir.Joined(at, tuple(parts), isinstance(node, cst.TemplatedString))

    def _field(self, node: cst.FormattedStringExpression | cst.TemplatedStringExpression) -> ir.Field:
        value = self.lower(node.expression)
        for part in node.format_spec or ():
            if isinstance(part, _FORMAT_TEXT):
                self._take(TokenKind.FORMAT_TEXT, part.value)
            elif isinstance(part, (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
                value = ir.Other((value, self._field(part).value))
        return ir.Field(value, node.format_spec is None and node.conversion in (None, "s") and not node.equal)

    def _attribute(self, node: cst.Attribute) -> ir.Expr:
        value = self.lower(node.value)
        return ir.Attribute(self.name(node.attr).at, value, node.attr.value)

    def _call(self, node: cst.Call) -> ir.Call:
        function = self.lower(node.func)
        arguments = tuple(self.argument(argument) for argument in node.args)
        return ir.Call(place(function), function, arguments)

    def _binary(self, node: cst.BinaryOperation) -> ir.Expr:
        spine = [node]
        while isinstance(spine[-1].left, cst.BinaryOperation):
            spine.append(spine[-1].left)
        result = self.lower(spine[-1].left)
        for operation in reversed(spine):
            right = self.lower(operation.right)
            if isinstance(operation.operator, cst.Add):
                result = ir.Binary(place(result), "+", result, right)
            elif isinstance(operation.operator, cst.Modulo):
                result = ir.Binary(place(result), "%", result, right)
            else:
                result = ir.Other((result, right))
        return result

    def _boolean(self, node: cst.BooleanOperation) -> ir.Choice:
        left = self.lower(node.left)
        return ir.Choice((left, self.lower(node.right)))

    def _conditional(self, node: cst.IfExp) -> ir.Choice:
        body = self.lower(node.body)
        test = self.lower(node.test)
        return ir.Choice((body, self.lower(node.orelse)), test)

    def _sequence(self, node: cst.List | cst.Tuple | cst.Set) -> ir.Sequence:
        return ir.Sequence(0, tuple(self._element(element) for element in node.elements))

    def _element(self, node: cst.BaseElement) -> ir.Expr:
        value = self.lower(node.value)
        return ir.Starred(value) if isinstance(node, cst.StarredElement) else value

    def _mapping(self, node: cst.Dict) -> ir.Mapping:
        items: list[tuple[ir.Expr | None, ir.Expr]] = []
        for element in node.elements:
            key = self.lower(element.key) if isinstance(element, cst.DictElement) else None
            items.append((key, self.lower(element.value)))
        return ir.Mapping(0, tuple(items))

    def _subscript(self, node: cst.Subscript) -> ir.Subscript:
        value = self.lower(node.value)
        indexes = [self.parts(element.slice) for element in node.slice]
        single = indexes[0].parts[0] if len(indexes) == 1 and len(indexes[0].parts) == 1 else None
        return ir.Subscript(place(value), value, single or ir.Other(tuple(indexes)))

    def _comparison(self, node: cst.Comparison) -> ir.Comparison:
        left = self.lower(node.left)
        return ir.Comparison((left, *(self.lower(target.comparator) for target in node.comparisons)))

    def _comprehension(self, node: cst.BaseComp) -> ir.Comprehension:
        key: ir.Expr | None = None
        if isinstance(node, cst.DictComp):
            key = self.lower(node.key)
            value = self.lower(node.value)
        else:
            value = self.lower(node.elt) if isinstance(node, cst.BaseSimpleComp) else ir.Other(())
        loops: list[tuple[ir.Expr, ir.Expr]] = []
        conditions: list[ir.Expr] = []
        clause: cst.CompFor | None = node.for_in
        while clause is not None:
            target = self.lower(clause.target)
            loops.append((target, self.lower(clause.iter)))
            conditions.extend(self.lower(condition.test) for condition in clause.ifs)
            clause = clause.inner_for_in
        return ir.Comprehension(key, value, tuple(loops), tuple(conditions))

    def _lambda(self, node: cst.Lambda) -> ir.Lambda:
        parameters = self.parameters(node.params)
        return ir.Lambda(parameters, self.lower(node.body))

    def _walrus(self, node: cst.NamedExpr) -> ir.Walrus:
        target = self.lower(node.target)
        return ir.Walrus(target, self.lower(node.value))

    def _yield(self, node: cst.Yield) -> ir.Expr:
        if node.value is None:
            return ir.Other(())
        return ir.Yield(self.lower(node.value.item if isinstance(node.value, cst.From) else node.value))


_LAYOUT = (
    cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.EmptyLine, cst.Comma, cst.Dot, cst.Colon,
    cst.LeftParen, cst.RightParen, cst.LeftSquareBracket, cst.RightSquareBracket, cst.AssignEqual, cst.Semicolon,
    cst.BaseUnaryOp, cst.BaseBinaryOp, cst.BaseBooleanOp, cst.BaseCompOp,
)  # fmt: skip

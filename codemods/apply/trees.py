"""Compare two LibCST trees without metadata and without recursion into their depth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cache

import libcst

_TEXTS = (libcst.FormattedStringText, libcst.TemplatedStringText)
_LITERALS = (libcst.SimpleString, *_TEXTS)
_DISPLAYS = (libcst.Dict, libcst.Tuple, libcst.SimpleString)
_REPLACED: tuple[tuple[tuple[type, ...], tuple[type, ...]], ...] = (
    ((libcst.Call, libcst.SimpleString), (libcst.Call, libcst.Tuple)),
    ((libcst.Name, libcst.Attribute), _DISPLAYS),
    ((libcst.Attribute,), (libcst.Attribute, libcst.Call)),
)
_LAYOUT = frozenset(
    {
        *("leading_lines", "lines_after_decorators", "header", "footer", "trailing_whitespace"),
        *("leading_whitespace", "has_trailing_newline", "default_newline", "default_indent", "comma"),
    }
)


@dataclass(slots=True)
class Comparison:
    """What differs between two trees.

    `lenient` leaves white space, comments and commas between elements out, and takes nodes that are only in
    the new tree when they equal one of `expected`. `exact` also compares the text of string literals. `calls` are pairs
    of ends of calls, from their last name on, of a whole string and a tuple, or of a name and what says more: what ends
    like the first may have become what ends like the second; behind "", what may stand in front of an attribute's name.
    `deleted` are texts of format strings that may be gone.
    """

    lenient: bool = False
    exact: bool = False
    calls: Sequence[tuple[str, str]] = ()
    deleted: Sequence[str] = ()
    expected: Sequence[libcst.CSTNode] = ()
    problems: list[str] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    _waiting: list[tuple[str, object, object]] = field(default_factory=list)

    def run(self, old: libcst.CSTNode, new: libcst.CSTNode) -> None:
        """Fill `problems`, and `numbers` with the whole numbers that were replaced by others."""
        self._waiting.append((type(old).__name__, old, new))
        while self._waiting:
            self._compare(*self._waiting.pop())

    def _compare(self, place: str, old: object, new: object) -> None:
        kind = type(old)
        if self._is_planned(old, new):
            return
        if kind is not type(new):
            self.problems.append(f"{place}: {kind.__name__} became {type(new).__name__}")
        elif isinstance(old, libcst.CSTNode):
            self._node(old, new)
        elif isinstance(old, (tuple, list)) and isinstance(new, (tuple, list)):
            self._sequences(place, old, new)
        elif old != new:
            self.problems.append(f"{place} changed")

    def _node(self, old: libcst.CSTNode, new: object) -> None:
        names = _names(type(old), self.lenient)
        if isinstance(old, _LITERALS) and not self.exact:
            names = tuple(name for name in names if name != "value")
            if _delimiters(old) != _delimiters(new):
                self.problems.append("the quotes or the prefix of a string changed")
        elif isinstance(old, libcst.Integer) and isinstance(new, libcst.Integer):
            names = tuple(name for name in names if name != "value")
            if old.value != new.value:
                self.numbers.append((old.value, new.value))
        for name in names:
            first, second = getattr(old, name), getattr(new, name)
            if first is not second and not (type(first) is str and first == second):
                self._waiting.append((f"{type(old).__name__}.{name}", first, second))

    def _is_planned(self, old: object, new: object) -> bool:
        if not self.calls or not isinstance(old, libcst.CSTNode) or not isinstance(new, libcst.CSTNode):
            return False
        if not any(isinstance(old, olds) and isinstance(new, news) for olds, news in _REPLACED):
            return False
        if isinstance(old, libcst.Attribute) and isinstance(new, libcst.Attribute) and old.attr.value == new.attr.value:
            return self._is_qualified(old, new)
        before, after = _code(old), _code(new)
        if isinstance(old, (libcst.Name, libcst.Attribute)) and isinstance(new, _DISPLAYS):
            # A name is spread into a display, or is the None that stands for no schema.
            stands_for_none = before == "None" and isinstance(new, libcst.SimpleString)
            if not (f"*{before}," in after or stands_for_none):
                return False
        ends = [("".join(one.split()), "".join(other.split())) for one, other in self.calls]
        return any(
            before.endswith(one) and after.endswith(other) and before.removesuffix(one) == after.removesuffix(other)
            for one, other in ends
        )

    def _is_qualified(self, old: libcst.Attribute, new: libcst.Attribute) -> bool:
        """Whether a name was put in front of that of the attribute: `func.shop.total` for `func.total`."""
        inner = new.value
        if not isinstance(inner, libcst.Attribute) or ("", f"{inner.attr.value}.") not in self.calls:
            return False
        if isinstance(old.value, libcst.Attribute) and old.value.attr.value == inner.attr.value:
            return False
        self._waiting.append(("Attribute.value", old.value, inner.value))
        return True

    def _sequences(self, place: str, old: Sequence[object], new: Sequence[object]) -> None:
        if self.deleted and len(new) < len(old):
            old = [node for node in old if not (isinstance(node, _TEXTS) and node.value in self.deleted)]
        kept = list(new)
        extra = len(new) - len(old)
        if extra > 0 and self.lenient:
            kept = []
            for node in new:
                following = old[len(kept)] if len(kept) < len(old) else None
                if extra and self._is_expected(node) and not _same_keyword(following, node):
                    extra -= 1
                else:
                    kept.append(node)
        if len(kept) != len(old):
            self.problems.append(f"{place}: {len(old)} became {len(kept)}")
            return
        self._waiting.extend((place, *pair) for pair in zip(old, kept, strict=True) if pair[0] is not pair[1])

    def _is_expected(self, node: object) -> bool:
        return isinstance(node, libcst.CSTNode) and any(equal(node, each) for each in self.expected)


def _same_keyword(old: object, new: object) -> bool:
    """Whether two arguments are given to one keyword, so that the new one is the old one, perhaps changed."""
    if not isinstance(old, libcst.Arg) or not isinstance(new, libcst.Arg) or old.keyword is None:
        return False
    return new.keyword is not None and old.keyword.value == new.keyword.value


def _code(node: libcst.CSTNode) -> str:
    """The code of a node without white space, part of which belongs to the nodes around it."""
    return "".join(libcst.Module([]).code_for_node(node).split())


def equal(first: libcst.CSTNode, second: libcst.CSTNode) -> bool:
    """Are the nodes equal but for white space, comments and the comma behind them?"""
    if type(first) is not type(second):
        return False
    comparison = Comparison(lenient=True, exact=True)
    comparison.run(first, second)
    return not comparison.problems and not comparison.numbers


def additions(text: str) -> Iterator[libcst.CSTNode]:
    """The statements, arguments, elements and parts of format strings that this text may add to a file."""
    inside = text.strip().strip(",")
    readings: list[Sequence[libcst.CSTNode]] = []
    for parse in (_statements, _arguments, _list_elements, _dict_elements):
        try:
            readings.append(parse(text, inside))
        except (libcst.ParserSyntaxError, RecursionError):
            continue
    for reading in readings:
        yield from reading
    yield from (libcst.FormattedStringText(text), libcst.TemplatedStringText(text))


def comments(tree: libcst.CSTNode) -> Counter[str]:
    """The comments of a tree, each with how often it stands there."""
    found: Counter[str] = Counter()
    waiting: list[object] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, libcst.Comment):
            found[node.value] += 1
        elif isinstance(node, libcst.CSTNode):
            waiting.extend(getattr(node, name) for name in _names(type(node), False))
        elif isinstance(node, (tuple, list)):
            waiting.extend(node)
    return found


@cache
def _names(kind: type[libcst.CSTNode], lenient: bool) -> tuple[str, ...]:
    names = (each.name for each in fields(kind))
    if lenient:
        return tuple(name for name in names if name not in _LAYOUT and not name.startswith("whitespace"))
    return tuple(names)


def _delimiters(node: object) -> tuple[str, str]:
    return (node.prefix, node.quote) if isinstance(node, libcst.SimpleString) else ("", "")


def _statements(text: str, inside: str) -> Sequence[libcst.CSTNode]:
    lines = [line for line in text.splitlines() if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    return libcst.parse_module("".join(f"{line[margin:]}\n" for line in lines)).body


def _arguments(text: str, inside: str) -> Sequence[libcst.CSTNode]:
    call = libcst.parse_expression(f"f({inside})")
    return call.args if isinstance(call, libcst.Call) else ()


def _list_elements(text: str, inside: str) -> Sequence[libcst.CSTNode]:
    display = libcst.parse_expression(f"[{inside}]")
    return display.elements if isinstance(display, libcst.List) else ()


def _dict_elements(text: str, inside: str) -> Sequence[libcst.CSTNode]:
    display = libcst.parse_expression(f"{{{inside}}}")
    return display.elements if isinstance(display, libcst.Dict) else ()

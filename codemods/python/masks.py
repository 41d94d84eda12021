"""Find the strings of Python source with the structure of its format strings, and hide the latter from `ast`.

`ast` misplaces the parts of format strings before Python 3.12 and refuses what later versions allow in them. Behind
a mask of the same length it never sees one: their fields are parsed one by one, on any interpreter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from codemods.python.lexer import FIELD, FORMAT_TEXT


class Unclear(ValueError):
    """The strings of the text cannot be told apart here."""


class Plain(NamedTuple):
    """A string literal without fields, from its prefix to its last quote; 0-based character offsets."""

    start: int
    end: int


class Fixed(NamedTuple):
    """Literal text of a format string."""

    start: int
    end: int


class Hole(NamedTuple):
    """A field: the range of its expression, the fields of its format; `plain` as in `ir.Field`."""

    start: int
    end: int
    plain: bool
    inner: tuple[Hole, ...]


class Template(NamedTuple):
    """A format string; `prefix` is in lower case."""

    start: int
    end: int
    prefix: str
    parts: tuple[Fixed | Hole, ...]


_OPENING = re.compile(r"#[^\r\n]*|\"{3}|'{3}|\"|'")
_REST = {
    '"""': re.compile(r'[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"{3}'),
    "'''": re.compile(r"[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*'{3}"),
    '"': re.compile(r'[^"\\\r\n]*(?:\\(?:\r\n|[\s\S])[^"\\\r\n]*)*"'),
    "'": re.compile(r"[^'\\\r\n]*(?:\\(?:\r\n|[\s\S])[^'\\\r\n]*)*'"),
}
_PREFIX = re.compile(r"(?<!\w)(?i:[rbuft]|br|rb|fr|rf|tr|rt)\Z")
_DEBUGGED = re.compile(r"(?<![=!<>])=\s*\Z")
_CONVERSION = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*")


def read_strings(text: str, start: int, end: int) -> list[Plain | Template]:
    """The outermost strings between `start` and `end`, in order; raises `Unclear`."""
    found: list[Plain | Template] = []
    position = start
    while match := _OPENING.search(text, position, end):
        if match.group()[0] == "#":
            position = match.end()
            continue
        string = _string(text, match.start(), match.group(), start)
        found.append(string)
        position = string.end
    return found


def _string(text: str, at: int, quote: str, floor: int) -> Plain | Template:
    before = _PREFIX.search(text[max(at - 3, floor) : at])
    prefix = before.group().lower() if before else ""
    if "f" in prefix or "t" in prefix:
        parts, end = _fixed_and_holes(text, at + len(quote), quote, "r" in prefix, in_spec=False)
        return Template(at - len(prefix), end, prefix, parts)
    rest = _REST[quote].match(text, at + len(quote))
    if rest is None:
        raise Unclear(f"the string at {at} does not end")
    return Plain(at - len(prefix), rest.end())


def _fixed_and_holes(
    text: str, position: int, quote: str, raw: bool, *, in_spec: bool
) -> tuple[tuple[Fixed | Hole, ...], int]:
    """What is in a format string or a field's format, and where that ends: behind the quote, before the brace."""
    pattern = FORMAT_TEXT[quote, raw, in_spec]
    parts: list[Fixed | Hole] = []
    while True:
        match = pattern.match(text, position)
        end = match.end() if match else position
        if end > position:
            parts.append(Fixed(position, end))
        if text.startswith("{", end):
            hole, position = _hole(text, end + 1, quote, raw)
            parts.append(hole)
        elif in_spec and text.startswith("}", end):
            return tuple(parts), end
        elif not in_spec and text.startswith(quote, end):
            return tuple(parts), end + len(quote)
        else:
            raise Unclear(f"the format string does not go on at {end}")


def _hole(text: str, start: int, quote: str, raw: bool) -> tuple[Hole, int]:
    """The field whose expression begins at `start`, and the offset behind its brace."""
    depth, position = 0, start
    while match := FIELD.search(text, position):
        kind, position = match.lastgroup, match.end()
        if kind == "format":
            prefix = match.group().rstrip("\"'")
            position = _string(text, match.start() + len(prefix), match.group()[len(prefix) :], start).end
        elif kind == "open":
            depth += 1
        elif kind == "close" and depth:
            depth -= 1
        elif kind == "close" or (kind == "stop" and depth == 0 and match.group() != "!="):
            return _tail(text, start, match.start(), quote, raw)
    raise Unclear(f"the field at {start} does not end")


def _tail(text: str, start: int, end: int, quote: str, raw: bool) -> tuple[Hole, int]:
    """The field with the expression from `start` to `end`, where its conversion, format or brace begins."""
    position, plain = end, True
    debugged = _DEBUGGED.search(text, start, end)
    if debugged:
        end, plain = debugged.start(), False
    if text[position] == "!":
        conversion = _CONVERSION.match(text, position + 1)
        if conversion is None:
            raise Unclear(f"no conversion at {position}")
        plain, position = plain and conversion["name"] == "s", conversion.end()
    inner: tuple[Fixed | Hole, ...] = ()
    if text.startswith(":", position):
        inner, position = _fixed_and_holes(text, position + 1, quote, raw, in_spec=True)
        plain = False
    if not text.startswith("}", position):
        raise Unclear(f"the field at {start} does not end")
    return Hole(start, end, plain, tuple(part for part in inner if isinstance(part, Hole))), position + 1


def mask(text: str, start: int, end: int, strings: Sequence[Plain | Template]) -> str:
    """`text` from `start` to `end` with each format string as a plain string of the same length and lines."""
    pieces: list[str] = []
    position = start
    for string in strings:
        if isinstance(string, Template):
            pieces += text[position : string.start], _masked(text[string.start : string.end])
            position = string.end
    return "".join((*pieces, text[position:end]))


def _masked(written: str) -> str:
    lines = re.split(r"(\r\n|\r|\n)", written)
    if len(lines) == 1:
        return f'"{"_" * (len(written) - 2)}"'
    quote = next(quote for quote in ('"""', "'''", '"', "'") if written.endswith(quote))
    if len(quote) == 3:
        filled = ["_" * len(part) if index % 2 == 0 else part for index, part in enumerate(lines)]
        return f'"""{"".join(filled)[3:-3]}"""'
    if not all(lines):
        raise Unclear("an empty line in a format string without triple quotes")
    # Without triple quotes a line has to end in a backslash for the string to go on.
    filled = ["_" * (len(part) - 1) + "\\" if index % 2 == 0 else part for index, part in enumerate(lines)]
    return f'"{"".join(filled)[1:-1]}"'

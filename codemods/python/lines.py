"""How Python source is laid out: its comments, its strings and its statements. Offsets are characters, 0-based."""

from __future__ import annotations

import re
from typing import NamedTuple

from codemods.python.lexer import end_of_token

_BLANK = re.compile(r"[ \t\f]*(?:\\(?:\r\n|[\r\n])[ \t\f]*)*")
_LINE_END = re.compile(r"\r\n|[\r\n]")


class Layout(NamedTuple):
    """Half-open ranges, in order. A statement is a logical line: of a compound one, its header."""

    comments: tuple[tuple[int, int], ...]
    strings: tuple[tuple[int, int], ...]
    statements: tuple[tuple[int, int], ...]


def read_layout(text: str) -> Layout:
    """The layout of a decoded file."""
    comments, strings, statements = [], [], []
    position, depth, start, last = 0, 0, -1, 0
    while (position := _after_blanks(text, position)) < len(text):
        line_end = _LINE_END.match(text, position)
        if line_end:
            if depth <= 0 and start >= 0:
                statements.append((start, last))
                start, depth = -1, 0
            position = line_end.end()
            continue
        sign, end = text[position], end_of_token(text, position)
        if sign == "#":
            comments.append((position, end))
        else:
            start, last = (position if start < 0 else start), end
            depth += (sign in "([{") - (sign in ")]}")
            if end - position > 1 and text[end - 1] in "\"'":
                strings.append((position, end))
        position = end
    if start >= 0:
        statements.append((start, last))
    return Layout(tuple(comments), tuple(strings), tuple(statements))


def _after_blanks(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position

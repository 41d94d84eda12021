"""The parts of a bracketed list in Python source: arguments of a call, items of a display."""

from __future__ import annotations

import re
from typing import NamedTuple

from codemods.python.lexer import end_of_token

_SPACE = re.compile(r"(?:\s|\\\r?\n|#[^\r\n]*)*")


class Part(NamedTuple):
    """What stands between two commas, without white space and comments around it."""

    start: int
    end: int


class Brackets(NamedTuple):
    """A list in brackets; offsets are characters, 0-based. `last_comma` is set when a comma ends the list."""

    opening: int
    closing: int
    parts: tuple[Part, ...]
    last_comma: int | None


def read_brackets(text: str, opening: int) -> Brackets | None:
    """The list whose bracket opens at the character `opening`; None when there is none or it has no end."""
    if text[opening : opening + 1] not in ("(", "[", "{"):
        return None
    parts: list[Part] = []
    position, depth, comma = opening + 1, 0, None
    start = end = None
    while (position := skip_space(text, position)) < len(text):
        sign, following = text[position], end_of_token(text, position)
        if depth == 0 and sign in ",)]}":
            if start is not None and end is not None:
                parts.append(Part(start, end))
                comma = None
            if sign != ",":
                return Brackets(opening, position, tuple(parts), comma)
            start, comma = None, position
        else:
            depth += (sign in "([{") - (sign in ")]}")
            start, end = (position if start is None else start), following
        position = following
    return None


def call_brackets(text: str, name: int) -> Brackets | None:
    """The arguments of the call whose function's (last) name begins at the character `name`."""
    return read_brackets(text, skip_space(text, end_of_token(text, name)))


def skip_space(text: str, position: int) -> int:
    """The first character at or after `position` that is neither white space nor part of a comment."""
    match = _SPACE.match(text, position)
    return match.end() if match else position

"""Put a driver's placeholders into the form that a server understands, remembering where each character came from."""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum
from typing import NamedTuple

from codemods.sql.tokens import HOLE, PARAM, STRING, WORD, Tokens, lex

_TYPED_LITERALS = frozenset({"INTERVAL", "DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ"})


class Filling(Enum):
    """What stands for a value that only run time knows."""

    PARAMETER = "parameter"
    NULL = "null"
    TEXT = "text"


class Sent(NamedTuple):
    """The text for the server; piece `n` of it begins at `starts[n]` and came from `origins[n]` (0-based characters).

    `values` is the number of places filled in, `parameters` the highest number of a `$n`.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    values: int
    parameters: int

    def origin(self, position: int) -> int:
        """The character of the original text that character `position` of `text` came from."""
        number = bisect_right(self.starts, position) - 1
        place = self.origins[number] + position - self.starts[number]
        if number + 1 < len(self.origins):
            place = min(place, max(self.origins[number + 1] - 1, self.origins[number]))
        return place


class Unbindable(Exception):
    """The text has a place for which no value can stand; the message says which."""


def bind(text: str, filling: Filling) -> Sent:
    """`text` with every placeholder and run-time piece filled in. Raises `Unbindable`."""
    if "\0" in text or not _encodes(text):
        raise Unbindable("it has a character that no server takes")
    tokens = lex(text)
    building = _Building(text, filling)
    for index in range(tokens.count):
        start, end = tokens.starts[index], tokens.ends[index]
        new = _replacement(tokens, index, building)
        if new is not None:
            building.put(start, end, new)
    last = tokens.count - 1
    if tokens.count and tokens.words[last] == "VALUES":  # psycopg2's execute_values is given the rows
        building.put(tokens.ends[last], tokens.ends[last], f" {_row(tokens, last)}")
    return building.done()


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _row(tokens: Tokens, values: int) -> str:
    """A row of NULLs for the columns that are listed before the VALUES at the token `values`."""
    opened = next((first for first, close in tokens.match.items() if close == values - 1), None)
    if opened is None:
        raise Unbindable("VALUES takes its rows from a value")
    commas = sum(tokens.words[index] == "," for index in range(opened, values))
    return f"({', '.join(['NULL'] * (commas + 1))})"


def _replacement(tokens: Tokens, index: int, building: _Building) -> str | None:
    """What the token becomes; None when it stays."""
    kind, written = tokens.kinds[index], tokens.slice(index)
    previous = tokens.words[index - 1] if index else ""
    if kind == WORD and tokens.words[index] in _TYPED_LITERALS:
        return "" if index + 1 < tokens.count and _is_value(tokens, index + 1) else None
    if written == "%%":
        return "%"
    if _is_value(tokens, index):
        if previous == "VALUES":
            return _row(tokens, index - 1)
        if written[1:].isdigit() and building.filling is Filling.PARAMETER and previous not in _TYPED_LITERALS:
            building.numbered(int(written[1:]))
            return None
        value = building.value("" if written == "%s" or HOLE in written else written)
        if previous in _TYPED_LITERALS:
            return f"{value}::{previous}"
        return f"({value})" if previous == "IN" else value
    if kind == STRING and HOLE in written:
        return building.inside(written)
    if HOLE in written or (kind == WORD and "{" in written):
        raise Unbindable("a part of a name is only known at run time")
    return None


def _is_value(tokens: Tokens, index: int) -> bool:
    """Whether the token stands for one value, whatever it is."""
    written = tokens.slice(index)
    return (tokens.kinds[index] == PARAM and written != "%%") or written in (HOLE, f"'{HOLE}'")


class _Building:
    """The text for the server as it grows, and what stands for the values so far."""

    def __init__(self, text: str, filling: Filling) -> None:
        self.filling = filling
        self._text = text
        self._position = 0
        self._parts: list[str] = []
        self._length = 0
        self._starts, self._origins = [0], [0]
        self._highest = 0
        self._numbers: dict[str, int] = {}

    def numbered(self, number: int) -> None:
        """Remember a `$n` of the original."""
        self._highest = max(self._highest, number)

    def value(self, name: str) -> str:
        """What stands for a value; the same `name`, unless empty, is the same value."""
        number = self._numbers.setdefault(name or f" {len(self._numbers)}", len(self._numbers) + 1)
        if self.filling is Filling.PARAMETER:
            self.numbered(number)
            return f"${number}"
        return "NULL" if self.filling is Filling.NULL else "'1'"

    def inside(self, literal: str) -> str:
        """What stands for a literal of which pieces are only known at run time; a number is right in most."""
        self._numbers.setdefault(f" {len(self._numbers)}", len(self._numbers) + 1)
        return "NULL" if self.filling is Filling.NULL else literal.replace(HOLE, "1")

    def put(self, start: int, end: int, new: str) -> None:
        """Replace characters `start:end` of the original by `new`."""
        self._add(self._text[self._position : start], self._position)
        self._add(new, start)
        self._position = end

    def _add(self, part: str, origin: int) -> None:
        self._parts.append(part)
        self._starts.append(self._length)
        self._origins.append(origin)
        self._length += len(part)

    def done(self) -> Sent:
        self._add(self._text[self._position :], self._position)
        return Sent("".join(self._parts), tuple(self._starts), tuple(self._origins), len(self._numbers), self._highest)

"""TOML files. The standard library says whether a file is one; what it does not say is where a value is written."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from typing import TypeVar

from codemods.configuration.read import read as read_tree
from codemods.configuration.tree import Items, Node, Scalar, Table
from codemods.occurrences import Embedded, Occurrence
from codemods.source import Unparsable
from codemods.sourcemap import SourceMap

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NAMES = ("*.toml", "Pipfile")
LARGEST = 2_000_000

T = TypeVar("T")

_SKIP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRING = (
    r"\"{3}(?:\r?\n)?(?P<long>(?:[^\"\\]|\\[\s\S]|\"{1,2}(?!\"))*\"{0,2})\"{3}"
    r"|'{3}(?:\r?\n)?(?P<long_raw>(?:[^']|'{1,2}(?!'))*'{0,2})'{3}"
    r"|\"(?P<basic>(?:[^\"\\\n]|\\.)*)\"|'(?P<raw>[^'\n]*)'"
)
_KEY_PART = r"(?:[A-Za-z0-9_\-]+|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')"
_KEY = re.compile(rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*")
_HEADER = re.compile(rf"\[\[?[ \t]*(?P<key>{_KEY.pattern})[ \t]*\]\]?")
_VALUE = re.compile(rf"{_STRING}|(?P<word>[^\s,\]}}#]+)")
_ESCAPE = re.compile(r"\\(?:u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|(?P<line>[ \t]*\r?\n\s*)|(?P<simple>.))|\r\n")
_LINE_END = re.compile(r"\r\n")
_SIMPLE = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


def read(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in the values of a file. Raises `Unparsable`."""
    yield from read_tree(tree(text), path)


def values(text: str) -> dict[str, object]:
    """What the parser of the standard library makes of `text`. Raises `Unparsable`."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unparsable("TOML", str(error)) from error


def tree(text: SourceMap) -> Node:
    """The values, each under its whole key. Raises `Unparsable`."""
    values(text.text)
    return _Parser(text).table()


class _Parser:
    """Walks a text that is known to be TOML."""

    def __init__(self, text: SourceMap) -> None:
        self._text = text
        self._at = 0

    def table(self) -> Table:
        """All tables of the file, the header's keys in front of theirs."""
        tables: list[tuple[str, Node]] = []
        header = ""
        items: list[tuple[str, Node]] = []
        while self._sees():
            match = _HEADER.match(self._text.text, self._at) if self._sees("[") else None
            if match:
                tables.append((header, Table(tuple(items))))
                header, items = _said(match["key"]), []
                self._at = match.end()
            else:
                items.append(self._pair())
        return Table((*tables, (header, Table(tuple(items)))))

    def _sees(self, sign: str = "") -> bool:
        """Whether there is more, and it begins with `sign`."""
        skipped = _SKIP.match(self._text.text, self._at)
        self._at = skipped.end() if skipped else self._at
        return self._at < len(self._text.text) and self._text.text.startswith(sign, self._at)

    def _pair(self) -> tuple[str, Node]:
        self._sees()
        key = _KEY.match(self._text.text, self._at)
        equals = self._text.text.find("=", key.end()) if key else -1
        if key is None or equals < 0:
            raise Unparsable("TOML", "a key is missing", self._text.text.count("\n", 0, self._at) + 1)
        self._at = equals + 1
        return _said(key.group()), self._value()

    def _value(self) -> Node:
        if self._sees("["):
            return Items(tuple(self._each("]", self._value)))
        if self._sees("{"):
            return Table(tuple(self._each("}", self._pair)))
        match = _VALUE.match(self._text.text, self._at)
        if match is None or match.lastgroup is None:
            raise Unparsable("TOML", "a value is missing", self._text.text.count("\n", 0, self._at) + 1)
        self._at = match.end()
        raw = self._text.slice(*match.span(match.lastgroup))
        if match.lastgroup in ("basic", "long"):
            return Scalar(raw.replace(_ESCAPE, _unescaped))
        return Scalar(raw.replace(_LINE_END, lambda _: "\n"))

    def _each(self, end: str, one: Callable[[], T]) -> Iterator[T]:
        self._at += 1
        while not self._sees(end):
            if self._sees(","):
                self._at += 1
            else:
                yield one()
        self._at += 1


def _said(key: str) -> str:
    """A key as one text; the dots between its parts stay."""
    return ".".join(part.strip().strip("\"'") for part in key.split("."))


def _unescaped(match: re.Match[str]) -> str:
    code = match["u"] or match["U"]
    if code:
        return chr(int(code, 16))
    if match["line"] is not None:
        return ""
    return _SIMPLE.get(match["simple"], match["simple"]) if match["simple"] else "\n"

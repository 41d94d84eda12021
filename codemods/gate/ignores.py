"""Comments that ask for silence: `# relink: ignore[rule] reason`, in the comment syntax of each kind of file.

A comment belongs to the line, the string or the statement around a place: it stands behind its first or last line, or
alone above it. `ignore-file` speaks for the whole file, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from codemods.declarations import read_sql
from codemods.python.lines import read_layout
from codemods.source import PYTHON_SUFFIXES, Source
from codemods.sql import SQL_SUFFIXES
from codemods.sql.tokens import DOLLAR, QUOTED, STRING, lex

_MARKUP = (".md", ".markdown", ".html", ".xml")
_WORDS = r"[ \t]*relink:[ \t]*(?P<kind>ignore(?:-file)?)(?![\w-])(?:\[(?P<names>[^\]\r\n]*)\])?"
_HASH = re.compile(rf"\#{_WORDS}[^#\r\n]*")
_DASHES = re.compile(rf"--{_WORDS}[^\r\n]*")
_TAG = re.compile(rf"<!--{_WORDS}(?:(?!-->)[^\r\n])*-->")
_NAME = re.compile(r"[^\s,]+")
_COMMENT_LINE = re.compile(r"\s*(?:#|--|<!--)")


class Name(NamedTuple):
    """A rule or group that a comment names, and the characters (0-based, half-open) where it does."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ignore:
    """A comment at the characters `start:end` (0-based, half-open) of its file.

    `speaks_for` is the 1-based line below it when it stands alone, else its own; None means the whole file.
    `removable`: without it the file means the same, since it is no part of a string.
    """

    start: int
    end: int
    names: tuple[Name, ...]
    alone: bool
    speaks_for: int | None
    removable: bool


class Lines(NamedTuple):
    """The first and last line (1-based) of a line, a string or a statement."""

    first: int
    last: int


class Ignores:
    """The comments of one file, and which of them speak for a place."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._strings: tuple[tuple[int, int], ...] = ()
        self._statements: tuple[tuple[int, int], ...] = ()
        self.comments = tuple(self._read())

    def at(self, character: int) -> Iterator[Ignore]:
        """The comments that speak for the 0-based character."""
        around = list(self.lines_around(character))
        for comment in self.comments:
            if comment.speaks_for is None:
                yield comment
            elif comment.alone:
                if any(lines.first == comment.speaks_for for lines in around):
                    yield comment
            elif any(comment.speaks_for in lines for lines in around):
                yield comment

    def line_for_comment(self, character: int) -> int:
        """The 1-based line around the character whose end can take a comment that speaks for it."""
        around = [lines.last for lines in self.lines_around(character)]
        return next((line for line in around if self._takes_comment(line)), around[-1])

    def _takes_comment(self, line: int) -> bool:
        written = self._source.line_text(line)
        end = self._source.offset_of(line, len(written) + 1)
        in_string = any(start < end < last for start, last in self._strings)
        return not in_string and not (written.endswith("\\") and self._source.path.endswith(PYTHON_SUFFIXES))

    def lines_around(self, character: int) -> Iterator[Lines]:
        """The line, the strings and the statement around a character, innermost first."""
        line = self._line(character)
        yield Lines(line, line)
        for start, end in (*self._strings, *self._statements):
            if start <= character <= end:
                yield Lines(self._line(start), self._line(end))

    def _line(self, character: int) -> int:
        return self._source.line_column(self._source.byte_offset(character))[0]

    def _read(self) -> Iterator[Ignore]:
        text, path = self._source.text, self._source.path
        if path.endswith(PYTHON_SUFFIXES):
            layout = read_layout(text)
            self._strings, self._statements = layout.strings, layout.statements
            for start, end in layout.comments:
                yield from (self._ignore(match, True) for match in _HASH.finditer(text, start, end))
            # Inside of a string, SQL has comments of its own.
            for start, end in layout.strings:
                yield from (self._ignore(match, False) for match in _DASHES.finditer(text, start, end))
        elif path.endswith(SQL_SUFFIXES):
            self._strings = tuple(_quotes(text))
            self._statements = tuple((each.start, each.end) for each in read_sql(text).statements)
            for match in _DASHES.finditer(text):
                inside = next((span for span in self._strings if span[0] < match.start() < span[1]), None)
                if inside is None or text[inside[0]] == "$":  # The body of a function has comments of its own.
                    yield self._ignore(match, inside is None)
        else:
            pattern = _TAG if path.endswith(_MARKUP) else _HASH
            for match in pattern.finditer(text):
                before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
                if pattern is _TAG or not (before.count('"') % 2 or before.count("'") % 2):
                    yield self._ignore(match, True)

    def _ignore(self, match: re.Match[str], removable: bool) -> Ignore:
        listed = _NAME.finditer(match.string, *match.span("names")) if match["names"] else ()
        names = tuple(Name(found.group(), *found.span()) for found in listed)
        line, column = self._source.line_column(self._source.byte_offset(match.start()))
        alone = not self._source.line_text(line)[: column - 1].strip()
        below = self._below(line) if alone else line
        speaks_for = None if match["kind"] == "ignore-file" else below
        return Ignore(match.start(), match.end(), names, alone, speaks_for, removable)

    def _below(self, line: int) -> int:
        """The first line below that is more than a comment."""
        below = line + 1
        while below < self._source.lines and _COMMENT_LINE.match(self._source.line_text(below)):
            below += 1
        return below


def may_hold_ignores(source: Source) -> bool:
    """Whether a look at the file's comments is worth it."""
    if source.encoding.startswith(("utf-16", "utf-32")):
        return "relink:" in source.text
    return b"relink:" in source.data


def _quotes(text: str) -> Iterator[tuple[int, int]]:
    """The quoted names, strings and function bodies of an SQL script."""
    tokens = lex(text)
    for kind, start, end in zip(tokens.kinds, tokens.starts, tokens.ends, strict=True):
        if kind in (QUOTED, STRING, DOLLAR):
            yield start, end

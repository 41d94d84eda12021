"""Decoded text that remembers, for each of its characters, the file and place it was written at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, groupby
from typing import NamedTuple

from codemods.sql.tokens import HOLE


class Run(NamedTuple):
    """Text written in one piece in the file `path`; text that is written nowhere, or a hole, when that is "".

    `start` is the 0-based character offset of the text in the decoded file. `offsets`, when the text is not
    written verbatim, holds the offset of each character and of the end. `literal` tells the string literals of a
    file apart (the offset of each). `quoter`, at a quote that a call puts in front of a name, is the file and the
    offset of that call. `name` is how the code calls what a hole stands for, `origin` the query that answers it,
    `of_table` the attribute of an ORM's table that it is.
    """

    path: str
    text: str
    start: int = 0
    offsets: tuple[int, ...] | None = None
    literal: int = 0
    quoter: tuple[str, int] | None = None
    name: str = ""
    origin: Origin | None = None
    of_table: TableName | None = None

    def place(self, index: int) -> int:
        return self.offsets[index] if self.offsets is not None else self.start + index

    def slice(self, start: int, end: int) -> Run:
        """The characters `start` to `end` of it."""
        if self.offsets is None:
            return self._replace(text=self.text[start:end], start=self.start + start)
        return self._replace(
            text=self.text[start:end], start=self.offsets[start], offsets=self.offsets[start : end + 1]
        )


class Origin(NamedTuple):
    """The query whose rows hold a value, and the column (its 0-based number or its name) where that is known."""

    asked: SourceMap
    column: str | int | None


class TableName(NamedTuple):
    """What gives a table's name: "bare", "full" (with its schema) or "quoted" (the same, with quotes in between).

    `path` and `at` are the file and 0-based character offset of the attribute, where one gives the bare name.
    """

    form: str
    path: str = ""
    at: int = 0

    @property
    def range(self) -> Range:
        """The attribute."""
        return Range(self.path, self.at, self.at + len("name"), self.at)


class Range(NamedTuple):
    """A half-open range of characters of a decoded file, 0-based, inside the literal that begins at `literal`."""

    path: str
    start: int
    end: int
    literal: int


class SourceMap:
    """`text` is the decoded text; run-time pieces stand in it as one `HOLE` each.

    `starts` are the characters of `text` at which the runs begin, and its length.
    """

    __slots__ = ("runs", "starts", "text")

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs = [run for run in runs if run.text]
        self.text = "".join(run.text for run in self.runs)
        self.starts = list(accumulate((len(run.text) for run in self.runs), initial=0))

    def locate(self, start: int, end: int) -> Range | None:
        """Where `text[start:end]` is written; None when it is not in one piece of one file."""
        if not self.runs:
            return None
        number = min(bisect_right(self.starts, start) - 1, len(self.runs) - 1)
        run, offset = self.runs[number], start - self.starts[number]
        if not run.path or offset + end - start > len(run.text):
            return None
        return Range(run.path, run.place(offset), run.place(offset + end - start), run.literal)

    def slice(self, start: int, end: int) -> SourceMap:
        """The characters `start` to `end`, with their places."""
        if len(self.runs) == 1:
            return SourceMap([self.runs[0].slice(start, end)])
        found = []
        number = max(bisect_right(self.starts, start) - 1, 0)
        while number < len(self.runs) and self.starts[number] < end:
            run, first = self.runs[number], self.starts[number]
            found.append(run.slice(max(start - first, 0), min(end - first, len(run.text))))
            number += 1
        return SourceMap(found)

    def replace(self, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str | SourceMap]) -> SourceMap:
        """The text with each match decoded: what `new` gives stands where the whole match is written.

        A `HOLE` that `new` gives is written nowhere.
        """
        runs: list[Run] = []
        position = 0
        for match in pattern.finditer(self.text):
            runs += self.slice(position, match.start()).runs
            said = new(match)
            runs += said.runs if isinstance(said, SourceMap) else [self._decoded(match.start(), match.end(), said)]
            position = match.end()
        return SourceMap([*runs, *self.slice(position, len(self.text)).runs]) if position else self

    def _decoded(self, start: int, end: int, text: str) -> Run:
        place = None if HOLE in text else self.locate(start, end)
        if place is None:
            return Run("", text)
        return Run(place.path, text, place.start, (*[place.start] * len(text), place.end), place.literal)

    def run_at(self, index: int) -> Run:
        """The run that holds character `index`."""
        return self.runs[min(bisect_right(self.starts, index) - 1, len(self.runs) - 1)]

    def as_literal(self) -> SourceMap:
        """The same text, all of it in one literal that begins where the text does."""
        first = self.first()
        return SourceMap(run._replace(literal=first.start) for run in self.runs) if first else self

    def literals(self) -> Iterator[tuple[int, int, Run]]:
        """The start and end of each text that stands in one piece of one literal, and its first run."""
        for (path, literal), group in groupby(zip(self.starts, self.runs, strict=False), _literal):
            runs = list(group)
            if path:
                yield runs[0][0], runs[-1][0] + len(runs[-1][1].text), runs[0][1]._replace(literal=literal)

    def unknown(self, start: int, end: int) -> list[str]:
        """How the code calls what is not known in `text[start:end]`."""
        numbers = range(bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1))
        runs = [self.runs[number] for number in numbers]
        return list(dict.fromkeys(run.name for run in runs if run.name))

    def is_written(self, index: int) -> bool:
        """Whether character `index` stands in some file."""
        return bool(self.run_at(index).path)

    def before(self, index: int) -> Range | None:
        """The end of the written run in front of the run that begins at `index`; None when there is none."""
        number = bisect_right(self.starts, index) - 1
        if number <= 0 or self.starts[number] != index or not self.runs[number - 1].path:
            return None
        run = self.runs[number - 1]
        end = run.place(len(run.text))
        return Range(run.path, end, end, run.literal)

    def places(self) -> list[Range]:
        """Where each written run, and each attribute that gives a name, begins and ends."""
        return [place for run in self.runs if (place := _place(run)) is not None]

    def first(self) -> Range | None:
        """The first written character."""
        for run in self.runs:
            if run.path:
                return Range(run.path, run.place(0), run.place(0), run.literal)
        return None


def _place(run: Run) -> Range | None:
    if run.of_table is not None and run.of_table.form == "bare":
        return run.of_table.range
    return Range(run.path, run.place(0), run.place(len(run.text)), run.literal) if run.path else None


def _literal(item: tuple[int, Run]) -> tuple[str, int]:
    return item[1].path, item[1].literal


def joined(sources: Iterable[SourceMap]) -> SourceMap:
    """The texts one after the other."""
    return SourceMap(run for source in sources for run in source.runs)


def hole(name: str, origin: Origin | None = None, of_table: TableName | None = None) -> Run:
    """A piece that is known at run time only, which the code calls `name`."""
    return Run("", HOLE, name=name, origin=origin, of_table=of_table)

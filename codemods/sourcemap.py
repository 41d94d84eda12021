"""Decoded text that remembers, for each of its characters, the file and place it was written at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from codemods.sql.tokens import HOLE


class Run(NamedTuple):
    """Text written in one piece in the file `path`; text that is written nowhere, or a hole, when that is "".

    `start` is the 0-based character offset of the text in the decoded file. `offsets`, when the text is not
    written verbatim, holds the offset of each character and of the end. `literal` tells the string literals of a
    file apart (the offset of each). `quoter`, at a quote that a call puts in front of a name, is the file and the
    offset of that call. `name` is how the code calls what a hole stands for.
    """

    path: str
    text: str
    start: int = 0
    offsets: tuple[int, ...] | None = None
    literal: int = 0
    quoter: tuple[str, int] | None = None
    name: str = ""

    def place(self, index: int) -> int:
        return self.offsets[index] if self.offsets is not None else self.start + index


class Range(NamedTuple):
    """A half-open range of characters of a decoded file, 0-based, inside the literal that begins at `literal`."""

    path: str
    start: int
    end: int
    literal: int


class SourceMap:
    """`text` is the decoded text; run-time pieces stand in it as one `HOLE` each."""

    __slots__ = ("_starts", "runs", "text")

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs = [run for run in runs if run.text]
        self.text = "".join(run.text for run in self.runs)
        self._starts = list(accumulate((len(run.text) for run in self.runs), initial=0))

    def locate(self, start: int, end: int) -> Range | None:
        """Where `text[start:end]` is written; None when it is not in one piece of one file."""
        if not self.runs:
            return None
        number = min(bisect_right(self._starts, start) - 1, len(self.runs) - 1)
        run, offset = self.runs[number], start - self._starts[number]
        if not run.path or offset + end - start > len(run.text):
            return None
        return Range(run.path, run.place(offset), run.place(offset + end - start), run.literal)

    def run_at(self, index: int) -> Run:
        """The run that holds character `index`."""
        return self.runs[min(bisect_right(self._starts, index) - 1, len(self.runs) - 1)]

    def unknown(self, start: int, end: int) -> list[str]:
        """How the code calls what is not known in `text[start:end]`."""
        numbers = range(bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1))
        runs = [self.runs[number] for number in numbers]
        return list(dict.fromkeys(run.name for run in runs if run.name))

    def is_written(self, index: int) -> bool:
        """Whether character `index` stands in some file."""
        return bool(self.run_at(index).path)

    def before(self, index: int) -> Range | None:
        """The end of the written run in front of the run that begins at `index`; None when there is none."""
        number = bisect_right(self._starts, index) - 1
        if number <= 0 or self._starts[number] != index or not self.runs[number - 1].path:
            return None
        run = self.runs[number - 1]
        end = run.place(len(run.text))
        return Range(run.path, end, end, run.literal)

    def places(self) -> list[Range]:
        """Where each written run begins and ends."""
        return [Range(run.path, run.place(0), run.place(len(run.text)), run.literal) for run in self.runs if run.path]

    def first(self) -> Range | None:
        """The first written character."""
        for run in self.runs:
            if run.path:
                return Range(run.path, run.place(0), run.place(0), run.literal)
        return None


def hole(name: str) -> Run:
    """A piece that is known at run time only, which the code calls `name`."""
    return Run("", HOLE, name=name)

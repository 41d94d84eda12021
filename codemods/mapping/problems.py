"""What is wrong with a mapping, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake at a 1-based line and column of `file`; `help` says what to do."""

    file: str
    line: int
    column: int
    message: str
    help: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message} ({self.help})"


class MappingError(Exception):
    """A mapping that cannot be used; every mistake of the file at once, one a line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

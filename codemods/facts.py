"""Read the facts of Python files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from codemods.parallel import run_parallel
from codemods.python.ir import Module, Unsupported
from codemods.python.read import read_module
from codemods.source import Unreadable

if TYPE_CHECKING:
    from concurrent.futures import Executor


def read_facts(files: Sequence[tuple[str, str]], executor: Executor | None = None) -> Iterator[Module | Unreadable]:
    """The facts of each (path, decoded text), in order; a file that cannot be parsed is `Unreadable`."""
    return run_parallel(_facts, files, lambda file: len(file[1]), executor)


def _facts(file: tuple[str, str]) -> Module | Unreadable:
    path, text = file
    try:
        return read_module(path, text)
    except Unsupported as error:
        return Unreadable(path, f"it is not Python that relink can parse: {error}")

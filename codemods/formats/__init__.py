"""Files that are not Python, one module a format: each says which files it reads and what occurs in them."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType

from codemods.occurrences import Occurrence
from codemods.source import Source


def _modules() -> list[ModuleType]:
    return [import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]


def suffixes() -> tuple[str, ...]:
    """The ends of the names of all files that some format reads."""
    return tuple(suffix for module in _modules() for suffix in module.SUFFIXES)


def occurrences(sources: Iterable[Source]) -> Iterator[Occurrence]:
    """What occurs in the files that are not Python."""
    modules = _modules()
    for source in sources:
        for module in modules:
            if source.path.endswith(module.SUFFIXES):
                yield from module.occurrences(source)

"""`.sql` files: the whole file is one script."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.occurrences import Engine, Evidence, Query
from codemods.sourcemap import SourceMap
from codemods.sql import SQL_SUFFIXES

NAMES = tuple(f"*{suffix}" for suffix in SQL_SUFFIXES)


def read(text: SourceMap, path: str) -> Iterator[Query]:
    """The script of a file."""
    yield Query(text, Evidence.FILE, Engine.POSTGRESQL, path, 0)

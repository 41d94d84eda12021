"""`.sql` files: the whole file is one script."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.occurrences import Engine, Evidence, Query
from codemods.source import Source
from codemods.sourcemap import Run, SourceMap
from codemods.sql import SQL_SUFFIXES

SUFFIXES = SQL_SUFFIXES


def occurrences(source: Source) -> Iterator[Query]:
    """The script of a file."""
    run = Run(source.path, source.text)
    yield Query(SourceMap([run]), Evidence.FILE, Engine.POSTGRESQL, source.path, 0)

"""`.sql` files: the whole file is one script, perhaps a template of one."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.occurrences import Engine, Evidence, Query
from codemods.sourcemap import SourceMap
from codemods.sql import SQL_SUFFIXES
from codemods.templates import is_template_of_sql, mask

NAMES = tuple(f"*{suffix}" for suffix in SQL_SUFFIXES)


def read(text: SourceMap, path: str) -> Iterator[Query]:
    """The script of a file."""
    script = mask(text) if is_template_of_sql(text.text) else text
    yield Query(script, Evidence.FILE, Engine.POSTGRESQL, path, 0)

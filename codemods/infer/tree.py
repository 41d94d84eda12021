"""A first mapping from a tree alone: each table goes to the schema of the folder that uses it most."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from codemods.catalog.snapshot import Catalog, Name
from codemods.declarations import read_sql
from codemods.infer.match import Found, Matches
from codemods.occurrences import Occurrence, Query, TableArgument
from codemods.sql import Kind

_SHARED = "shared_common"
_MOSTLY = 0.8
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
"""A name that a mapping takes; others are of views of all tables, made at run time, or in need of quotes."""
_NOT_SERVICES = frozenset({"tests", "test", "migrations", "alembic", "scripts", "docs", "sql", "db"})


def from_tree(occurrences: Iterable[Occurrence], catalog: Catalog, database: str) -> Matches:
    """The tables of `catalog` (loaded from the tree's definitions) and of its ORM classes, by folder."""
    users: dict[str, Counter[str]] = defaultdict(Counter)
    mapped: set[str] = set()
    for occurrence in occurrences:
        folder = _folder(occurrence.path)
        if isinstance(occurrence, TableArgument):
            mapped.add(occurrence.source.text)
            users[occurrence.source.text][folder] += 1
        elif isinstance(occurrence, Query):
            for statement in read_sql(occurrence.source.text).statements:
                for reference in statement.references:
                    if reference.kind is Kind.RELATION and not reference.partial:
                        users[reference.names[-1]][folder] += 1
    known = {each.name.name: each.kind for each in catalog.relations if each.owner is None}
    kinds = {**dict.fromkeys(mapped, "table"), **known}
    found = [
        Found(kind, database, Name("public", name), Name(_schema(users[name]), name))
        for name, kind in sorted(kinds.items())
        if _PLAIN.fullmatch(name)
    ]
    return Matches(tuple(found), ())


def _folder(path: str) -> str:
    parts = [part for part in PurePosixPath(path).parts[:-1] if part.lower() not in _NOT_SERVICES]
    return re.sub(r"\W+", "_", parts[-1]).lower().strip("_") if parts else ""


def _schema(users: Counter[str]) -> str:
    """The folder that uses a table nearly alone; what many use is shared."""
    counts = Counter({folder: count for folder, count in users.items() if folder})
    if not counts:
        return _SHARED
    folder, most = counts.most_common(1)[0]
    name = folder if re.match(r"[a-z_]", folder) else f"s_{folder}"
    return name if most >= _MOSTLY * sum(counts.values()) else _SHARED

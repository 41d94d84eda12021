"""Join what ran with the places in the code that issue it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from codemods.audit.fingerprint import fingerprint
from codemods.audit.ran import Ran
from codemods.declarations import read_sql
from codemods.fixes.rename import replacements, rewrite_sql
from codemods.mapping import Moved
from codemods.occurrences import Engine, Evidence, Query
from codemods.sourcemap import Range, Run, SourceMap
from codemods.workspace import Workspace


class Stale(NamedTuple):
    """A statement that ran and names what moved: `names` are old and new name, `places` the code that issues it."""

    sql: str
    calls: int
    milliseconds: float
    names: tuple[tuple[str, str], ...]
    places: tuple[Range, ...]


class Audit(NamedTuple):
    """`stale` has the most frequent first; `never` are statements of the code that no record has, in order of place."""

    ran: int
    stale: tuple[Stale, ...]
    never: tuple[Range, ...]


def audit(ran: Iterable[Ran], queries: Iterable[Query], workspace: Workspace) -> Audit:
    """Hold the records against the code."""
    calls: dict[str, tuple[str, int, float]] = {}
    for each in ran:
        key = fingerprint(each.sql)
        sql, count, milliseconds = calls.get(key, (each.sql, 0, 0.0))
        calls[key] = (sql, count + each.calls, milliseconds + each.milliseconds)
    issued: dict[str, list[Range]] = defaultdict(list)
    never: dict[Range, None] = {}
    for query in queries:
        if query.engine in (Engine.SQLITE, Engine.OTHER) or query.evidence in (Evidence.FRAGMENT, Evidence.FILE):
            continue
        for statement in read_sql(query.source.text).statements:
            text = query.source.text[statement.start : statement.end]
            place = query.source.locate(statement.start, statement.start + 1)
            if place is None or statement.verb == "FRAGMENT":
                continue
            keys = {fingerprint(text), fingerprint(rewrite_sql(text, workspace.mapping))}
            for key in keys:
                issued[key].append(place)
            if calls.keys().isdisjoint(keys):
                never[place] = None
    stale = [
        Stale(sql, count, milliseconds, names, tuple(dict.fromkeys(issued.get(key, ()))))
        for key, (sql, count, milliseconds) in calls.items()
        if (names := _old_names(sql, workspace))
    ]
    stale.sort(key=lambda each: (-each.calls, each.sql))
    return Audit(len(calls), tuple(stale), tuple(sorted(never)))


def _old_names(sql: str, workspace: Workspace) -> tuple[tuple[str, str], ...]:
    query = Query(SourceMap([Run("", sql)]), Evidence.FILE, Engine.POSTGRESQL, "", 0)
    found: dict[tuple[str, str], None] = {}
    for use in Workspace(workspace.mapping, {}).uses(query):
        if isinstance(use.resolution, Moved) and replacements(use.reference, use.resolution.relation):
            found[".".join(use.reference.names), use.resolution.relation.qualified] = None
    return tuple(found)

"""A connection setting names a database that was merged into another.

What it does: finds old database names in URLs, libpq strings, `dbname=`/`database=` arguments, dictionaries,
environment defaults, dataclass and parameter defaults, the arguments of `psql` and `pg_dump`, and what statements
compare with `datname` or ask `pg_database_size()` for.

Why is this bad: the service cannot connect, or connects to a database that nobody writes to any more.

Example: `DATABASE_URL = "postgresql://user:pass@localhost/heal7_saju"`

Use instead: `DATABASE_URL = "postgresql://user:pass@localhost/heal7"`

Fix safety: safe where the text is a connection URL, reaches a driver's connect call or is bound to a name that says
`database`; a name that also serves as something else is manual (`conflicting-uses`), and one whose sessions a
statement ends (`database-switch`): other services have theirs there.
"""

import re
from collections.abc import Iterator

from codemods.declarations import read_sql
from codemods.dsn import find_database
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import ConnectionSetting, Query
from codemods.sql import Kind
from codemods.workspace import Workspace

GROUP = "connections"
LOOKS_AT = (ConnectionSetting, Query)
_SAID = re.compile(
    r"\b(?:datname|catalog_name|table_catalog)\b\s*(?:(?:=|<>|!=)\s*|(?:not\s+)?in\s*\(\s*)(?P<names>'\w+'(?:\s*,\s*'\w+')*)"
    r"|\b(?:pg_database_size|has_database_privilege)\s*\((?:\s*'?\w+'?\s*,)?\s*(?P<argument>'\w+')",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"'(?P<name>\w+)'")
_ENDS_SESSIONS = re.compile(r"\bpg_(?:terminate|cancel)_backend\b", re.IGNORECASE)


def check(occurrence: ConnectionSetting | Query, workspace: Workspace) -> Iterator[Finding]:
    if isinstance(occurrence, Query):
        yield from _in_statements(occurrence, workspace)
    else:
        yield from _in_setting(occurrence, workspace)


def _in_statements(query: Query, workspace: Workspace) -> Iterator[Finding]:
    """`CREATE DATABASE`, `DROP DATABASE` and psql's `\\connect`; what filters and functions say of a database."""
    for statement in read_sql(query.source.text).statements:
        for reference in statement.references:
            database = workspace.mapping.new_database(reference.names[-1])
            place = workspace.place(query, reference) if reference.kind is Kind.DATABASE else None
            if place is not None and database is not None and database.database != reference.names[-1]:
                yield workspace.finding(
                    "old-database",
                    place,
                    f"{statement.verb} of {reference.names[-1]}, which is now part of {database.database}",
                    f"decide whether {database.database} is meant, which other services use too",
                    fix=Fix(Safety.MANUAL, Reason.DATABASE_SWITCH),
                )
        yield from _in_literals(query, statement.start, statement.end, workspace)


def _in_literals(query: Query, start: int, end: int, workspace: Workspace) -> Iterator[Finding]:
    text = query.source.text
    for said in _SAID.finditer(text, start, end):
        group = said.lastgroup or 0
        for literal in _LITERAL.finditer(text, said.start(group), said.end(group)):
            name, place = literal["name"], query.source.locate(*literal.span("name"))
            database = workspace.mapping.new_database(name)
            if database is None or database.database == name or place is None:
                continue
            fix = Fix(Safety.SAFE, None, (workspace.edit(place, database.database),))
            if _ENDS_SESSIONS.search(text, start, end):
                fix = Fix(Safety.MANUAL, Reason.DATABASE_SWITCH)
            message, help = f"database {name} is now part of {database.database}", f"ask for {database.database}"
            yield workspace.finding("old-database", place, message, help, fix=fix)


def _in_setting(setting: ConnectionSetting, workspace: Workspace) -> Iterator[Finding]:
    text = setting.source.text
    if setting.is_name and "://" not in text and "=" not in text:
        start, end, name = 0, len(text), text
        located = None
    else:
        located = find_database(text)
        if located is None:
            return
        start, end, name = located.start, located.end, located.name
    database = workspace.mapping.new_database(name)
    if database is None or database.database == name:
        return
    message, help = f"database {name} is now part of {database.database}", f"connect to {database.database}"
    place = setting.source.locate(start, end)
    if place is None:
        first = setting.source.first()
        if first is not None:
            yield workspace.finding("old-database", first, message, help, None, Fix(Safety.MANUAL, Reason.SPLIT_NAME))
        return
    new = located.encode(database.database) if located else database.database
    fix = Fix(Safety.SAFE, None, (workspace.edit(place, new),))
    if setting.switches:
        fix = Fix(Safety.MANUAL, Reason.DATABASE_SWITCH)
    elif setting.is_name and (other := workspace.other_use(place.path, place.literal)):
        fix = Fix(Safety.MANUAL, Reason.CONFLICTING_USES, note=f"the name is also {other}")
    yield workspace.finding("old-database", place, message, help, fix=fix)

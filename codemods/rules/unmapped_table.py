"""A table without a schema is not in the mapping at all.

What it does: in SQL that goes to PostgreSQL, reports relations that are named bare, or in a schema that everything
moved out of, and that no schema of the mapping holds. Tables that a query makes up, temporary tables, functions and
the system's catalogs are none.

Why is this bad: after the restructure every table has a schema of its own. A bare name is a table that nobody placed,
found through `search_path` or not at all.

Example: `INSERT INTO coupons (code) VALUES (%s)`

Use instead: `INSERT INTO store_service.coupons (code) VALUES (%s)`, and `coupons` in the mapping.

Fix safety: nothing to apply; only a person knows where the table belongs. Off unless it is selected by its name.
"""

from collections.abc import Iterator

from codemods.dsn import find_database
from codemods.model import Finding
from codemods.occurrences import Engine, Evidence, Query
from codemods.sql import HOLE, Kind
from codemods.workspace import Use, Workspace

GROUP = "sql"
LOOKS_AT = (Query,)
ONLY_BY_NAME = True


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    if not _goes_to_postgresql(query) or _is_elsewhere(query, workspace):
        return
    for use in workspace.uses(query):
        place = workspace.place(query, use.reference) if _is_unmapped(use, query, workspace) else None
        if place is not None:
            name = use.reference.parts[-1].name
            yield workspace.finding(
                "unmapped-table",
                place,
                f"no schema of the mapping holds {name}",
                f"put the table's schema in front, and {name} into the mapping",
            )


def _goes_to_postgresql(query: Query) -> bool:
    if query.engine is Engine.UNKNOWN:
        return query.evidence is Evidence.CALL and not query.sqlite_in_reach
    return query.engine is Engine.POSTGRESQL and query.evidence is not Evidence.FRAGMENT


def _is_elsewhere(query: Query, workspace: Workspace) -> bool:
    """Whether the query runs in a database that the mapping does not speak of."""
    if query.database is None:
        return False
    located = find_database(query.database)
    databases = {database.database for database in workspace.mapping.databases}
    return (located.name if located else query.database) not in databases | workspace.mapping.database_words


def _is_unmapped(use: Use, query: Query, workspace: Workspace) -> bool:
    reference, text = use.reference, query.source.text
    if use.resolution is not None or reference.kind is not Kind.RELATION or reference.literal or use.statement.problem:
        return False
    # What stands in front of the statement at run time may make the table up.
    if text[use.statement.start : use.statement.start + 1] == HOLE or not query.source.is_written(reference.start):
        return False
    *schema, name = reference.names
    is_old = not schema or (schema[-1] in workspace.mapping.old_schemas - workspace.mapping.schemas)
    is_catalog = name.startswith(("pg_", "sqlite_"))
    return is_old and not is_catalog and not workspace.declarations.is_temporary(name) and not _is_new(name, workspace)


def _is_new(name: str, workspace: Workspace) -> bool:
    """Whether a mapped relation has this name now: then its bare name is `search_path`'s matter."""
    return any(relation.name == name for relation in workspace.mapping.relations)

"""What a filter on PostgreSQL's catalogs has to ask for after the move."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemods.declarations import read_sql
from codemods.mapping import Moved, Relation
from codemods.occurrences import Query
from codemods.sql import CatalogFilter, Identifier, Kind, Statement
from codemods.sql.filters import PATH_SCHEMA
from codemods.workspace import Workspace

_PIECES = re.compile(r'[{},"\s]+')


@dataclass(frozen=True, slots=True)
class MovedFilter:
    """A filter that no longer finds what it did.

    `changes` are texts of the statement and what they have to be, empty when no change of names would find the same:
    one schema has become several, or the names are not all known.
    """

    statement: Statement
    condition: CatalogFilter
    changes: tuple[tuple[Identifier, str], ...]


def moved_filters(query: Query, workspace: Workspace) -> Iterator[MovedFilter]:
    """The filters of `query` that ask for a schema which relations left, or for a relation that has a new name."""
    for statement in read_sql(query.source.text).statements:
        reads_catalogs = bool(statement.catalog_filters) and _reads_catalogs(statement)
        for condition in statement.catalog_filters:
            if reads_catalogs or condition.of_trigger:
                changes = _changes(condition, query, workspace)
                if changes is not None:
                    yield MovedFilter(statement, condition, changes)


def _reads_catalogs(statement: Statement) -> bool:
    """Whether a statement reads the catalogs, not tables of the user's with columns of such names; true in doubt."""
    relations = [found.names for found in statement.references if found.kind is Kind.RELATION and not found.literal]
    return not relations or any(
        names[0] in ("information_schema", "pg_catalog") or names[-1].startswith("pg_") for names in relations
    )


def _changes(condition: CatalogFilter, query: Query, workspace: Workspace) -> tuple[tuple[Identifier, str], ...] | None:
    """What to change, () when that cannot be said, None when there is no need."""
    schema = condition.schema
    by_path = schema is not None and schema.name == PATH_SCHEMA
    if schema is not None and not by_path and workspace.mapping.old_schemas.isdisjoint(_PIECES.split(schema.name)):
        return None
    found: list[tuple[Identifier, Relation | None]] = []
    for name in condition.relations:
        parts = (name.name,) if schema is None or by_path else (schema.name, name.name)
        found.append((name, _moved(parts, query, workspace)))
    moved = [(name, relation) for name, relation in found if relation is not None]
    renamed = tuple((name, relation.name) for name, relation in moved if name.name != relation.name)
    if schema is None:
        return None if not renamed else renamed if condition.exact else ()
    if condition.exact and not moved:
        return None
    homes = {relation.schema for _, relation in moved}
    if by_path or not condition.exact or len(moved) < len(found) or len(homes) > 1:
        return ()
    return ((schema, homes.pop()), *renamed)


def _moved(parts: tuple[str, ...], query: Query, workspace: Workspace) -> Relation | None:
    for kind in ("relation", "type", "function"):
        resolution = workspace.mapping.resolve(parts, kind, query.database, query.path)
        if isinstance(resolution, Moved):
            return resolution.relation
    return None

"""Would a statement destroy data that the migration has just moved?

A test's database is its own, and a migration that drops what the migrations beside it created has long been run
where the data is: their statements are changed like any other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codemods.checkout.paths import is_test, migrations_of
from codemods.mapping import Relation
from codemods.occurrences import Query
from codemods.sql import Kind, Role

if TYPE_CHECKING:
    from codemods.workspace import Use, Workspace

_HOLD_NO_ROWS = {"DROP VIEW", "DROP MATERIALIZED VIEW", "DROP FUNCTION", "DROP PROCEDURE", "DROP ROUTINE"}
_CASCADE = re.compile(r"\bcascade\b", re.IGNORECASE)


def destroys_moved_data(query: Query, use: Use, relation: Relation, workspace: Workspace) -> bool:
    """Whether `use` drops or empties `relation` in a database that may be the migrated one."""
    if use.reference.role not in (Role.DROP, Role.TRUNCATE) or not _holds_rows(query, use):
        return False
    return not is_test(query.path) and not _undoes_migration(query.path, relation, workspace)


def _holds_rows(query: Query, use: Use) -> bool:
    if use.reference.kind is Kind.TYPE:
        return bool(_CASCADE.search(query.source.text, use.reference.end, use.statement.end))
    return use.reference.kind is not Kind.FUNCTION and use.statement.verb not in _HOLD_NO_ROWS


def _undoes_migration(path: str, relation: Relation, workspace: Workspace) -> bool:
    folder = migrations_of(path)
    return folder is not None and any(
        relation.qualified in made and migrations_of(other) == folder for other, made in workspace.creations.items()
    )


def is_rebuilt(query: Query, relation: Relation, workspace: Workspace) -> bool:
    """Whether the file of `query` also creates `relation`, or fills it."""
    return relation.qualified in workspace.fillings.get(query.path, frozenset())

"""Names that a query of the catalogs gives to another statement: the query can give them with their schema."""

from __future__ import annotations

from codemods.declarations import read_sql
from codemods.model import Edit
from codemods.occurrences import Query
from codemods.sourcemap import Origin
from codemods.sql import Kind, Role, gives_qualified_names, qualified_names
from codemods.sql.tokens import HOLE
from codemods.workspace import Workspace

_NAMING = (Kind.RELATION, Kind.SEQUENCE)
_DESTROYING = (Role.DROP, Role.TRUNCATE, Role.WRITE)


def is_qualified(origin: Origin, workspace: Workspace) -> bool:
    """Whether the query of `origin` gives names with their schema, or will when its `qualifying_edit` is made."""
    known = gives_qualified_names(origin.asked.text, origin.column)
    return known or qualifying_edit(origin, workspace) is not None


def qualifying_edit(origin: Origin, workspace: Workspace) -> Edit | None:
    """What makes the query of `origin` give names with their schema; None when that may change more than it should.

    Every use of the column has to be in sight and to name a relation by itself.
    """
    change = qualified_names(origin.asked.text, origin.column)
    place = origin.asked.locate(*change[:2]) if change else None
    if change is None or place is None or workspace.other_use(place.path, place.literal):
        return None
    if workspace.escape(place.path, place.literal):
        return None
    for query, start, other in workspace.answered.get(origin.asked.first(), ()):
        concerns = other.column is None or qualified_names(other.asked.text, other.column) == change
        if concerns and not _names_relation(query, start):
            return None
    return workspace.edit(place, change[2])


def _names_relation(query: Query, start: int) -> bool:
    """Whether what stands at `start` names a relation that has to exist and whose rows stay.

    Statements that destroy rows, or do nothing for a name that is not found, could reach other schemas than before.
    """
    for statement in read_sql(query.source.text).statements:
        for reference in statement.references:
            part = reference.parts[0]
            if part.start == start and len(reference.parts) == 1 and part.name == HOLE and not part.quoted:
                text = query.source.text[statement.start : statement.end].upper()
                return (
                    reference.kind in _NAMING
                    and reference.role not in _DESTROYING
                    and not statement.problem
                    and " EXISTS " not in text
                )
    return False

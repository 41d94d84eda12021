"""The fix that gives a relation its new name where it is written."""

from __future__ import annotations

from codemods.mapping import Relation
from codemods.model import Edit, Fix, Reason, Safety
from codemods.occurrences import Engine, Evidence, Query
from codemods.sourcemap import Range
from codemods.sql import Kind, Reference
from codemods.workspace import Use, Workspace


def new_parts(reference: Reference, relation: Relation) -> tuple[str, ...]:
    """The parts of the name once `replacements` are made: the qualifier of a column stays bare when it was."""
    bare = reference.kind is Kind.COLUMN and len(reference.parts) == 1
    return (relation.name,) if bare else (relation.schema, relation.name)


def replacements(reference: Reference, relation: Relation) -> list[tuple[int, int, str]]:
    """What to replace in the decoded text: (start, end, new), 0-based characters, in order."""
    name = reference.parts[-1]
    found: list[tuple[int, int, str]] = []
    if len(reference.parts) > 1:
        schema = reference.parts[-2]
        if schema.name != relation.schema or len(reference.parts) > 2:
            found.append((reference.parts[0].start, schema.end, relation.schema))
    elif reference.kind is not Kind.COLUMN:
        found.append((name.start, name.start, f"{relation.schema}."))
    if name.name != relation.name:
        found.append((name.start, name.end, relation.name))
    return found


def rename(query: Query, use: Use, relation: Relation, workspace: Workspace) -> Fix:
    """Re-point `use` at `relation`: safe where proven, else with the reason that keeps it from being so."""
    edits: list[Edit] = []
    for start, end, new in replacements(use.reference, relation):
        place = query.source.locate(start, max(end, start + 1))
        if place is None:
            return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
        if end == start:
            place = Range(place.path, place.start, place.start, place.literal)
        edits.append(workspace.edit(place, new))
    reason = doubt(query, use, workspace)
    if reason is Reason.CONFLICTING_USES:
        return _prefix_at_use(query, use, relation, workspace)
    return Fix(Safety.UNSAFE if reason else Safety.SAFE, reason, tuple(edits))


def _prefix_at_use(query: Query, use: Use, relation: Relation, workspace: Workspace) -> Fix:
    """Leave the name, which also serves as something else, and put the schema in front of where it is used.

    Right only when every name that can stand there moves to the same schema, which `plan.settle` makes sure of.
    """
    name = use.reference.parts[0]
    place = query.source.before(name.start)
    if place is None or len(use.reference.parts) > 1 or name.name != relation.name:
        return Fix(Safety.MANUAL, Reason.CONFLICTING_USES)
    return Fix(Safety.SAFE, None, (workspace.edit(place, f"{relation.schema}."),))


def doubt(query: Query, use: Use, workspace: Workspace) -> Reason | None:
    """Why a change of `use` is not safe; None when it is."""
    if query.request or query.evidence is Evidence.FRAGMENT:
        return Reason.UNPROVEN_CALL
    if query.engine is Engine.UNKNOWN and query.sqlite_in_reach:
        return Reason.SQLITE_IN_REACH
    if use.statement.problem:
        return Reason.UNREADABLE_SQL
    if _has_other_uses(query, use.reference, workspace):
        return Reason.CONFLICTING_USES
    return None


def _has_other_uses(query: Query, reference: Reference, workspace: Workspace) -> bool:
    """Whether the name is a literal of its own that also serves as something else."""
    run = query.source.run_at(reference.parts[0].start)
    is_bare_name = len(run.text.split()) <= 1
    return is_bare_name and bool(workspace.other_uses.get((run.path, run.literal)))

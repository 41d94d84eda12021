"""The fix that gives a relation its new name where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from codemods.fixes.doubt import doubt
from codemods.fixes.other_uses import is_bare_name
from codemods.mapping import Already, Mapping, Moved, Relation
from codemods.model import Edit, Finding, Fix, Reason, Safety
from codemods.occurrences import Engine, Evidence, Query
from codemods.sourcemap import Range, Run, SourceMap
from codemods.sql import Kind, Reference, says_row
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


def renamed(
    rule: str, message: str, query: Query, use: Use, relation: Relation, workspace: Workspace
) -> Iterator[Finding]:
    """The finding of `rule` that `use` has to name `relation`, where the name is written or, failing that, used."""
    place = workspace.place(query, use.reference) if query.source.is_written(use.reference.start) else None
    if place is None:
        return
    fix = rename(query, use, relation, workspace)
    before = query.source.before(use.reference.start)
    if before is not None and fix.edits and fix.edits[0].span == workspace.span(before):
        place = before
    yield workspace.finding(rule, place, message, f"write {relation.qualified}", fix=fix)


def replaced(text: str, pieces: Iterable[tuple[int, int, str]], first: int = 0) -> str:
    """`text` with (start, end, new) replaced, in characters of what it is a part of from the 0-based `first` on."""
    for start, end, new in sorted(pieces, reverse=True):
        text = text[: start - first] + new + text[end - first :]
    return text


def rewrite_sql(text: str, mapping: Mapping) -> str:
    """SQL that stands in no file, with every name that moved replaced by its new one."""
    query = Query(SourceMap([Run("", text)]), Evidence.FILE, Engine.POSTGRESQL, "", 0)
    return rewritten(query, Workspace(mapping, {}, queries=(query,)))


def rewritten(query: Query, workspace: Workspace) -> str:
    """The text of `query`, one of the workspace's, with every name that surely moved replaced by its new one."""
    pieces = {
        piece
        for use in workspace.uses(query)
        if isinstance(use.resolution, Moved)
        and (
            len(use.reference.parts) > 1 or workspace.declarations.temporary(query, use.reference.names[0]) is not None
        )
        for piece in replacements(use.reference, use.resolution.relation)
    }
    return replaced(query.source.text, pieces)


def unmoved(text: str, uses: Iterable[Use], first: int = 0) -> str:
    """`text`, which begins at `first` of the query that `uses` are of, with the old name for every new one."""
    pieces = {
        piece
        for use in uses
        if isinstance(use.resolution, Already)
        for piece in replacements(use.reference, _as_it_was(use.resolution.relation))
    }
    return replaced(text, pieces, first)


def _as_it_was(relation: Relation) -> Relation:
    return replace(relation, schema=relation.old_schema, name=relation.old_name)


def rename(query: Query, use: Use, relation: Relation, workspace: Workspace) -> Fix:
    """Re-point `use` at `relation`: safe where proven, else with the reason that keeps it from being so."""
    written = query.source.text[use.reference.parts[-1].start]
    if written == "%" and use.reference.names[-1] != relation.name:
        return Fix(Safety.MANUAL, Reason.RUNTIME_VALUE, note="format puts the name in from a literal")
    edits: list[Edit] = []
    other, guessed = None, False
    for start, end, new in replacements(use.reference, relation):
        place = query.source.locate(start, max(end, start + 1))
        if place is None:
            return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
        if end == start:
            place = Range(place.path, place.start, place.start, place.literal)
        edits.append(workspace.edit(place, new))
        other = other or other_use(query, start, workspace)
        guessed = guessed or (is_guessed(query, start))
    reason = Reason.UNPROVEN_CALL if guessed else doubt(query, use.statement, workspace)
    name = use.reference.names[-1]
    if not reason and len(use.reference.parts) == 1 and workspace.declarations.temporary(query, name) is None:
        reason = Reason.TEMPORARY_TABLE
    if other and not reason:
        return _prefix_at_use(query, use, relation, other, workspace)
    if not reason and name != relation.name and says_row(query.source.text, use.statement, name):
        note = f"{name} by itself is a column, or the row of the table and then has to be {relation.name}"
        return Fix(Safety.UNSAFE, Reason.CONFLICTING_USES, tuple(edits), note)
    return Fix(Safety.UNSAFE if reason else Safety.SAFE, reason, tuple(edits))


def _prefix_at_use(query: Query, use: Use, relation: Relation, other: str, workspace: Workspace) -> Fix:
    """Leave the name, which also serves as `other`, and put the schema in front of where it is used.

    Right only when every name that can stand there moves to the same schema, which `plan.settle` makes sure of.
    """
    name, note = use.reference.parts[0], f"the name is also {other}"
    place = query.source.before(name.start)
    if place is None or len(use.reference.parts) > 1 or name.name != relation.name:
        return Fix(Safety.MANUAL, Reason.CONFLICTING_USES, note=note)
    return Fix(Safety.SAFE, None, (workspace.edit(place, f"{relation.schema}."),), note)


def other_use(query: Query, start: int, workspace: Workspace) -> str | None:
    """What else the text at `start` serves as, where it is a name in a literal of its own."""
    first, last, run = next(each for each in query.source.literals() if each[0] <= start < each[1])
    if not is_bare_name(query.source.text[first:last]):
        return None
    return workspace.other_use(run.path, run.literal) or workspace.escape(run.path, run.literal)


def is_guessed(query: Query, start: int) -> bool:
    """Whether nothing but a method's name says that the text at `start` is part of the statement."""
    run = query.source.run_at(start)
    return (run.path, run.literal) in query.guessed

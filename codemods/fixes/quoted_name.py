"""Names that a call quotes, such as `sql.Identifier("users")`: the schema becomes an argument of that call."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.fixes.doubt import doubt
from codemods.fixes.rename import is_guessed, replacements
from codemods.mapping import Relation
from codemods.model import Edit, Fix, Reason, Safety
from codemods.occurrences import Query, Target
from codemods.python.brackets import Brackets, call_brackets
from codemods.python.targets import insertions
from codemods.sourcemap import Range, SourceMap
from codemods.workspace import Use, Workspace


def quoter_of(query: Query, use: Use) -> tuple[str, int] | None:
    """The file and place of the call that quotes the name; None when no call does."""
    return query.source.run_at(use.reference.parts[0].start).quoter


def quoter_places(source: SourceMap, workspace: Workspace) -> Iterator[Range]:
    """Where a schema would be added to the calls that quote names in `source`."""
    for run in source.runs:
        brackets = _arguments(run.quoter, workspace) if run.quoter else None
        if run.quoter and brackets is not None and brackets.parts:
            first = brackets.parts[0].start
            yield Range(run.quoter[0], first, first, first)


def give_schema_to_quoter(
    query: Query, use: Use, relation: Relation, quoter: tuple[str, int], workspace: Workspace
) -> Fix:
    """Hand the schema of `relation`, and its name where that is new, to the call that quotes the name."""
    edits: list[Edit] = []
    for start, end, new in replacements(use.reference, relation):
        if start == end:
            added = _in_front(query, start, quoter, relation, workspace)
            if not added:
                return Fix(Safety.MANUAL, Reason.QUOTED_BY_API)
            edits += added
            continue
        place = query.source.locate(start + 1, end - 1)
        brackets = _arguments(quoter, workspace)
        if place is None or brackets is None or not brackets.opening < place.start < brackets.closing:
            return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
        edits.append(workspace.edit(place, new))
    guessed = is_guessed(query, use.reference.parts[-1].start + 1)
    reason = Reason.UNPROVEN_CALL if guessed else doubt(query, use.statement, workspace)
    return Fix(Safety.UNSAFE if reason else Safety.SAFE, reason, tuple(edits))


def _in_front(
    query: Query, start: int, quoter: tuple[str, int], relation: Relation, workspace: Workspace
) -> list[Edit]:
    """The schema as another argument, or, where the call takes one name only, in the statement in front of it."""
    path, at = quoter
    text = workspace.sources[path].text
    if text.startswith("Identifier", at):
        target = Target("first argument", path, at, "{}")
        added = insertions(text, [(target, relation.schema)])
        return [workspace.edit(Range(path, at, at, at), new) for at, new in added]
    place = query.source.before(start)
    return [workspace.edit(place, f"{relation.schema}.")] if place is not None else []


def _arguments(quoter: tuple[str, int], workspace: Workspace) -> Brackets | None:
    path, at = quoter
    return call_brackets(workspace.sources[path].text, at)

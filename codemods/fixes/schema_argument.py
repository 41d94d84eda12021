"""The fix that gives a table its new schema where a library takes the two apart."""

from __future__ import annotations

from codemods.mapping import Moved, Relation, Resolution
from codemods.model import Edit, Fix, Reason, Safety
from codemods.occurrences import TableArgument, Target
from codemods.python.lexer import end_of_token
from codemods.python.targets import REPLACING, insertions, replacement
from codemods.sourcemap import Range, SourceMap
from codemods.workspace import Workspace


def resolve(argument: TableArgument, workspace: Workspace) -> Resolution:
    """Where the table that `argument` names went; None also when its schema is only known at run time."""
    if argument.has_schema and argument.schema is None:
        return None
    schema = argument.schema.text if argument.schema else argument.default
    parts = tuple(argument.source.text.split(".")) if schema is None else (schema, argument.source.text)
    return workspace.mapping.resolve(parts, argument.described.kind, None, argument.path)


def give_schema(argument: TableArgument, relation: Relation, workspace: Workspace) -> Fix:
    """Write the schema of `relation`, and its name where that is new, or say why not."""
    name = argument.source
    edits: list[Edit] = []
    if argument.schema is not None and argument.schema.text != relation.schema:
        edits += _replaced(argument.schema, relation.schema, workspace)
    elif argument.schema is None:
        if argument.target is None or "." in name.text:
            return Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT)
        wanted = _all_targets(argument.target, workspace)
        if (argument.target, relation.schema) not in wanted or len(dict(wanted)) < len(wanted):
            return Fix(Safety.MANUAL, Reason.CONFLICTING_USES)
        path = argument.target.path
        if argument.target.form in REPLACING:
            edits += _in_place(argument.target, relation, workspace)
            if argument.target.form == "pair":
                return Fix(Safety.UNSAFE if argument.doubt else Safety.SAFE, argument.doubt, tuple(edits))
            wanted = []
        for at, text in insertions(workspace.sources[path].text, wanted):
            edits.append(workspace.edit(Range(path, at, at, at), text))
    if not edits:
        return Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT)
    if relation.name != name.text:
        renamed = _replaced(name, relation.name, workspace)
        if not renamed:
            return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
        edits += renamed
    return Fix(Safety.UNSAFE if argument.doubt else Safety.SAFE, argument.doubt, tuple(edits))


def argument_place(argument: TableArgument, workspace: Workspace) -> Range:
    """Where the name is written; the call or class when it is written nowhere."""
    place = argument.source.locate(0, len(argument.source.text)) or argument.source.first()
    if place is not None:
        return place
    end = end_of_token(workspace.sources[argument.path].text, argument.at)
    return Range(argument.path, argument.at, end, argument.at)


def _in_place(target: Target, relation: Relation, workspace: Workspace) -> list[Edit]:
    """What stands at `target` replaced by what says the schema too."""
    text = workspace.sources[target.path].text
    found = replacement(text, target, relation.schema, relation.name)
    if found is None:
        return []
    start, end, new = found
    return [workspace.edit(Range(target.path, start, end, start), new)]


def _all_targets(target: Target, workspace: Workspace) -> list[tuple[Target, str]]:
    """Every schema to add at the place of `target`: a call may name two tables, or one of several.

    A target whose table stays has the schema "".
    """
    found: dict[tuple[Target, str], None] = {}
    for each in workspace.by_call[target.path, target.at]:
        resolution = resolve(each, workspace)
        schema = resolution.relation.schema if isinstance(resolution, Moved) else ""
        if each.target is not None and (schema or each.target == target):
            found[each.target, schema] = None
    return list(found)


def _replaced(source: SourceMap, new: str, workspace: Workspace) -> list[Edit]:
    place = source.locate(0, len(source.text))
    return [workspace.edit(place, new)] if place is not None else []

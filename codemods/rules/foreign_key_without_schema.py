"""A foreign key, or another reference by name, does not follow its table into the new schema.

What it does: finds `ForeignKey("users.id")`, `ForeignKeyConstraint`, `relationship(secondary="user_groups")`,
SQLModel's `foreign_key="users.id"` and `metadata.tables["users"]`, and puts the schema of the table in front.

Why is this bad: once the mapped class names its schema, the ORM keeps the table as `shared_common.users`, and finds no
`users`.

Example: `user_id = Column(ForeignKey("users.id"))`

Use instead: `user_id = Column(ForeignKey("shared_common.users.id"))`

Fix safety: safe when the table's definition gets its schema too (all of them or none); unsafe when the tree does not
define the table; manual where the text is put together elsewhere.
"""

import re
from collections.abc import Iterator

from codemods.mapping import Ambiguous, Moved, Relation, Resolution
from codemods.model import Edit, Finding, Fix, Reason, Safety
from codemods.occurrences import TableArgument, TableReference
from codemods.python.brackets import call_brackets
from codemods.python.lexer import end_of_token
from codemods.sourcemap import Range
from codemods.workspace import Workspace

RULE = "foreign-key-without-schema"
GROUP = "orm"
LOOKS_AT = (TableReference,)
_FILLED_IN = re.compile(r"(?:\w+\s*=\s*)?[fF]?(?P<quote>[\"'])(?=(?:\{[\w.]*\}|%s)(?:\.\w+)?(?P=quote))")
_ADDED_TO = re.compile(r"(?:\w+\s*=\s*)?(?=[^\W\d][\w.]*\s*\+\s*(?P<quote>[\"'])\.\w+(?P=quote)$)")


def check(reference: TableReference, workspace: Workspace) -> Iterator[Finding]:
    table = _table(reference)
    definitions = _definitions(reference, workspace)
    if not 1 <= len(table) <= 2 or not (definitions or reference.known):
        return
    resolution = _resolve(reference, workspace)
    group = "" if reference.stands_alone else f"{reference.registry}:{table[-1]}"
    place = _inside(reference, workspace)
    where = place or _call(reference, workspace)
    if isinstance(resolution, Ambiguous):
        candidates = " or ".join(relation.qualified for relation in resolution.candidates)
        fix = Fix(Safety.MANUAL, Reason.AMBIGUOUS_NAME, group=group)
        yield workspace.finding(RULE, where, f"{table[-1]} may be {candidates} now", "name the right one", fix=fix)
    elif isinstance(resolution, Moved):
        relation = resolution.relation
        edits = _edits(reference, table, relation, place, workspace)
        fix = Fix(Safety.SAFE, None, edits, group=group)
        if not edits:
            fix = Fix(Safety.MANUAL, Reason.SPLIT_NAME, group=group)
        elif place is None and len(_schemas(reference, workspace)) > 1:
            fix = Fix(Safety.MANUAL, Reason.CONFLICTING_USES, group=group)
        elif reference.doubt:
            fix = Fix(Safety.UNSAFE, reference.doubt, edits, group=group)
        elif not definitions and not reference.stands_alone:
            fix = Fix(Safety.UNSAFE, Reason.UNPROVEN_CALL, edits, group=group)
        yield workspace.finding(
            RULE,
            where,
            f"{'.'.join(table)} is now {relation.qualified}",
            f"refer to {relation.qualified}",
            fix=fix,
        )


def _table(reference: TableReference) -> tuple[str, ...]:
    names = tuple(reference.source.text.split("."))
    return names[:-1] if reference.has_column else names


def _definitions(reference: TableReference, workspace: Workspace) -> list[TableArgument]:
    table = _table(reference)
    return workspace.definitions.get((reference.registry, table[-1]), []) if table else []


def _resolve(reference: TableReference, workspace: Workspace) -> Resolution:
    table = _table(reference)
    defaults = {definition.default for definition in _definitions(reference, workspace) if definition.default}
    known = (*defaults, *table) if len(table) == 1 and len(defaults) == 1 else table
    return workspace.mapping.resolve(known, "relation", None, reference.path)


def _schemas(reference: TableReference, workspace: Workspace) -> set[str]:
    """The schemas of all tables that the call refers to, "" for one that stays."""
    found = (_resolve(each, workspace) for each in workspace.references_by_call[reference.path, reference.at])
    return {resolution.relation.schema if isinstance(resolution, Moved) else "" for resolution in found}


def _edits(
    reference: TableReference, table: tuple[str, ...], relation: Relation, place: Range | None, workspace: Workspace
) -> tuple[Edit, ...]:
    if place is None:
        return tuple(_before_name(reference, relation.schema, workspace))
    length = len(".".join(table))
    old = reference.source.locate(0, length)
    if old is None:
        return ()
    if len(table) == 1 and table[0] == relation.name:
        return (workspace.edit(Range(old.path, old.start, old.start, old.literal), f"{relation.schema}."),)
    return (workspace.edit(old, relation.qualified),)


def _inside(reference: TableReference, workspace: Workspace) -> Range | None:
    """Where the name is written, if that is among the arguments of the call itself."""
    place = reference.source.locate(0, 1)
    if place is not None and (place.path, place.literal) == (reference.path, reference.at):
        return reference.source.locate(0, len(reference.source.text))
    brackets = call_brackets(workspace.sources[reference.path].text, reference.at)
    if place is None or brackets is None or place.path != reference.path:
        return None
    whole = reference.source.locate(0, len(reference.source.text))
    return (whole or place) if brackets.opening < place.start < brackets.closing else None


def _before_name(reference: TableReference, schema: str, workspace: Workspace) -> Iterator[Edit]:
    """The schema in front of a name that is written elsewhere: `f"{User.__tablename__}.id"`, `USERS + ".id"`."""
    text = workspace.sources[reference.path].text
    brackets = call_brackets(text, reference.at)
    for part in brackets.parts if brackets else ():
        filled, added = (each.match(text, part.start, part.end) for each in (_FILLED_IN, _ADDED_TO))
        if filled:
            yield workspace.edit(Range(reference.path, filled.end(), filled.end(), filled.end()), f"{schema}.")
            return
        if added and brackets:
            # All of the arguments are replaced, which the proof of a file compares as a whole.
            quote, (start, end) = added["quote"], (brackets.opening, brackets.closing + 1)
            new = f"{text[start : added.end()]}{quote}{schema}.{quote} + {text[added.end() : end]}"
            yield workspace.edit(Range(reference.path, start, end, start), new)
            return


def _call(reference: TableReference, workspace: Workspace) -> Range:
    end = end_of_token(workspace.sources[reference.path].text, reference.at)
    return Range(reference.path, reference.at, end, reference.at)

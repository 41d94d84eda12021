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

from codemods.mapping import Ambiguous, Moved, Relation
from codemods.model import Edit, Finding, Fix, Reason, Safety
from codemods.occurrences import TableReference
from codemods.python.brackets import call_brackets
from codemods.python.lexer import end_of_token
from codemods.sourcemap import Range
from codemods.workspace import Workspace

RULE = "foreign-key-without-schema"
GROUP = "orm"
LOOKS_AT = (TableReference,)
_NAME_OF_CLASS = re.compile(r"(?:\w+\s*=\s*)?[fF](?P<quote>[\"'])(?=\{[\w.]+\}(?:\.\w+)?(?P=quote)$)")


def check(reference: TableReference, workspace: Workspace) -> Iterator[Finding]:
    names = tuple(reference.source.text.split("."))
    table = names[:-1] if reference.has_column else names
    definitions = workspace.definitions.get((reference.registry, table[-1]), []) if table else []
    if not 1 <= len(table) <= 2 or not (definitions or reference.known):
        return
    defaults = {definition.default for definition in definitions if definition.default}
    known = (*defaults, *table) if len(table) == 1 and len(defaults) == 1 else table
    resolution = workspace.mapping.resolve(known, "relation", None, reference.path)
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


def _edits(
    reference: TableReference, table: tuple[str, ...], relation: Relation, place: Range | None, workspace: Workspace
) -> tuple[Edit, ...]:
    if place is None:
        at = _before_class_name(reference, workspace)
        return () if at is None else (workspace.edit(at, f"{relation.schema}."),)
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
    brackets = call_brackets(workspace.sources[reference.path].text, reference.at)
    if place is None or brackets is None or place.path != reference.path:
        return None
    whole = reference.source.locate(0, len(reference.source.text))
    return (whole or place) if brackets.opening < place.start < brackets.closing else None


def _before_class_name(reference: TableReference, workspace: Workspace) -> Range | None:
    """The beginning of `f"{User.__tablename__}.id"`, the whole argument of the call."""
    text = workspace.sources[reference.path].text
    brackets = call_brackets(text, reference.at)
    for part in brackets.parts if brackets else ():
        found = _NAME_OF_CLASS.match(text[part.start : part.end])
        if found:
            at = part.start + found.end()
            return Range(reference.path, at, at, at)
    return None


def _call(reference: TableReference, workspace: Workspace) -> Range:
    end = end_of_token(workspace.sources[reference.path].text, reference.at)
    return Range(reference.path, reference.at, end, reference.at)

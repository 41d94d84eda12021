"""The name that an ORM's table gives a statement: `table.fullname` says the schema too, where `table.name` does not."""

from __future__ import annotations

import re

from codemods.checkout.paths import is_test
from codemods.drivers.sqlalchemy import REGISTRY
from codemods.mapping import Already, Moved
from codemods.model import Edit, Fix, Reason, Safety
from codemods.occurrences import Query
from codemods.python.masks import Template, Unclear, read_strings
from codemods.sourcemap import Range, TableName
from codemods.sql import HOLE, Identifier, Kind, Reference, Role
from codemods.sql.keywords import RESERVED
from codemods.workspace import Workspace

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*")
_NAME, _FULL_NAME, _QUOTED = "name", "fullname", """fullname.replace(".", '"."')"""


def is_full_name(reference: Reference, query: Query) -> bool:
    """Whether a table gives its whole name where `reference` wants one: quotes would make one name of the two."""
    name = reference.parts[-1]
    given = query.source.run_at(_first(name)).of_table
    return given is not None and given.form == ("quoted" if name.quoted else "full")


def give_full_name(reference: Reference, query: Query, workspace: Workspace) -> Fix | None:
    """Write the other attribute, or say why not; None where `reference` is no name that a table gives."""
    name = reference.parts[-1]
    given = query.source.run_at(_first(name)).of_table
    if given is None or given.form != "bare" or not _moves(workspace):
        return None
    if len(reference.parts) > 1 or not _is_name_of_table(reference, query.source.text):
        return Fix(Safety.MANUAL, Reason.RUNTIME_VALUE)
    if reference.role in (Role.DROP, Role.TRUNCATE) and not is_test(query.path):
        return Fix(Safety.MANUAL, Reason.DESTROYS_DATA)
    use = workspace.other_use(given.path, given.at) or workspace.escape(given.path, given.at)
    if use:
        return Fix(Safety.MANUAL, Reason.CONFLICTING_USES, note=f"the name is also {use}")
    edits = _edits(name, given, query, workspace)
    return Fix(Safety.SAFE, None, edits) if edits else Fix(Safety.MANUAL, Reason.QUOTED_BY_API)


def _first(name: Identifier) -> int:
    return name.start + name.quoted


def _moves(workspace: Workspace) -> bool:
    """Whether tables of the ORM have, or get, a schema."""
    return any(
        isinstance(workspace.mapping.resolve((name,), "relation", None, ""), (Already, Moved))
        for registry, name in workspace.definitions
        if registry == REGISTRY
    )


def _is_name_of_table(reference: Reference, text: str) -> bool:
    """Whether the name is a table's own, or begins that of a sequence, which is in the same schema."""
    name = reference.parts[-1]
    if reference.kind is Kind.SEQUENCE:
        return name.name.startswith(HOLE) and name.name.endswith("_seq") and not name.quoted
    return name.name == HOLE


def _edits(name: Identifier, given: TableName, query: Query, workspace: Workspace) -> tuple[Edit, ...]:
    place, text = given.range, workspace.sources[given.path].text
    if text[place.start : place.end] != _NAME:
        return ()
    if not name.quoted:
        return (workspace.edit(place, _FULL_NAME),)
    if not _is_in_template(text, place):
        return (workspace.edit(place, _QUOTED),)
    quotes = [query.source.locate(at, at + 1) for at in (name.start, name.end - 1)]
    around = [workspace.edit(quote, "") for quote in quotes if quote is not None]
    if len(around) < len(quotes) or not _need_no_quotes(workspace):
        return ()
    return (around[0], workspace.edit(place, _FULL_NAME), around[1])


def _need_no_quotes(workspace: Workspace) -> bool:
    """Whether every table of the ORM has a name that needs no quotes, behind its schema if it has one."""
    for registry, name in workspace.definitions:
        resolution = workspace.mapping.resolve((name,), "relation", None, "")
        schema = resolution.relation.schema if isinstance(resolution, (Already, Moved)) else ""
        is_plain = _PLAIN.fullmatch(f"{schema or name}.{name}") and (schema or name.upper() not in RESERVED)
        if registry == REGISTRY and not is_plain:
            return False
    return True


def _is_in_template(text: str, place: Range) -> bool:
    """Whether the attribute stands inside of a format string, where quotes cannot be written freely."""
    try:
        strings = read_strings(text, 0, len(text))
    except Unclear:
        return True
    return any(isinstance(each, Template) and each.start <= place.start < each.end for each in strings)

"""A call takes a relation's name, quotes it, and so cannot be given a qualified one.

What it does: finds names of moved relations given to `sql.Identifier`, asyncpg's `copy_records_to_table`, pandas'
`to_sql` and the like, which get the schema as another argument, and to psycopg2's `copy_from` and `copy_to`, which
become `copy_expert` with the statement that they stand for.

Why is this bad: the old name is gone, and `"shared_common.users"` would be taken for one identifier.

Example: `sql.SQL("SELECT * FROM {}").format(sql.Identifier("users"))`

Use instead: `sql.SQL("SELECT * FROM {}").format(sql.Identifier("shared_common", "users"))`

Fix safety: safe where the call takes the schema apart and, for an identifier, the statement shows that it names the
relation; manual for a copy whose arguments are not all written in the call (`needs-argument`).
"""

from collections.abc import Iterator

from codemods.fixes.copy_call import copy_expert
from codemods.fixes.quoted_name import give_schema_to_quoter, quoter_of
from codemods.fixes.rename import replacements
from codemods.fixes.schema_argument import argument_place, give_schema, resolve
from codemods.mapping import Moved, Relation
from codemods.model import Finding, Fix, Safety
from codemods.occurrences import Query, TableArgument
from codemods.sourcemap import Range
from codemods.sql import Role
from codemods.workspace import Workspace

RULE = "copy-needs-schema"
GROUP = "sql"
LOOKS_AT = (TableArgument, Query)
_COPIES = frozenset({"copy_from", "copy_to"})


def check(occurrence: TableArgument | Query, workspace: Workspace) -> Iterator[Finding]:
    if isinstance(occurrence, Query):
        yield from _check_query(occurrence, workspace)
    elif occurrence.described.rule == RULE:
        yield from _check_argument(occurrence, workspace)


def _check_argument(argument: TableArgument, workspace: Workspace) -> Iterator[Finding]:
    resolution = resolve(argument, workspace)
    if not isinstance(resolution, Moved):
        return
    relation, name = resolution.relation, argument.source.text
    yield workspace.finding(
        RULE,
        argument_place(argument, workspace),
        f"{name} is now {relation.qualified}, and the call quotes the name it is given",
        argument.described.way_out.format(qualified=relation.qualified, schema=relation.schema, name=relation.name),
        fix=_fix(argument, relation, workspace),
    )


def _fix(argument: TableArgument, relation: Relation, workspace: Workspace) -> Fix:
    if not _COPIES.isdisjoint(argument.described.names) and argument.schema is None:
        call = copy_expert(workspace.sources[argument.path].text, argument.at, relation)
        if call is not None:
            place = Range(argument.path, call.start, call.end, call.start)
            return Fix(Safety.SAFE, None, (workspace.edit(place, call.text),))
    return give_schema(argument, relation, workspace)


def _check_query(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for use in workspace.uses(query):
        quoter, reference = quoter_of(query, use), use.reference
        if quoter is None or not isinstance(use.resolution, Moved) or reference.role in (Role.DROP, Role.TRUNCATE):
            continue
        relation = use.resolution.relation
        if not replacements(reference, relation):
            continue
        name = reference.parts[-1]
        place = query.source.locate(name.start + 1, name.end - 1) or Range(*quoter, quoter[1] + 1, quoter[1])
        yield workspace.finding(
            RULE,
            place,
            f"{name.name} is now {relation.qualified}, and the call quotes the name it is given",
            f"write Identifier({relation.schema!r}, {relation.name!r})",
            fix=give_schema_to_quoter(query, use, relation, quoter, workspace),
        )

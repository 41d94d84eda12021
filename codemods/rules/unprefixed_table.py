"""A relation that moved is named without its schema.

What it does: finds relations of the mapping that SQL names bare, and puts their new schema in front. Indexes, and
sequences that a table owns, move with their table: where the code shows whose they are (`CREATE INDEX`, `OWNED BY`),
their names follow.

Why is this bad: the old `public` table is gone, so the statement fails, or finds another table through
`search_path`.

Example: `SELECT * FROM users`

Use instead: `SELECT * FROM shared_common.users`

A part of a statement, as tests expect it, follows the statement that runs; a name that the same function gives a table
(`RENAME TO`) is in the table's schema.

Fix safety: safe for a complete statement or a part of one that runs; unsafe with SQLite in reach, in a fragment, in
text sent to a service, where another method makes a temporary table of that name, and where a renamed table's row is
named by itself; manual for a function that is called like a column (`u.full_name`), and a renamed table that `format`
puts in.
"""

from collections.abc import Iterator

from codemods.declarations import read_sql
from codemods.fixes.destruction import destroys_moved_data
from codemods.fixes.rename import renamed, replacements
from codemods.mapping import Moved
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import Query
from codemods.sql import Kind, attributes
from codemods.workspace import Workspace

GROUP = "sql"
LOOKS_AT = (Query,)


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for use in workspace.uses(query):
        reference = use.reference
        if not isinstance(use.resolution, Moved) or len(reference.parts) > 1 or reference.literal:
            continue
        relation = use.resolution.relation
        if destroys_moved_data(query, use, relation, workspace) or not replacements(reference, relation):
            continue
        message = f"{reference.parts[-1].name} is now {relation.qualified}"
        yield from renamed("unprefixed-table", message, query, use, relation, workspace)
    if workspace.declarations.functions_of_rows:
        yield from _called_like_columns(query, workspace)


def _called_like_columns(query: Query, workspace: Workspace) -> Iterator[Finding]:
    """Functions of a row that a statement calls like a column of a table that it names: only the path finds those."""
    text = query.source.text
    for statement in read_sql(text).statements:
        tables = {found.names[-1] for found in statement.references if found.kind is Kind.RELATION}
        if tables.isdisjoint(table for table, _ in workspace.declarations.functions_of_rows):
            continue
        for start, end, name in attributes(text, statement):
            function = next(
                (
                    workspace.declarations.functions_of_rows[table, name]
                    for table in tables
                    if (table, name) in workspace.declarations.functions_of_rows
                ),
                None,
            )
            place = query.source.locate(start, end) if function else None
            if function is not None and place is not None:
                yield workspace.finding(
                    "unprefixed-table",
                    place,
                    f"{name}, called like a column, is now the function {function.qualified}",
                    f"write {function.qualified}(…) around the row",
                    fix=Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT),
                )

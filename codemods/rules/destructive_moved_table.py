"""A `DROP` or `TRUNCATE` names a relation that moved.

What it does: reports statements that would destroy the rows of a relation of the mapping. Not reported but changed like
any other statement: a test's, because its database is its own; that of a migration whose folder also creates the
relation, because it has been run where the data is; and `DROP` of what holds no rows (views, functions, types without
`CASCADE`).

Why is this bad: with the old name the statement fails or does nothing; with the new name it would destroy data that
the migration has just brought to its new place. Only a person can say which of the two is meant.

Example: `DROP TABLE IF EXISTS users CASCADE`

Use instead: the new name, where the data may really go.

Fix safety: unsafe where the same file creates or fills the relation again, else manual (both `destroys-data`).
"""

from collections.abc import Iterator
from dataclasses import replace

from codemods.fixes.destruction import destroys_moved_data, is_rebuilt
from codemods.fixes.rename import rename
from codemods.mapping import Moved, Relation
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import Query
from codemods.workspace import Use, Workspace

GROUP = "sql"
LOOKS_AT = (Query,)


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for use in workspace.uses(query):
        if not isinstance(use.resolution, Moved):
            continue
        relation = use.resolution.relation
        place = workspace.place(query, use.reference)
        if place is not None and destroys_moved_data(query, use, relation, workspace):
            yield workspace.finding(
                "destructive-moved-table",
                place,
                f"{use.statement.verb} of {use.reference.parts[-1].name}, which is now {relation.qualified}",
                f"decide whether the data of {relation.qualified} may go; then write that name",
                fix=_fix(query, use, relation, workspace),
            )


def _fix(query: Query, use: Use, relation: Relation, workspace: Workspace) -> Fix:
    fix = rename(query, use, relation, workspace) if is_rebuilt(query, relation, workspace) else None
    if fix is None or fix.safety is Safety.MANUAL:
        return Fix(Safety.MANUAL, Reason.DESTROYS_DATA)
    return replace(fix, safety=Safety.UNSAFE, reason=Reason.DESTROYS_DATA)

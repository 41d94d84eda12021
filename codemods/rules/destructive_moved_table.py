"""A `DROP` or `TRUNCATE` names a relation that moved.

What it does: reports statements that would destroy a relation of the mapping.

Why is this bad: with the old name the statement fails or does nothing; with the new name it would destroy data that
the migration has just brought to its new place. Only a person can say which of the two is meant.

Example: `DROP TABLE IF EXISTS users CASCADE`

Use instead: nothing, or the new name where the data may really go (a test's clean-up, say).

Fix safety: always manual (`destroys-data`).
"""

from collections.abc import Iterator

from codemods.mapping import Moved
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import Query
from codemods.sql import Role
from codemods.workspace import Workspace

GROUP = "sql"
LOOKS_AT = (Query,)


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for use in workspace.uses(query):
        if use.reference.role not in (Role.DROP, Role.TRUNCATE) or not isinstance(use.resolution, Moved):
            continue
        place = workspace.place(query, use.reference)
        if place is not None:
            relation = use.resolution.relation
            yield workspace.finding(
                "destructive-moved-table",
                place,
                f"{use.statement.verb} of {use.reference.parts[-1].name}, which is now {relation.qualified}",
                f"decide whether the data of {relation.qualified} may go; then write that name",
                fix=Fix(Safety.MANUAL, Reason.DESTROYS_DATA),
            )

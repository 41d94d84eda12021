"""A statement is about a whole schema that relations left.

What it does: reports `GRANT … ON ALL TABLES IN SCHEMA public`, `GRANT USAGE ON SCHEMA public`, default privileges,
`DROP SCHEMA public`, `REINDEX SCHEMA public` and publications of a schema.

Why is this bad: the statement still runs, but no longer reaches the tables that moved: a role lacks its rights, a reset
of a test database leaves the data in place.

Example: `GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader`

Use instead: the same for the new schemas too: `… IN SCHEMA public, shared_common TO reader`

Fix safety: always manual (`meaning-widens`), because one schema has become several.
"""

from collections.abc import Iterator

from codemods.declarations import read_sql
from codemods.model import Finding, Fix, Impact, Reason, Safety
from codemods.occurrences import Query
from codemods.sql import Kind
from codemods.workspace import Workspace

GROUP = "sql"
LOOKS_AT = (Query,)

_VERBS = frozenset(
    {
        "GRANT", "REVOKE", "ALTER DEFAULT", "REINDEX", "DROP SCHEMA", "ALTER SCHEMA",
        "CREATE PUBLICATION", "ALTER PUBLICATION",
    }
)  # fmt: skip


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for statement in read_sql(query.source.text).statements:
        for found in statement.references if statement.verb in _VERBS else ():
            if found.kind is not Kind.SCHEMA or found.names[-1] not in workspace.mapping.old_schemas:
                continue
            place = query.source.locate(found.start, found.end)
            if place is not None:
                yield workspace.finding(
                    "old-schema",
                    place,
                    f"{statement.verb} of the schema {found.names[-1]} no longer reaches the tables that left it",
                    "say it of the new schemas too",
                    Impact.MEDIUM,
                    Fix(Safety.MANUAL, Reason.MEANING_WIDENS),
                )

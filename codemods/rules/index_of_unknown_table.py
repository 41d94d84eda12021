"""An index is named, and no statement shows which table it belongs to.

What it does: reports indexes that a statement names without a schema, or with one that relations left, where no
`CREATE INDEX` or constraint in the tree ties them to a table. Where the name begins with that of a table that moved, it
says what to write.

Why is this bad: an index moves with its table. `DROP INDEX IF EXISTS` then does nothing, without an error.

Example: `REINDEX INDEX users_by_name`

Use instead: `REINDEX INDEX shared_common.users_by_name`

Fix safety: manual (`unknown-table`).
"""

from collections.abc import Iterator

from codemods.mapping import Already, Moved
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import Evidence, Query
from codemods.sql import Kind
from codemods.workspace import Use, Workspace

GROUP = "sql"
LOOKS_AT = (Query,)
_AUTOMATIC = ("_pkey", "_key", "_idx", "_excl")


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    if query.evidence is Evidence.FRAGMENT:
        return
    for use in workspace.uses(query):
        reference = use.reference
        table = _table(query, use, workspace)
        if reference.kind is not Kind.INDEX and (not table or not reference.names[-1].endswith(_AUTOMATIC)):
            continue
        if (
            use.resolution is not None
            or not _is_old(use, workspace)
            or not workspace.declarations.is_homeless(reference)
        ):
            continue
        place = workspace.place(query, reference)
        if place is not None:
            name = reference.names[-1]
            yield workspace.finding(
                "index-of-unknown-table",
                place,
                f"no statement shows which table the index or constraint {name} belongs to; it moves with its table",
                f"write {table}, if it is one of that table" if table else "write the schema of its table",
                fix=Fix(Safety.MANUAL, Reason.UNKNOWN_TABLE),
            )


def _is_old(use: Use, workspace: Workspace) -> bool:
    schemas = use.reference.names[:-1]
    if use.reference.kind is Kind.RELATION and not use.reference.literal:
        return False
    return not schemas or schemas[-1] in workspace.mapping.old_schemas


def _table(query: Query, use: Use, workspace: Workspace) -> str | None:
    """The index's name with the schema of the moved table that it is probably named after."""
    name = use.reference.names[-1]
    words = name.split("_")
    for count in range(len(words) - 1, 0, -1):
        for start in (0, 1):
            table = "_".join(words[start:count])
            found = workspace.mapping.resolve((table,), "relation", query.database, query.path) if table else None
            if isinstance(found, (Moved, Already)):
                return f"{found.relation.schema}.{name}"
    return None

"""A name that several old databases used for different tables.

What it does: reports names that the mapping sends to more than one place, where neither the connection's database
nor the service of the file says which one is meant.

Why is this bad: a guess would read another service's data.

Example: `SELECT * FROM settings`, when both `admin_db.settings` and `shop_db.settings` moved

Use instead: the right one of the candidates; or tell relink which service the file belongs to (`services:` in the
mapping).

Fix safety: always manual (`ambiguous-name`).
"""

from collections.abc import Iterator

from codemods.mapping import Ambiguous
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import Query
from codemods.workspace import Workspace

GROUP = "sql"
LOOKS_AT = (Query,)


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for use in workspace.uses(query):
        if not isinstance(use.resolution, Ambiguous):
            continue
        place = workspace.place(query, use.reference)
        if place is not None:
            names = " or ".join(relation.qualified for relation in use.resolution.candidates)
            yield workspace.finding(
                "ambiguous-table",
                place,
                f"{use.reference.parts[-1].name} is now {names}",
                "write the one that is meant, or give the mapping a service for this file",
                fix=Fix(Safety.MANUAL, Reason.AMBIGUOUS_NAME),
            )

"""A `search_path` lacks a schema that the file's queries need.

What it does: looks at `SET search_path`, `set_config(\'search_path\', ...)` and their like, and compares the schemas
with those of the relations that the same file's queries name.

Why is this bad: a name that is still bare, or is put together at run time, is not found through this path.

Example: `SET search_path TO public`, before queries of `users`

Use instead: `SET search_path TO shared_common, public`; keep `public` where extensions live there

Fix safety: always manual (`meaning-widens`): the order of the schemas decides which table wins.
"""

from collections.abc import Iterator

from codemods.model import Finding, Fix, Impact, Reason, Safety
from codemods.occurrences import Query
from codemods.workspace import Workspace, read_sql

GROUP = "connections"
LOOKS_AT = (Query,)


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for statement in read_sql(query.source.text).statements:
        for search_path in statement.search_paths:
            missing = sorted(workspace.needs(query.path) - set(search_path.schemas))
            place = query.source.locate(search_path.start, search_path.end)
            if missing and place is not None:
                yield workspace.finding(
                    "search-path-misses-schema",
                    place,
                    f"this search_path lacks {', '.join(missing)}, where queries of this file find their tables",
                    "add what bare names need, in the order that decides between equal names",
                    Impact.MEDIUM,
                    Fix(Safety.MANUAL, Reason.MEANING_WIDENS),
                )

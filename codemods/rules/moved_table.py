"""A relation is named with the schema that it left.

What it does: finds relations of the mapping qualified with their old schema, in `FROM` and in columns such as
`public.users.id`, and replaces the schema.

Why is this bad: there is no such table any more.

Example: `SELECT public.users.id FROM public.users`

Use instead: `SELECT shared_common.users.id FROM shared_common.users`

Fix safety: as for `unprefixed-table`.
"""

from collections.abc import Iterator

from codemods.fixes.destruction import destroys_moved_data
from codemods.fixes.rename import renamed
from codemods.mapping import Moved
from codemods.model import Finding
from codemods.occurrences import Query
from codemods.workspace import Workspace

GROUP = "sql"
LOOKS_AT = (Query,)


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for use in workspace.uses(query):
        reference = use.reference
        if not isinstance(use.resolution, Moved) or len(reference.parts) < 2 or reference.literal:
            continue
        relation = use.resolution.relation
        if destroys_moved_data(query, use, relation, workspace):
            continue
        written = ".".join(part.name for part in reference.parts)
        yield from renamed("moved-table", f"{written} is now {relation.qualified}", query, use, relation, workspace)

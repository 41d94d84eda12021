"""A call takes a relation's name, quotes it, and so cannot be given a qualified one.

What it does: finds names of moved relations given to `copy_from`, `copy_to`, `copy_records_to_table`, `to_sql`,
`read_sql_table`, `sql.Identifier` and the like.

Why is this bad: the old name is gone, and `"shared_common.users"` would be taken for one identifier.

Example: `cursor.copy_from(file, "users")`

Use instead: `cursor.copy_expert("COPY shared_common.users FROM STDIN", file)`, or the argument that the message names

Fix safety: always manual (`needs-argument`).
"""

from collections.abc import Iterator

from codemods.drivers.registry import REGISTRY
from codemods.mapping import Moved
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import TableArgument
from codemods.workspace import Workspace

GROUP = "sql"
LOOKS_AT = (TableArgument,)


def check(argument: TableArgument, workspace: Workspace) -> Iterator[Finding]:
    described = REGISTRY.tables[argument.api]
    if described.rule != "copy-needs-schema":
        return
    parts = tuple(argument.source.text.split("."))
    resolution = workspace.mapping.resolve(parts, "relation", None, argument.path)
    place = argument.source.locate(0, len(argument.source.text))
    if place is not None and isinstance(resolution, Moved):
        relation = resolution.relation
        yield workspace.finding(
            "copy-needs-schema",
            place,
            f"{argument.source.text} is now {relation.qualified}, and {argument.api} quotes the name it is given",
            described.way_out.format(qualified=relation.qualified, schema=relation.schema, name=relation.name),
            fix=Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT),
        )

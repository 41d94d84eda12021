"""An ORM class or `Table` maps a relation that moved and names no schema.

What it does: finds `__tablename__ = "users"` in a class whose `__table_args__` has no `"schema"`, and
`Table("users", ...)` without `schema=`. A `MetaData(schema=...)` anywhere in the tree silences it.

Why is this bad: every statement that the ORM writes names the old table.

Example: `class User(Base): __tablename__ = "users"`

Use instead: the same class with `__table_args__ = {"schema": "shared_common"}`

Fix safety: always manual (`needs-argument`); foreign keys that name the class's table have to follow.
"""

from collections.abc import Iterator

from codemods.drivers.registry import REGISTRY
from codemods.mapping import Moved
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import TableArgument
from codemods.workspace import Workspace

GROUP = "orm"
LOOKS_AT = (TableArgument,)


def check(argument: TableArgument, workspace: Workspace) -> Iterator[Finding]:
    described = REGISTRY.tables[argument.api]
    if described.rule != "orm-table-without-schema":
        return
    name = argument.source.text
    resolution = workspace.mapping.resolve((name,), "relation", None, argument.path)
    place = argument.source.locate(0, len(name))
    if place is not None and isinstance(resolution, Moved):
        relation = resolution.relation
        yield workspace.finding(
            "orm-table-without-schema",
            place,
            f"{name} is now {relation.qualified}, and its ORM mapping names no schema",
            described.way_out.format(schema=relation.schema, name=relation.name, qualified=relation.qualified),
            fix=Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT),
        )

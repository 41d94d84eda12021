"""An ORM class or a call maps a relation that moved, without its new schema.

What it does: finds mapped classes of SQLAlchemy, Flask-SQLAlchemy, SQLModel, Peewee, Tortoise, Pony and Django, also
those whose table is named after the class, `Table(...)`, Alembic's operations, the inspector's methods and PyPika's
tables, and adds the schema: to `__table_args__`, to `class Meta`, or as an argument.

Why is this bad: every statement that the ORM writes names the old table.

Example: `class User(Base): __tablename__ = "users"`

Use instead: the same class with `__table_args__ = {"schema": "shared_common"}`

Fix safety: safe where all references to the table can follow (`foreign-key-without-schema`); unsafe when the tree makes
SQLite engines too, which know no such schema, or has a `schema_translate_map`, which gives schemas at run time; manual
where the arguments are computed (a dict or tuple that has a name is spread into a new one) or the library takes no
schema. Django takes none: its tables are found through `search_path`, which `search-path-misses-schema` gives to its
DATABASES; what is on that is not reported.
"""

from collections.abc import Iterator
from dataclasses import replace

from codemods.fixes.schema_argument import argument_place, give_schema, resolve
from codemods.fixes.search_path import schemas_to_find
from codemods.mapping import Ambiguous, Moved
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import TableArgument
from codemods.workspace import Workspace

RULE = "orm-table-without-schema"
GROUP = "orm"
LOOKS_AT = (TableArgument,)


def check(argument: TableArgument, workspace: Workspace) -> Iterator[Finding]:
    if argument.described.rule != RULE:
        return
    if argument.described.default == "" and _is_of_old_schema(argument, workspace):
        yield _reflection(argument, workspace)
        return
    resolution = resolve(argument, workspace)
    place = argument_place(argument, workspace)
    name = argument.source.text
    if isinstance(resolution, Ambiguous):
        names = " or ".join(relation.qualified for relation in resolution.candidates)
        fix = Fix(Safety.MANUAL, Reason.AMBIGUOUS_NAME, group=group(argument))
        yield workspace.finding(RULE, place, f"{name} may be {names} now", "give the schema of the right one", fix=fix)
    elif isinstance(resolution, Moved):
        relation = resolution.relation
        schemas = ",".join(schemas_to_find(workspace)) if argument.described.by_search_path else ""
        message = (
            f"{name} is now {relation.qualified}, and {'another' if argument.schema else 'no'} schema is given for it"
        )
        help = argument.described.way_out.format(
            schema=relation.schema, name=relation.name, qualified=relation.qualified, schemas=schemas
        )
        if argument.described.by_search_path and relation.schema in workspace.found_by_path:
            if relation.name == name:
                return
            message, help = f"{name} is called {relation.name} now", "call it so"
        fix = replace(give_schema(argument, relation, workspace), group=group(argument))
        yield workspace.finding(RULE, place, message, help, fix=fix)


def _is_of_old_schema(argument: TableArgument, workspace: Workspace) -> bool:
    if argument.has_schema:
        return argument.schema is not None and argument.schema.text in workspace.mapping.old_schemas
    return not argument.default


def _reflection(argument: TableArgument, workspace: Workspace) -> Finding:
    left = ", ".join(sorted(workspace.mapping.old_schemas))
    message = f"this looks at the tables of one schema only, and tables have moved out of {left}"
    fix = Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT)
    return workspace.finding(RULE, argument_place(argument, workspace), message, argument.described.way_out, fix=fix)


def group(argument: TableArgument) -> str:
    """What changes together with the definition of a table."""
    registry = argument.described.registry
    return f"{registry}:{argument.source.text}" if registry else ""

"""Alembic's operations: https://alembic.sqlalchemy.org/en/latest/ops.html"""

from codemods.drivers.model import Driver, Query, TableArgument
from codemods.drivers.sqlalchemy import RULE


def _operation(
    position: int, keywords: tuple[str, ...], schema: str, *functions: str, unsaid: str = ""
) -> TableArgument:
    names = tuple(f"alembic.op.{function}" for function in functions)
    return TableArgument(names, position, keywords, schema, f"pass {schema}={{schema!r}}", RULE, unsaid=unsaid)


_TABLE = ("table_name", "table")

DRIVER = Driver(
    "alembic",
    "unknown",
    queries=(Query(("alembic.op.execute",), keywords=("sqltext",)),),
    tables=(
        _operation(
            0, _TABLE, "schema", "create_table", "drop_table", "add_column", "drop_column", "alter_column",
            "batch_alter_table", "create_table_comment", "drop_table_comment",
        ),
        _operation(0, ("old_table_name",), "schema", "rename_table"),
        _operation(
            1, _TABLE, "schema", "create_index", "create_unique_constraint", "create_check_constraint",
            "create_primary_key", "create_exclude_constraint", "drop_constraint",
        ),
        _operation(1, _TABLE, "schema", "drop_index", unsaid="an index whose table the call does not say"),
        _operation(1, ("source_table",), "source_schema", "create_foreign_key"),
        _operation(2, ("referent_table",), "referent_schema", "create_foreign_key"),
        _operation(1, ("referent_table",), "referent_schema", "batch_alter_table().create_foreign_key"),
        TableArgument(
            ("alembic.context.configure",),
            -1,
            ("version_table",),
            "version_table_schema",
            "pass version_table_schema={schema!r}",
            RULE,
            default="alembic_version",
        ),
    ),
    instances=("alembic.op.batch_alter_table",),
)  # fmt: skip

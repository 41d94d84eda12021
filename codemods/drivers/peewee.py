"""Peewee's models: https://docs.peewee-orm.com/en/latest/peewee/models.html"""

from codemods.drivers.model import Driver, MappedClass, TableArgument
from codemods.drivers.sqlalchemy import RULE

_MIGRATOR = "playhouse.migrate.PostgresqlMigrator()"
_OPERATIONS = (
    "add_column", "drop_column", "rename_column", "add_not_null", "drop_not_null", "alter_column_type", "rename_table",
    "add_index", "drop_index", "add_constraint", "add_unique", "drop_constraint", "add_column_default",
    "drop_column_default", "alter_add_column",
)  # fmt: skip
_META = TableArgument(("peewee.Model.Meta",), 0, (), "schema", 'add schema = "{schema}" to class Meta', RULE)

DRIVER = Driver(
    "peewee",
    "unknown",
    tables=(
        TableArgument(
            tuple(f"{_MIGRATOR}.{name}" for name in _OPERATIONS),
            0,
            ("table", "old_name"),
            None,
            "ask for its schema first: migrate(migrator.set_search_path({schema!r}))",
            RULE,
        ),
    ),
    classes=(
        MappedClass(
            ("peewee.Model",),
            "table_name",
            "Meta",
            "schema",
            "lower",
            _META,
            columns=("Model", "Meta"),
            older="db_table",
        ),
    ),
    instances=("playhouse.migrate.PostgresqlMigrator",),
)

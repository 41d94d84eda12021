"""Peewee's models: https://docs.peewee-orm.com/en/latest/peewee/models.html"""

from codemods.drivers.model import Driver, MappedClass, TableArgument
from codemods.drivers.sqlalchemy import RULE

_META = TableArgument(("peewee.Model.Meta",), 0, (), "schema", 'add schema = "{schema}" to class Meta', RULE)

DRIVER = Driver(
    "peewee",
    "unknown",
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
)

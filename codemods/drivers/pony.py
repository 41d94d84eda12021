"""Pony's entities: https://docs.ponyorm.org/api_reference.html"""

from codemods.drivers.model import Driver, MappedClass, TableArgument
from codemods.drivers.sqlalchemy import RULE

_TABLE = TableArgument(("pony.orm.Entity",), 0, (), "schema", 'write _table_ = ("{schema}", "{name}")', RULE)

DRIVER = Driver(
    "pony",
    "unknown",
    classes=(
        MappedClass(
            ("pony.orm.Database().Entity",), "_table_", "", "", "lower", _TABLE, columns=("PrimaryKey", "Required")
        ),
    ),
    instances=("pony.orm.Database", "pony.orm.core.Database"),
)

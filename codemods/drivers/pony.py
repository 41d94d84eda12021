"""Pony's entities: https://docs.ponyorm.org/api_reference.html"""

from codemods.drivers.model import Driver, MappedClass, Query, TableArgument
from codemods.drivers.sqlalchemy import RULE

_TABLE = TableArgument(("pony.orm.Entity",), 0, (), "schema", 'write _table_ = ("{schema}", "{name}")', RULE)

_DATABASE = "pony.orm.Database()"

DRIVER = Driver(
    "pony",
    "unknown",
    queries=(
        Query(
            tuple(f"{_DATABASE}.{name}" for name in ("select", "get", "exists")),
            keywords=("sql",),
            around=("SELECT ", ""),
        ),
    ),
    tables=(TableArgument(("pony.orm.Set",), -1, ("table",), None, 'write table=("{schema}", "{name}")', RULE),),
    classes=(
        MappedClass(
            ("pony.orm.Database().Entity",), "_table_", "", "", "lower", _TABLE, columns=("PrimaryKey", "Required")
        ),
    ),
    instances=("pony.orm.Database", "pony.orm.core.Database"),
)

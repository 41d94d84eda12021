"""Piccolo's tables, which are named by keywords of their classes: https://piccolo-orm.readthedocs.io/"""

from codemods.drivers.model import Driver, MappedClass, TableArgument
from codemods.drivers.sqlalchemy import RULE

_TABLE = TableArgument(("piccolo.table.Table",), 0, (), "schema", 'add schema="{schema}" to the class', RULE)

DRIVER = Driver(
    "piccolo",
    "postgresql",
    classes=(
        MappedClass(("piccolo.table.Table",), "tablename", "keywords", "schema", "snake", _TABLE, columns=("piccolo",)),
    ),
)

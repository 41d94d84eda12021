"""PyPika's tables, whose names are quoted whole: https://pypika.readthedocs.io/"""

from codemods.drivers.model import Driver, TableArgument
from codemods.drivers.sqlalchemy import RULE

_QUERIES = ("pypika.Query", "pypika.PostgreSQLQuery", "pypika.dialects.PostgreSQLQuery")

DRIVER = Driver(
    "pypika",
    "unknown",
    tables=(
        TableArgument(
            ("pypika.Table", "pypika.queries.Table"),
            0,
            ("name",),
            "schema",
            "pass schema={schema!r}",
            RULE,
            schema_position=1,
        ),
        TableArgument(
            tuple(f"{query}.{name}" for query in _QUERIES for name in ("from_", "into", "update", "create_table")),
            0,
            ("table", "selectable"),
            None,
            "pass Table({name!r}, schema={schema!r})",
            RULE,
        ),
    ),
)

"""PyPika's tables, whose names are quoted whole: https://pypika.readthedocs.io/"""

from codemods.drivers.model import Driver, TableArgument
from codemods.drivers.sqlalchemy import RULE

_MOST_TABLES = 8
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
        *(
            TableArgument(
                ("pypika.Tables", "pypika.queries.make_tables"),
                position,
                (),
                None,
                "write Table({name!r}, schema={schema!r})",
                RULE,
            )
            for position in range(_MOST_TABLES)
        ),
        TableArgument(
            ("pypika.Schema", "pypika.queries.Schema"),
            -1,
            ("name",),
            "schema",
            "name the schema of each of its tables",
            RULE,
            schema_position=0,
            default="",
        ),
        TableArgument(
            tuple(f"{query}.{name}" for query in _QUERIES for name in ("from_", "into", "update", "create_table")),
            0,
            ("table", "selectable"),
            None,
            "pass Table({name!r}, schema={schema!r})",
            RULE,
            or_object=True,
        ),
    ),
)

"""PyPika's tables, also Tortoise's own, whose names are quoted whole: https://pypika.readthedocs.io/"""

from codemods.drivers.model import Driver, TableArgument
from codemods.drivers.sqlalchemy import RULE

_MOST_TABLES = 8
_PACKAGES = ("pypika", "pypika_tortoise")
_QUERIES = ("Query", "PostgreSQLQuery", "dialects.PostgreSQLQuery")


def _names(*names: str) -> tuple[str, ...]:
    return tuple(f"{package}.{name}" for package in _PACKAGES for name in names)


DRIVER = Driver(
    "pypika",
    "unknown",
    tables=(
        TableArgument(
            _names("Table", "queries.Table"),
            0,
            ("name",),
            "schema",
            "pass schema={schema!r}",
            RULE,
            schema_position=1,
        ),
        *(
            TableArgument(
                _names("Tables", "queries.make_tables"),
                position,
                (),
                None,
                "write Table({name!r}, schema={schema!r})",
                RULE,
            )
            for position in range(_MOST_TABLES)
        ),
        TableArgument(
            _names("Schema", "queries.Schema"),
            -1,
            ("name",),
            "schema",
            "name the schema of each of its tables",
            RULE,
            schema_position=0,
            default="",
        ),
        TableArgument(
            _names(*(f"{query}.{name}" for query in _QUERIES for name in ("from_", "into", "update", "create_table"))),
            0,
            ("table", "selectable"),
            None,
            "pass Table({name!r}, schema={schema!r})",
            RULE,
            or_object=True,
        ),
    ),
)

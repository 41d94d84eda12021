"""psycopg 3 and its pool: https://www.psycopg.org/psycopg3/docs/"""

from codemods.drivers.model import Connect, Driver, Query, TableArgument

_SETTINGS = {"dbname": "database", "conninfo": "dsn", "options": "options", "database": "database"}

_TYPES = (
    "psycopg.types.TypeInfo", "psycopg.types.composite.CompositeInfo", "psycopg.types.enum.EnumInfo",
    "psycopg.types.range.RangeInfo", "psycopg.types.multirange.MultirangeInfo",
)  # fmt: skip

DRIVER = Driver(
    "psycopg",
    "postgresql",
    connects=(
        Connect(
            (
                "psycopg.connect",
                "psycopg.Connection.connect",
                "psycopg.AsyncConnection.connect",
                "psycopg_pool.ConnectionPool",
                "psycopg_pool.AsyncConnectionPool",
                "psycopg_pool.NullConnectionPool",
                "psycopg_pool.AsyncNullConnectionPool",
            ),
            "postgresql",
            0,
            _SETTINGS,
        ),
    ),
    queries=(
        Query(("copy", "stream")),
        Query(("psycopg.sql.SQL",), keywords=("obj",), returns="text"),
        Query(tuple(f"{name}.fetch" for name in _TYPES), 1, ("name",), around=("SELECT NULL::", "")),
    ),
    tables=(
        TableArgument(
            ("psycopg.sql.Identifier",), 0, (), None, "write Identifier({schema!r}, {name!r})", or_object=True
        ),
    ),
    connection_types=(
        "psycopg.Connection",
        "psycopg.AsyncConnection",
        "psycopg.Cursor",
        "psycopg.AsyncCursor",
        "psycopg_pool.ConnectionPool",
        "psycopg_pool.AsyncConnectionPool",
    ),
)

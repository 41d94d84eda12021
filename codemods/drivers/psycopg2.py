"""psycopg2: https://www.psycopg.org/docs/"""

from codemods.drivers.model import Connect, Driver, Query, TableArgument

_SETTINGS = {"dbname": "database", "database": "database", "dsn": "dsn", "options": "options"}

DRIVER = Driver(
    "psycopg2",
    "postgresql",
    connects=(
        Connect(("psycopg2.connect", "psycopg2.extensions.connect"), "postgresql", 0, _SETTINGS),
        Connect(
            (
                "psycopg2.pool.SimpleConnectionPool",
                "psycopg2.pool.ThreadedConnectionPool",
                "psycopg2.pool.PersistentConnectionPool",
            ),
            "postgresql",
            2,
            _SETTINGS,
        ),
    ),
    queries=(
        Query(("execute", "executemany", "mogrify", "copy_expert")),
        Query(
            (
                "psycopg2.extras.execute_values",
                "psycopg2.extras.execute_batch",
            ),
            1,
        ),
        Query(("callproc",), keywords=("procname",), around=("SELECT * FROM ", "()")),
        Query(("psycopg2.extras.register_composite",), keywords=("name",), around=("SELECT NULL::", "")),
        Query(("psycopg2.sql.SQL",), keywords=("string",), returns="text"),
        Query(("psycopg2.extensions.AsIs",), keywords=("pobj",), returns="text"),
    ),
    tables=(
        TableArgument(
            ("copy_from", "copy_to"),
            1,
            ("table",),
            None,
            "psycopg2 quotes the table name: use copy_expert with COPY {qualified}",
        ),
        TableArgument(
            ("psycopg2.sql.Identifier",),
            0,
            (),
            None,
            "write Identifier({schema!r}, {name!r})",
            or_object=True,
        ),
    ),
    connection_types=(
        "psycopg2.extensions.connection",
        "psycopg2.extensions.cursor",
        "psycopg2.extras.RealDictCursor",
        "psycopg2.extras.DictCursor",
    ),
)

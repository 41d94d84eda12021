"""asyncpg: https://magicstack.github.io/asyncpg/current/api/"""

from codemods.drivers.model import Connect, Driver, Query, TableArgument

DRIVER = Driver(
    "asyncpg",
    "postgresql",
    connects=(
        Connect(
            ("asyncpg.connect", "asyncpg.create_pool", "asyncpg.pool.create_pool"),
            "postgresql",
            0,
            {"dsn": "dsn", "database": "database", "server_settings": "server_settings"},
        ),
    ),
    queries=(Query(("fetch", "fetchrow", "fetchval", "fetchmany", "prepare", "cursor", "copy_from_query")),),
    tables=(
        TableArgument(
            ("copy_records_to_table", "copy_to_table", "copy_from_table"),
            0,
            ("table_name",),
            "schema_name",
            "pass schema_name={schema!r}",
        ),
    ),
    connection_types=("asyncpg.Connection", "asyncpg.Pool", "asyncpg.pool.Pool", "asyncpg.Record"),
)

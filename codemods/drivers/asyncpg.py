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
        TableArgument(
            ("set_type_codec", "reset_type_codec", "set_builtin_type_codec"),
            0,
            ("typename",),
            "schema",
            "pass schema={schema!r}",
            kind="type",
        ),
    ),
    connection_types=("asyncpg.Connection", "asyncpg.Pool", "asyncpg.pool.Pool", "asyncpg.Record"),
)

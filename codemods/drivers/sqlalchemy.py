"""SQLAlchemy's textual SQL and engines, and Alembic: https://docs.sqlalchemy.org/"""

from codemods.drivers.model import Connect, Driver, Query, TableArgument

DRIVER = Driver(
    "sqlalchemy",
    "unknown",
    connects=(
        Connect(
            (
                "sqlalchemy.create_engine",
                "sqlalchemy.engine.create_engine",
                "sqlalchemy.ext.asyncio.create_async_engine",
                "sqlmodel.create_engine",
            ),
            "unknown",
            0,
            {"url": "dsn"},
        ),
    ),
    queries=(
        Query(
            ("sqlalchemy.text", "sqlalchemy.sql.text", "sqlalchemy.sql.expression.text", "sqlmodel.text"),
            keywords=("text",),
            returns="text",
        ),
        Query(("sqlalchemy.DDL", "sqlalchemy.schema.DDL"), returns="text"),
        Query(("exec_driver_sql", "scalar", "scalars", "stream_scalars")),
        Query(("alembic.op.execute",), keywords=("sqltext",)),
    ),
    tables=(
        TableArgument(
            ("sqlalchemy.Table", "sqlalchemy.schema.Table"),
            0,
            ("name",),
            "schema",
            "pass schema={schema!r}",
            "orm-table-without-schema",
        ),
        TableArgument(
            ("__tablename__",),
            0,
            (),
            "schema",
            'add "schema": {schema!r} to __table_args__',
            "orm-table-without-schema",
        ),
    ),
    connection_types=(
        "sqlalchemy.orm.Session",
        "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlalchemy.engine.Connection",
        "sqlalchemy.engine.Engine",
    ),
)

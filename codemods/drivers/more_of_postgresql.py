"""Drivers of PostgreSQL that add nothing of their own: pg8000, psycopg2cffi, psqlpy and PyGreSQL."""

from codemods.drivers.model import Connect, Driver

_SETTINGS = {"database": "database", "dbname": "database", "db_name": "database", "dsn": "dsn", "options": "options"}

DRIVER = Driver(
    "pg8000",
    "postgresql",
    connects=(
        Connect(
            (
                "pg8000.connect", "pg8000.dbapi.connect", "pg8000.native.Connection", "pgdb.connect", "pg.DB",
                "pg.connect",
            ),
            "postgresql",
            None,
            _SETTINGS,
        ),
        Connect(
            ("psycopg2cffi.connect", "psqlpy.connect", "psqlpy.ConnectionPool", "psqlpy.PSQLPool"),
            "postgresql",
            0,
            _SETTINGS,
        ),
    ),
    connection_types=("pg8000.Connection", "pg8000.native.Connection", "psqlpy.Connection", "psqlpy.ConnectionPool"),
)  # fmt: skip

"""SQLite, whose statements relink leaves alone: https://docs.python.org/3/library/sqlite3.html"""

from codemods.drivers.model import Connect, Driver, Query

DRIVER = Driver(
    "sqlite3",
    "sqlite",
    connects=(
        Connect(
            ("sqlite3.connect", "sqlite3.dbapi2.connect", "aiosqlite.connect", "apsw.Connection"),
            "sqlite",
            0,
            {"database": "sqlite"},
        ),
    ),
    queries=(
        Query(("executescript",)),
        Query(("execute_fetchall", "execute_insert")),
    ),
    connection_types=(
        "sqlite3.Connection",
        "sqlite3.Cursor",
        "aiosqlite.Connection",
        "aiosqlite.Cursor",
    ),
)

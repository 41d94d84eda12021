"""aiopg: https://aiopg.readthedocs.io/"""

from codemods.drivers.model import Connect, Driver

DRIVER = Driver(
    "aiopg",
    "postgresql",
    connects=(
        Connect(
            ("aiopg.connect", "aiopg.create_pool", "aiopg.sa.create_engine"),
            "postgresql",
            0,
            {"dsn": "dsn", "dbname": "database", "database": "database", "options": "options"},
        ),
    ),
    connection_types=("aiopg.Connection", "aiopg.Pool", "aiopg.Cursor"),
)

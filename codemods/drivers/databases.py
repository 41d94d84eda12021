"""encode/databases: https://www.encode.io/databases/"""

from codemods.drivers.model import Connect, Driver, Query

DRIVER = Driver(
    "databases",
    "unknown",
    connects=(Connect(("databases.Database", "databases.core.Database"), "unknown", 0, {"url": "dsn"}),),
    queries=(Query(("fetch_all", "fetch_one", "fetch_val", "iterate", "execute_many")),),
    connection_types=("databases.Database",),
)

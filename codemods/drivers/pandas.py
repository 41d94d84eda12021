"""pandas' SQL readers and writers: https://pandas.pydata.org/docs/reference/io.html#sql"""

from codemods.drivers.model import Driver, Query, TableArgument

DRIVER = Driver(
    "pandas",
    "unknown",
    queries=(
        Query(("pandas.read_sql", "pandas.read_sql_query", "polars.read_database"), returns="rows", connection=1),
    ),
    tables=(
        TableArgument(
            ("pandas.read_sql_table",),
            0,
            ("table_name",),
            "schema",
            "pass schema={schema!r}",
            schema_position=2,
            registry_position=1,
        ),
        TableArgument(
            ("to_sql",), 0, ("name",), "schema", "pass schema={schema!r}", schema_position=2, registry_position=1
        ),
    ),
)

"""Frames that are read from and written to SQL: pandas, GeoPandas, Dask, Polars, ConnectorX and petl.

https://pandas.pydata.org/docs/reference/io.html#sql, https://petl.readthedocs.io/en/stable/io.html#databases
"""

from codemods.drivers.model import Driver, Query, TableArgument

_RELATION = ("SELECT FROM ", "")


def _table(position: int, keyword: str, schema: int, connection: int, *names: str) -> TableArgument:
    return TableArgument(
        names,
        position,
        (keyword,),
        "schema",
        "pass schema={schema!r}",
        schema_position=schema,
        registry_position=connection,
    )


DRIVER = Driver(
    "pandas",
    "unknown",
    queries=(
        Query(
            (
                "pandas.read_sql", "pandas.read_sql_query", "pandas.io.sql.read_sql", "pandas.io.sql.read_sql_query",
                "geopandas.read_postgis", "geopandas.GeoDataFrame.from_postgis", "polars.read_database",
                "polars.read_database_uri", "petl.io.db.fromdb",
            ),
            keywords=("sql", "query"),
            returns="rows",
            connection=1,
        ),
        Query(("connectorx.read_sql",), 1, ("query",), returns="rows"),
        Query(("write_database",), keywords=("table_name",), around=_RELATION),
        # Spark's: a table behind a URL.
        Query(("jdbc",), 1, ("table",), around=_RELATION),
    ),
    tables=(
        _table(0, "table_name", 2, 1, "pandas.read_sql_table", "pandas.io.sql.read_sql_table"),
        _table(0, "table_name", -1, 1, "dask.dataframe.read_sql_table"),
        _table(0, "name", 2, 1, "to_sql", "to_postgis"),
        _table(2, "tablename", 3, 1, "petl.todb", "petl.appenddb", "petl.io.db.todb", "petl.io.db.appenddb"),
        _table(1, "tablename", 2, 0, "todb", "appenddb"),
        TableArgument(
            ("pandas.read_sql", "pandas.io.sql.read_sql"),
            0,
            ("sql",),
            None,
            "call read_sql_table and pass schema={schema!r}",
            or_statement=True,
        ),
    ),
)  # fmt: skip

"""Databases and engines that are not PostgreSQL: what they run is known, so that it stays."""

from codemods.drivers.model import Connect, Driver, Query

_CONNECTS = (
    "pymysql.connect", "MySQLdb.connect", "mysql.connector.connect", "mysql.connector.pooling.MySQLConnectionPool",
    "aiomysql.connect", "aiomysql.create_pool", "asyncmy.connect", "asyncmy.create_pool",
    "pyodbc.connect", "aioodbc.connect", "aioodbc.create_pool", "pymssql.connect", "ibm_db.connect",
    "cx_Oracle.connect", "oracledb.connect", "fdb.connect", "firebird.driver.connect", "hdbcli.dbapi.connect",
    "duckdb.connect", "snowflake.connector.connect", "vertica_python.connect", "teradatasql.connect",
    "databricks.sql.connect", "trino.dbapi.connect", "prestodb.dbapi.connect", "pyhive.hive.connect",
    "pyhive.presto.connect", "impala.dbapi.connect", "pyathena.connect", "redshift_connector.connect",
    "clickhouse_driver.Client", "clickhouse_driver.connect", "clickhouse_driver.dbapi.connect",
    "clickhouse_connect.get_client", "clickhouse_connect.get_async_client", "asynch.connect", "aiochclient.ChClient",
    "google.cloud.bigquery.Client", "google.cloud.bigquery.dbapi.connect", "cassandra.cluster.Cluster",
    "influxdb.InfluxDBClient", "influxdb_client.InfluxDBClient", "sqlite_utils.Database", "pyspark.sql.SQLContext",
    "polars.SQLContext",
)  # fmt: skip
_FUNCTIONS = (
    "duckdb.sql", "duckdb.query", "duckdb.execute", "duckdb.query_df", "polars.sql", "pandasql.sqldf",
    "dask_sql.Context().sql", "awswrangler.athena.read_sql_query",
)  # fmt: skip

DRIVER = Driver(
    "others",
    "other",
    connects=(Connect(_CONNECTS, "other", None, {"database": "database", "db": "database", "dbname": "database"}),),
    queries=(
        Query(_FUNCTIONS, keywords=("query", "sql"), engine="other"),
        Query(("sql",), keywords=("sqlQuery", "query"), engine="other", receiver="spark"),
    ),
    connection_types=(
        "pyspark.sql.SparkSession", "pyspark.sql.SQLContext", "duckdb.DuckDBPyConnection", "clickhouse_driver.Client",
        "google.cloud.bigquery.Client", "cassandra.cluster.Session", "polars.SQLContext", "sqlite_utils.Database",
    ),
)  # fmt: skip

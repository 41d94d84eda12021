"""Databases that are not PostgreSQL: their connections are known, so that their statements stay."""

from codemods.drivers.model import Connect, Driver

DRIVER = Driver(
    "others",
    "other",
    connects=(
        Connect(
            (
                "pymysql.connect",
                "MySQLdb.connect",
                "mysql.connector.connect",
                "aiomysql.connect",
                "aiomysql.create_pool",
                "pyodbc.connect",
                "cx_Oracle.connect",
                "oracledb.connect",
                "duckdb.connect",
                "snowflake.connector.connect",
                "clickhouse_driver.Client",
            ),
            "other",
            None,
            {"database": "database", "db": "database", "dbname": "database"},
        ),
    ),
)

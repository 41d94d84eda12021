"""buildpg, which writes names into statements as they are: https://github.com/samuelcolvin/buildpg"""

from codemods.drivers.model import Connect, Driver, Query

_MOST_TABLES = 4
_NAMES = ("V", "Var", "logic.Var", "RawDangerous", "components.RawDangerous", "components.VarLiteral")
_JOINS = ("Join", "LeftJoin", "RightJoin", "FullJoin", "CrossJoin")

DRIVER = Driver(
    "buildpg",
    "postgresql",
    connects=(
        Connect(
            ("buildpg.asyncpg.connect_b", "buildpg.asyncpg.create_pool_b"),
            "postgresql",
            0,
            {"dsn": "dsn", "database": "database", "server_settings": "server_settings"},
        ),
    ),
    queries=(
        Query(
            (
                "buildpg.render", "execute_b", "executemany_b", "cursor_b", "fetch_b", "fetchval_b", "fetchrow_b",
                "print_b",
            ),
            keywords=("query_template",),
        ),
        Query(tuple(f"buildpg.{name}" for name in _NAMES), keywords=(), returns="text"),
        Query(tuple(f"buildpg.clauses.{name}" for name in _JOINS), keywords=("table",), around=("SELECT FROM ", "")),
        *(
            Query(("buildpg.clauses.From",), position, (), around=("SELECT FROM ", ""))
            for position in range(_MOST_TABLES)
        ),
    ),
    connection_types=("buildpg.asyncpg.BuildPgConnection", "buildpg.asyncpg.BuildPgPool"),
)  # fmt: skip

"""alembic_utils' views and triggers: https://olirice.github.io/alembic_utils/"""

from codemods.drivers.model import Driver, Query, TableArgument
from codemods.drivers.sqlalchemy import RULE


def _query(name: str, position: int, keyword: str, before: str) -> Query:
    return Query((f"alembic_utils.{name}",), position, (keyword,), around=(before, ""), engine="postgresql")


DRIVER = Driver(
    "alembic_utils",
    "postgresql",
    queries=(
        _query("pg_trigger.PGTrigger", 2, "on_entity", "SELECT FROM "),
        _query("pg_trigger.PGTrigger", 3, "definition", "CREATE TRIGGER each "),
        _query("pg_function.PGFunction", 2, "definition", "CREATE FUNCTION each() "),
        _query("pg_procedure.PGProcedure", 2, "definition", "CREATE PROCEDURE each() "),
    ),
    tables=(
        TableArgument(
            ("alembic_utils.pg_view.PGView", "alembic_utils.pg_materialized_view.PGMaterializedView"),
            1,
            ("signature",),
            "schema",
            "pass schema={schema!r}",
            RULE,
            schema_position=0,
        ),
    ),
)

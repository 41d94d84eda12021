"""A real PostgreSQL takes the old statement on the old layout exactly when it takes the new one on the new."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cases import FIXTURES
from postgres import Connection, execute, plan_relations

from codemods.apply import splice
from codemods.mapping import Mapping, Moved, load
from codemods.pipeline import make_plan
from codemods.plan import changes
from codemods.sql import read

FOLDER = FIXTURES / "postgres"
TEXT = (FOLDER / "statements.sql").read_text("utf-8")
STATEMENTS = [TEXT[statement.start : statement.end] for statement in read(TEXT).statements]


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return load(FOLDER / "mapping.yaml")


@pytest.fixture(scope="module")
def old(new_database: Callable[[str], Connection]) -> Connection:
    connection = new_database("old_layout")
    execute(connection, (FOLDER / "layout.sql").read_text("utf-8"))
    return connection


@pytest.fixture(scope="module")
def new(new_database: Callable[[str], Connection], mapping: Mapping) -> Connection:
    connection = new_database("new_layout")
    execute(connection, (FOLDER / "layout.sql").read_text("utf-8"))
    for schema in sorted(mapping.schemas):
        execute(connection, f"CREATE SCHEMA {schema}")
    for relation in mapping.relations:
        kind = relation.kind.upper()
        execute(connection, f"ALTER {kind} public.{relation.old_name} SET SCHEMA {relation.schema}")
        if relation.name != relation.old_name:
            execute(connection, f"ALTER {kind} {relation.schema}.{relation.old_name} RENAME TO {relation.name}")
    return connection


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: " ".join(statement.split())[:60])
def test_the_new_statement_plans_like_the_old_one(
    statement: str, old: Connection, new: Connection, mapping: Mapping, tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected = set()
    for name in plan_relations(old, statement):
        moved = mapping.resolve(tuple(name.split(".")), "relation", None, "")
        expected.add(moved.relation.qualified if isinstance(moved, Moved) else name)
    assert plan_relations(new, rewritten(statement, mapping, tmp_path_factory)) == expected


def rewritten(statement: str, mapping: Mapping, tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("sql")
    (root / "statement.sql").write_text(statement, "utf-8")
    plan = make_plan(root, [], mapping, (), lambda _: None)
    for change in changes(plan.findings, plan.sources, unsafe=False):
        return splice(change.before, change.edits).decode()
    return statement


def test_what_create_schema_makes_sees_its_own_tables_first(
    old: Connection, new: Connection, mapping: Mapping, tmp_path_factory: pytest.TempPathFactory
) -> None:
    statement = "CREATE SCHEMA made CREATE TABLE orders (id int) CREATE VIEW seen AS SELECT 1 AS one FROM orders, users"
    seen = []
    for connection, sql in ((old, statement), (new, rewritten(statement, mapping, tmp_path_factory))):
        execute(connection, sql)
        seen.append(plan_relations(connection, "SELECT * FROM made.seen"))
        execute(connection, "DROP SCHEMA made CASCADE")
    users = mapping.resolve(("users",), "relation", None, "")
    assert isinstance(users, Moved)
    assert seen == [{"made.orders", "public.users"}, {"made.orders", users.relation.qualified}]

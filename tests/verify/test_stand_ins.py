"""Statements about tables that no definition of the tree makes are judged on stand-ins, and counted apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import relink, write

CONNECTION = "import psycopg2\nconnection = psycopg2.connect('')\ncursor = connection.cursor()\n"
ASSUMED = "same on a stand-in"


def tree(root: Path, schema: str, *texts: str) -> Path:
    code = CONNECTION + "".join(f"cursor.execute({text!r})\n" for text in texts)
    return write(root, {"schema.sql": schema, "app.py": code})


def verdicts(root: Path, *arguments: str) -> dict[str, tuple[str, str, str]]:
    """Status, method and reason of each statement, by what was asked of the new layout."""
    outcome = relink(root, "verify", "--output-format", "json", *arguments)
    assert outcome.err == "", outcome.err
    found = json.loads(outcome.out)["statements"]
    return {
        each["sql"]: (each["status"], each["method"], each["message"]) for each in found if each["path"] == "app.py"
    }


USED = (
    "SELECT u.id, name, o.total FROM users u JOIN orders AS o ON o.user_id = u.id WHERE u.id = %s",
    "SELECT sum(total) FROM orders WHERE total > 5 AND made >= now() - interval '1 day' AND NOT gone",
    "SELECT date_trunc('day', made), count(*) FROM orders WHERE id = 7 GROUP BY 1",
    "SELECT extra->>'a', tags[1] FROM orders WHERE 'x' = ANY(tags)",
    "INSERT INTO users (id, name, active) VALUES (%s, %s, true) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    "UPDATE users SET seen = now(), visits = visits + 1 WHERE lower(name) = %(name)s",
    "WITH rich AS (SELECT user_id FROM orders GROUP BY user_id) SELECT r.user_id FROM rich r",
    "SELECT name FROM users WHERE id IN (SELECT user_id FROM orders WHERE status = 'open')",
    "SELECT u.id, u.born, count(*) FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.id ORDER BY u.name",
    "TRUNCATE orders",
)


def test_each_statement_gets_the_columns_and_types_that_it_uses(tmp_path: Path) -> None:
    found = verdicts(tree(tmp_path, "", *USED), "--unsafe")
    assert {status for status, _, _ in found.values()} == {ASSUMED, "left"}
    assert [sql for sql, (status, _, _) in found.items() if status == "left"] == ["TRUNCATE orders"]
    assert {method for _, method, _ in found.values()} == {"prepared on a stand-in", "looked up"}
    messages = {"no definition of the tree makes public.orders", "no definition of the tree makes public.users"}
    assert {message for _, method, message in found.values() if "prepared" in method} == messages


def test_what_the_definitions_suffice_for_is_not_on_a_stand_in(tmp_path: Path) -> None:
    schema = "CREATE TABLE users (id integer, name text);"
    found = verdicts(tree(tmp_path, schema, "SELECT name FROM users", "SELECT name, age FROM users WHERE age > 3"))
    assert found["SELECT name FROM shared_common.users"] == ("same", "prepared", "")
    assert found["SELECT name, age FROM shared_common.users WHERE age > 3"] == (
        ASSUMED, "prepared on a stand-in", "no definition of the tree gives public.users a column age"
    )  # fmt: skip


def test_they_are_counted_apart_and_each_cause_is_a_line(tmp_path: Path) -> None:
    schema = "CREATE TABLE users (id integer);"
    texts = ("SELECT id FROM users", "SELECT id FROM orders", "SELECT total FROM shared_common.users, orders")
    outcome = relink(tree(tmp_path, schema, *texts), "verify")
    assert outcome.code == 0
    assert "shared_common       2        1      0      0           0  100.0 %\n" in outcome.out
    assert "store_service       0        2      0      0           0  100.0 %\n" in outcome.out
    assert "      2  no definition of the tree makes public.orders\n" in outcome.out


def test_a_statement_for_the_new_layout_counts_too(tmp_path: Path) -> None:
    found = verdicts(tree(tmp_path, "", "SELECT id FROM shared_common.users"))
    assert [status for status, _, _ in found.values()] == [ASSUMED]


def test_what_a_stand_in_does_not_mend_is_said(tmp_path: Path) -> None:
    found = verdicts(tree(tmp_path, "", "SELECT id FROM users WHERE id IN ()"))
    assert [status for status, _, _ in found.values()] == ["unchecked"]


@pytest.mark.parametrize("table", ["pg_stat_archiver_x", "sqlite_master", "information_schema.nothing"])
def test_a_catalog_is_not_made(table: str, tmp_path: Path) -> None:
    found = verdicts(tree(tmp_path, "CREATE TABLE users (id integer);", f"SELECT 1 FROM users, {table}"))
    assert [status for status, _, _ in found.values()] == ["unchecked"]


def test_a_name_that_only_run_time_knows_is_no_column(tmp_path: Path) -> None:
    code = (
        CONNECTION
        + """
def find(column):
    cursor.execute(f"SELECT u.id FROM users u ORDER BY u.{column}")
"""
    )
    write(tmp_path, {"schema.sql": "CREATE TABLE users (id integer);", "app.py": code})
    (found,) = verdicts(tmp_path).values()
    assert found[:2] == ("same", "looked up")


def test_a_dump_has_all_there_is(tmp_path: Path) -> None:
    tree(tmp_path, "", "SELECT id FROM users")
    (tmp_path / "dump.sql").write_text("CREATE TABLE other (id integer);")
    (found,) = verdicts(tmp_path, "--schema", str(tmp_path / "dump.sql")).values()
    assert found == ("unchecked", "prepared", "table shared_common.users has no definition")

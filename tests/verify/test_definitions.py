"""The layouts that an embedded server gets from a tree, however the tree defines its tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from postgres import Connection
from running import relink, write

from codemods.catalog.load import definitions, load_definitions
from codemods.catalog.snapshot import read_catalog


@pytest.fixture
def load(new_database: Callable[[str], Connection], postgres_url: str) -> Callable[[str], dict[str, dict[str, str]]]:
    """The tables that a script makes, with the type of each column; what does not load fails the test."""

    def loaded(script: str) -> dict[str, dict[str, str]]:
        new_database("definitions").close()
        with psycopg.connect(postgres_url, dbname="definitions", autocommit=True) as connection:
            assert load_definitions(connection, definitions([script])) == []
            return {
                each.name.name: {column.name: column.type for column in each.columns}
                for each in read_catalog(connection).relations
                if each.kind == "table"
            }

    return loaded


Load = Callable[[str], dict[str, dict[str, str]]]


def test_a_table_that_is_defined_twice_has_the_columns_of_both(load: Load) -> None:
    script = "CREATE TABLE a (id integer, b text); CREATE TABLE IF NOT EXISTS a (id bigint, c date, PRIMARY KEY (id))"
    assert load(script) == {"a": {"id": "integer", "b": "text", "c": "date"}}


def test_an_index_on_a_column_of_the_second_definition_loads(load: Load) -> None:
    load("CREATE TABLE a (b text); CREATE INDEX i ON a (c); CREATE TABLE IF NOT EXISTS a (c text)")


def test_a_reference_to_a_table_that_is_not_there_does_not_keep_a_table_out(load: Load) -> None:
    script = "CREATE TABLE a (id serial PRIMARY KEY, b int REFERENCES nowhere (id), FOREIGN KEY (b) REFERENCES c)"
    assert load(script) == {"a": {"id": "integer", "b": "integer"}}


def test_a_type_that_is_not_there_is_text(load: Load) -> None:
    assert load("CREATE TABLE a (place geometry(Point, 4326), b int[])") == {"a": {"place": "text", "b": "integer[]"}}


def test_a_table_is_made_from_the_second_definition_when_the_first_is_refused(load: Load) -> None:
    script = "CREATE TABLE a (b int REFERENCES nowhere); CREATE TABLE a (b int, c text)"
    assert load(script) == {"a": {"b": "integer", "c": "text"}}


@pytest.mark.parametrize("statement", ["CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE TABLE a ("])
def test_what_is_no_definition_of_postgresql_is_told(
    statement: str, new_database: Callable[[str], Connection], postgres_url: str
) -> None:
    new_database("definitions").close()
    with psycopg.connect(postgres_url, dbname="definitions", autocommit=True) as connection:
        assert [each.statement for each in load_definitions(connection, [statement])] == [statement]


def statements(root: Path, *arguments: str) -> dict[str, tuple[str, str]]:
    """The verdict and the reason for each statement, by what was asked of the new layout."""
    outcome = relink(root, "verify", "--output-format", "json", *arguments)
    assert outcome.err == ""
    found = json.loads(outcome.out)["statements"]
    return {each["sql"]: (each["status"], each["message"]) for each in found}


CONNECTION = "import psycopg2\nconnection = psycopg2.connect('')\ncursor = connection.cursor()\n"


def queries(*texts: str) -> str:
    return CONNECTION + "".join(f"cursor.execute({text!r})\n" for text in texts)


def test_definitions_may_say_new_names_and_old_ones(tmp_path: Path) -> None:
    write(tmp_path, {
        "schema.sql": "CREATE TABLE users (id integer); CREATE TABLE IF NOT EXISTS shared_common.users (name text);",
        "app.py": queries("SELECT id, name FROM users", "SELECT name FROM shared_common.users"),
    })  # fmt: skip
    found = statements(tmp_path)
    assert found["SELECT id, name FROM shared_common.users"] == ("same", "")
    assert found["SELECT name FROM shared_common.users"] == ("same", "it says the new names already")


def test_what_is_in_the_way_of_the_move_is_one_clear_error(tmp_path: Path) -> None:
    other = "CREATE TABLE shared_common.other (id integer); CREATE INDEX users ON shared_common.other (id);"
    outcome = relink(write(tmp_path, {"schema.sql": f"CREATE TABLE users (); {other}"}), "verify")
    assert outcome.code == 2
    told = 'the definitions do not move as the mapping says: relation "users" already exists in schema "shared_common"'
    assert outcome.err.startswith(f"relink: {told}")


LEGAL = (
    "SELECT id FROM users WHERE id IN %s",
    "SELECT id FROM users WHERE (id, name) IN %s",
    "SELECT id FROM users WHERE made > now() - interval %s",
    "INSERT INTO users (id, name) VALUES %s",
    "INSERT INTO users VALUES %s",
    "SELECT id FROM users WHERE name LIKE %s AND made = %(made)s OR name ILIKE '%%x%%'",
    "SELECT similarity(name, %s) FROM users",
    "SELECT id FROM users ORDER BY id LIMIT %s OFFSET %s",
    "COPY users FROM STDIN",
    "UPDATE users SET name = %s, made = %s::timestamptz WHERE id = ANY(%s) RETURNING id",
    "SELECT %s FROM users GROUP BY %s",
)


def test_what_psycopg2_takes_is_never_called_broken(tmp_path: Path) -> None:
    table = "CREATE TABLE users (id integer, name text, made timestamptz);"
    write(tmp_path, {"schema.sql": table, "app.py": queries(*LEGAL)})
    assert {status for status, _ in statements(tmp_path).values()} == {"same"}


def test_values_that_only_run_time_knows_have_stand_ins(tmp_path: Path) -> None:
    write(tmp_path, {
        "schema.sql": "CREATE TABLE users (id integer, name text, made date);",
        "app.py": CONNECTION
        + """
def find(name, made, days, column):
    cursor.execute(f"SELECT id FROM users WHERE name = '{name}' AND made > '{made}'")
    cursor.execute(f"SELECT id FROM users WHERE made > now() - interval '{days} days'")
    cursor.execute(f"SELECT id FROM users ORDER BY u_{column}")
""",
    })  # fmt: skip
    found = [each for sql, each in statements(tmp_path).items() if sql.startswith("SELECT")]
    assert [status for status, _ in found] == ["same"] * 3
    assert found[2][1] == "a part of a name is only known at run time"


SERVICES = "services: {a: {paths: [a/], schema: shared_common}, b: {paths: [b/], schema: store_service}}\n"


def test_a_step_of_the_roll_out_judges_its_own_statements(tmp_path: Path) -> None:
    write(tmp_path, {
        "schema.sql": "CREATE TABLE users (id integer); CREATE TABLE orders (id integer);",
        "a/db.py": queries("SELECT id FROM users"), "b/db.py": queries("SELECT id FROM orders"),
    })  # fmt: skip
    with (tmp_path / "mapping.yaml").open("a") as mapping:
        mapping.write(SERVICES)
    assert set(statements(tmp_path, "--service", "a")) == {"SELECT id FROM shared_common.users"}
    assert set(statements(tmp_path, "b", "--phase", "1")) == {"SELECT id FROM store_service.orders"}
    assert statements(tmp_path, "--phase", "2") == {}
    assert "no service 'c'; it has a, b" in relink(tmp_path, "verify", "--service", "c").err


def test_a_service_that_falls_short_fails_although_each_schema_suffices(tmp_path: Path) -> None:
    write(tmp_path, {
        "schema.sql": "CREATE TABLE users (id integer);",
        "a/db.py": queries("DROP TABLE users"), "b/db.py": queries(*(f"SELECT {n} FROM users" for n in range(9))),
    })  # fmt: skip
    assert relink(tmp_path, "verify", "--min-success", "85").code == 0
    with (tmp_path / "mapping.yaml").open("a") as mapping:
        mapping.write(SERVICES)
    outcome = relink(tmp_path, "verify", "--min-success", "85")
    assert outcome.code == 1
    assert "      1  users does not exist  (a/db.py)\n" in outcome.out


def test_what_a_comment_ignores_is_judged_as_it_stays(tmp_path: Path) -> None:
    ignored = queries("SELECT id FROM users").replace("')\n", "')  # relink: ignore[unprefixed-table]\n")
    write(tmp_path, {"schema.sql": "CREATE TABLE users (id integer);", "app.py": ignored.replace("''", '""')})
    assert statements(tmp_path)["SELECT id FROM users"][0] == "left"

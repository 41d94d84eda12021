"""Relocations on a real PostgreSQL: everything ends where the mapping says, whatever stood in the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres import Connection, execute

from codemods.catalog.snapshot import Name
from codemods.generate.relocation import Relocation, move_statements

SCHEMAS = ("a", "b", "c")
PLACES = st.builds(Name, st.sampled_from(SCHEMAS), st.sampled_from(("x", "y", "z")))


@st.composite
def moves(draw: st.DrawFn) -> list[Relocation]:
    old = draw(st.lists(PLACES, unique=True, min_size=1, max_size=6))
    new = draw(st.lists(PLACES, unique=True, min_size=len(old), max_size=len(old)))
    return [Relocation("TABLE", *pair) for pair in zip(old, new, strict=True) if pair[0] != pair[1]]


@pytest.fixture(scope="module")
def connection(new_database: Callable[[str], Connection]) -> Connection:
    connection = new_database("relocation")
    for schema in SCHEMAS:
        execute(connection, f"CREATE SCHEMA {schema}")
    return connection


@settings(max_examples=20, deadline=None)
@given(moves=moves())
def test_every_table_arrives_and_comes_back(connection: Connection, moves: list[Relocation]) -> None:
    execute(connection, "BEGIN")
    try:
        for move in moves:
            execute(connection, f"CREATE TABLE {move.old} (); COMMENT ON TABLE {move.old} IS '{move.old}'")
        for statement in move_statements(moves):
            execute(connection, statement)
        assert _origins(connection) == {str(move.new): str(move.old) for move in moves}
        for statement in move_statements([move.reversed() for move in moves]):
            execute(connection, statement)
        assert _origins(connection) == {str(move.old): str(move.old) for move in moves}
    finally:
        execute(connection, "ROLLBACK")


def _origins(connection: Connection) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relnamespace::regnamespace || '.' || relname, obj_description(oid) FROM pg_class"
            " WHERE relnamespace::regnamespace::text IN ('a', 'b', 'c')"
        )
        return dict(cursor.fetchall())

"""Build a database from the DDL that a tree holds, in whatever order it is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from codemods.catalog.tables import Table, attempt, exists, extend, read_table
from codemods.sql import Statement, read

if TYPE_CHECKING:
    from psycopg import Connection

_STAND_INS = """
    CREATE FUNCTION public.uuid_generate_v4() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
    CREATE FUNCTION public.uuid_generate_v1() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
    CREATE DOMAIN public.citext AS text
"""
_DEFINING = ("CREATE", "ALTER", "COMMENT")
_NOT_DEFINING = (
    "CREATE DATABASE", "CREATE ROLE", "CREATE USER", "CREATE GROUP", "CREATE EXTENSION", "CREATE TABLESPACE",
    "CREATE SUBSCRIPTION", "ALTER ROLE", "ALTER USER", "ALTER DATABASE", "ALTER SYSTEM",
)  # fmt: skip


class Failed(NamedTuple):
    """A statement that the server refused, and what it said."""

    statement: str
    message: str


def definitions(scripts: Iterable[str]) -> list[str]:
    """The statements of `scripts` that define something, once each."""
    found: dict[str, None] = {}
    for script in scripts:
        for statement in read(script).statements:
            if _defines(statement, script):
                found[script[statement.start : statement.end]] = None
    return list(found)


def _defines(statement: Statement, script: str) -> bool:
    written = " ".join(script[statement.start : statement.end][:200].upper().split())
    return (
        written.startswith(_DEFINING)
        and not written.startswith(_NOT_DEFINING)
        and not written.startswith(("CREATE TEMP", "CREATE LOCAL TEMP"))
    )


def load_definitions(connection: Connection, statements: Iterable[str], tables: Iterable[Table] = ()) -> list[Failed]:
    """Run `statements`, again and again while that helps one more; those that never ran come back.

    A table that is defined several times, also by `tables`, has the columns of all its definitions, with the types of
    the first. Functions are taken as written, their bodies unchecked. Extensions that an embedded server lacks have
    small stand-ins.
    """
    connection.execute("SET check_function_bodies = off")
    for stand_in in _STAND_INS.split(";"):
        attempt(connection, stand_in)  # fails where the real one is there
    known = {statement: read_table(statement) for statement in statements}
    waiting = [each.statement for each in _run(connection, known)]
    for table in [*(known[statement] for statement in waiting), *tables]:
        if table is not None:
            extend(connection, table)
    return _run(connection, {statement: None for statement in waiting if known[statement] is None})


def _run(connection: Connection, waiting: dict[str, Table | None]) -> list[Failed]:
    """Run statements until none of the rest can be; a table that is there already is extended instead."""
    while True:
        failed = []
        for statement, table in waiting.items():
            if table is not None and exists(connection, table):
                extend(connection, table)
                continue
            problem = attempt(connection, statement)
            if problem:
                failed.append(Failed(statement, problem))
        if len(failed) == len(waiting):
            return [each for each in failed if "already exists" not in each.message]
        waiting = {each.statement: waiting[each.statement] for each in failed}

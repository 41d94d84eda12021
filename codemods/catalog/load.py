"""Build a database from the DDL that a tree holds, in whatever order it is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

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


def load_definitions(connection: Connection, statements: Iterable[str]) -> list[Failed]:
    """Run `statements`, again and again while that helps one more; those that never ran come back.

    Functions are taken as written, their bodies unchecked. Extensions that an embedded server lacks have small
    stand-ins.
    """
    import psycopg

    connection.execute("SET check_function_bodies = off")
    for stand_in in _STAND_INS.split(";"):
        try:
            connection.execute(stand_in.encode())
        except psycopg.Error:
            continue  # the real one is there
    waiting = list(statements)
    while True:
        failed: list[Failed] = []
        for statement in waiting:
            try:
                connection.execute(statement.encode())
            except psycopg.Error as error:
                failed.append(Failed(statement, str(error).splitlines()[0]))
        if len(failed) == len(waiting):
            return [each for each in failed if "already exists" not in each.message]
        waiting = [each.statement for each in failed]

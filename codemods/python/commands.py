"""Read the argument lists of PostgreSQL's programs (`psql`, `pg_dump`, …) found in Python lists."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from codemods.python.operations import known_text
from codemods.python.records import CommandLine
from codemods.python.values import Chunk, Text, Value, texts


class Role(Enum):
    SQL = "sql"
    DATABASE = "database"
    TABLE = "table"


class CommandArgument(NamedTuple):
    """One argument of a program: what it holds. `switches`: the program creates or drops that database."""

    role: Role
    value: Text
    switches: bool


_DUMP_OPTIONS = "dfhpUnNtTFjZES"
_WITH_VALUE = {
    "psql": "cdfvhopUFLPRT",
    "pg_dump": _DUMP_OPTIONS,
    "pg_restore": _DUMP_OPTIONS,
    "vacuumdb": "dhpUtjnN",
    "reindexdb": "dhpUtjSi",
    "createdb": "DElOTShpU",
    "dropdb": "hpU",
    "pg_isready": "dhptU",
}
"""The one-letter options of each program that take a value."""
_SHORT = {"c": Role.SQL, "d": Role.DATABASE}
_LONG = {"command": Role.SQL, "dbname": Role.DATABASE, "table": Role.TABLE, "exclude-table": Role.TABLE}
_TABLES = frozenset({"pg_dump", "pg_restore", "vacuumdb", "reindexdb"})


def read_command(command: CommandLine) -> Iterator[CommandArgument]:
    """The arguments of the first known program in `command` that hold SQL, a database or a table."""
    arguments = iter(command.arguments)
    program = ""
    for argument in arguments:
        program = (known_text(argument) or "").rsplit("/", 1)[-1]
        if program in _WITH_VALUE:
            break
    named = False
    for argument in arguments:
        start = _start(argument)
        if start.startswith("--"):
            name, equals, _ = start[2:].partition("=")
            role = _LONG.get(name)
            value = _after(argument, len(name) + 3) if equals else next(arguments, None) if role else None
        elif start.startswith("-") and len(start) > 1:
            letter = start[1]
            role = Role.TABLE if letter in "tT" and program in _TABLES else _SHORT.get(letter)
            takes = letter in _WITH_VALUE.get(program, "")
            value = (_after(argument, 2) if len(start) > 2 else next(arguments, None)) if takes else None
        else:
            role, value = (None if named else Role.DATABASE), argument
            named = True
        if role is not None and value is not None:
            yield from (CommandArgument(role, text, program in ("createdb", "dropdb")) for text in texts(value))


def _start(argument: Value) -> str:
    for text in texts(argument):
        if text.pieces and isinstance(text.pieces[0], Chunk):
            return text.pieces[0].text
    return ""


def _after(argument: Value, count: int) -> Value | None:
    for text in texts(argument):
        first = text.pieces[0]
        if isinstance(first, Chunk):
            return Text((first.slice(count, len(first.text)), *text.pieces[1:]))
    return None

"""Read the arguments of PostgreSQL's programs (`psql`, `pg_dump`, …), wherever a command is written.

Source: https://www.postgresql.org/docs/current/reference-client.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from codemods.occurrences import ConnectionSetting, Engine, Evidence, Query
from codemods.redis import command_line
from codemods.sourcemap import Run, SourceMap, hole


class Role(Enum):
    SQL = "sql"
    DATABASE = "database"
    TABLE = "table"
    SCHEMA = "schema"


class Argument(NamedTuple):
    """What a program is told, in its word number `word`. `switches`: the program creates or drops that database."""

    role: Role
    source: SourceMap
    switches: bool
    word: int


class Command(NamedTuple):
    """The arguments of one call of `program`; `reads_input`: it takes its SQL from its standard input."""

    program: str
    arguments: tuple[Argument, ...]
    reads_input: bool

    @property
    def database(self) -> str | None:
        """The database that it works in, when it is named."""
        return next((each.source.text for each in self.arguments if each.role is Role.DATABASE), None)


_DUMP_OPTIONS = "dfhpUnNtTFjZES"
_WITH_VALUE = {
    "psql": "cdfvhopUFLPRT",
    "pg_dump": _DUMP_OPTIONS,
    "pg_dumpall": "dflhpUS",
    "pg_restore": _DUMP_OPTIONS + "IPL",
    "vacuumdb": "dhpUtjnN",
    "reindexdb": "dhpUtjSi",
    "clusterdb": "dhpUt",
    "createdb": "DElOTShpU",
    "dropdb": "hpU",
    "pg_isready": "dhptU",
    "pgbench": "dhpUcjTtfMsRLPDrF",
}
"""The one-letter options of each program that take a value."""
_TABLES = frozenset({"pg_dump", "pg_restore", "vacuumdb", "reindexdb", "clusterdb"})
_SCHEMAS = frozenset({"pg_dump", "pg_restore", "vacuumdb"})
_LONG = {
    "command": Role.SQL,
    "dbname": Role.DATABASE,
    "database": Role.DATABASE,
    "maintenance-db": Role.DATABASE,
    "template": Role.DATABASE,
    "table": Role.TABLE,
    "exclude-table": Role.TABLE,
    "exclude-table-data": Role.TABLE,
    "schema": Role.SCHEMA,
}
_WITHOUT_VALUE = re.compile(
    r"no-|if-|on-|(?:all|analyze|analyze-only|blobs|clean|create|data-only|echo|echo-\w+|echo-all|expanded|force|freeze"
    r"|full|globals-only|help|html|interactive|list|no\w*|quiet|quote-all-identifiers|roles-only|schema-only"
    r"|single-transaction|single-line|single-step|system|tablespaces-only|tuples-only|verbose|version|csv|inserts"
    r"|column-inserts|password|disable-triggers|load-via-partition-root|large-objects|initialize|debug|concurrently)$"
)
PROGRAM = re.compile(rf"(?<![\w.-])(?:{'|'.join(sorted(_WITH_VALUE, key=len, reverse=True))})(?![\w./-]|\.\w)")
"""A program's name in running text."""
COMMAND = re.compile(
    r"(?:^|[|;&({`\n\"']|\$\(|\s--\s|(?:^|[|;&\s])(?:!|if|then|else|do|while|until)\s"
    r"|(?:^|[|;&\s])(?:sudo|env|exec|nohup|time|nice|timeout|docker|docker-compose|kubectl|ssh|su|gosu|su-exec|runuser"
    r"|xargs)\s[^|;&\n]*\s|(?:^|\s)\w+=\S*\s)\s*(?:/[\w./-]+/)?"
    rf"(?:{PROGRAM.pattern}|{command_line.PROGRAM.pattern})\s"
)
"""A call of a program in a text that may be a command for a shell."""
_PATTERN = re.compile(r"[*?|]")


def is_program(text: str) -> bool:
    """Whether `text` is the name of a known program, perhaps with its folder."""
    return text.rsplit("/", 1)[-1] in _WITH_VALUE


def read_command(words: Sequence[Sequence[SourceMap]]) -> Command | None:
    """The first known program in `words` and what it is told; each word is one of several texts."""
    names = [word[0].text.rsplit("/", 1)[-1] if word else "" for word in words]
    at = next((index for index, name in enumerate(names) if name in _WITH_VALUE), None)
    if at is None:
        return None
    program = names[at]
    switches = program in ("createdb", "dropdb")
    found: list[Argument] = []
    alone: list[Argument] = []
    options: set[str] = set()
    for name, value, index in _options(program, words, at + 1):
        role = _role(program, name) if name else Role.DATABASE
        if role is not None:
            (found if name else alone).extend(Argument(role, source, switches, index) for source in value)
        options.add(name)
    if program not in ("pg_restore", "pg_isready") and not options & {"d", "dbname"}:
        found += [each for each in alone if each.word == alone[0].word]
    return Command(program, tuple(found), program == "psql" and not options & {"c", "command", "f", "file", "l"})


def _role(program: str, name: str) -> Role | None:
    if len(name) > 1:
        return _LONG.get(name)
    if name in ("t", "T") and program in _TABLES:
        return Role.TABLE
    if name in ("n", "N") and program in _SCHEMAS:
        return Role.SCHEMA
    if (program, name) in (("createdb", "T"), ("pg_dumpall", "l")):
        return Role.DATABASE
    return {"c": Role.SQL, "d": Role.DATABASE}.get(name) if program != "pgbench" or name == "d" else None


def _options(
    program: str, words: Sequence[Sequence[SourceMap]], start: int
) -> Iterator[tuple[str, Sequence[SourceMap], int]]:
    """Each option with its value (no text when it has none) and the number of the word that holds it.

    Other arguments have the name "".
    """
    waiting = iter(range(start, len(words)))
    only_alone = False
    for index in waiting:
        word = words[index]
        text = word[0].text if word else ""
        if only_alone or not text.startswith("-") or len(text) < 2:
            yield "", word, index
        elif text == "--":
            only_alone = True
        else:
            name, offset = _option(program, text)
            if offset:
                yield name, [each.slice(offset, len(each.text)) for each in word], index
            elif _takes_value(program, name):
                value = next(waiting, None)
                yield name, words[value] if value is not None else (), value or index
            else:
                yield name, (), index


def _option(program: str, text: str) -> tuple[str, int]:
    """The name of the option in `text` that can have a value, and where the value begins; 0 when it is not there."""
    if text.startswith("--"):
        name, equals, _ = text[2:].partition("=")
        return name, len(name) + 3 if equals else 0
    for index, letter in enumerate(text[1:], 2):
        if letter in _WITH_VALUE[program]:
            return letter, index if index < len(text) else 0
    return text[-1], 0


def _takes_value(program: str, name: str) -> bool:
    return name in _WITH_VALUE[program] if len(name) == 1 else _WITHOUT_VALUE.match(name) is None


def occurrences(command: Command, path: str, at: int) -> Iterator[Query | ConnectionSetting]:
    """What occurs in a command of the file `path`, called at character `at`."""
    for role, source, switches, _ in command.arguments:
        if role is Role.DATABASE:
            is_name = "=" not in source.text and "://" not in source.text
            yield ConnectionSetting(source, Evidence.CALL, is_name, path, at, switches)
        else:
            statement = source if role is Role.SQL else _as_statement(role, source)
            yield Query(statement, Evidence.CALL, Engine.POSTGRESQL, path, at, command.database)


def _as_statement(role: Role, source: SourceMap) -> SourceMap:
    """A name by itself, read as a statement that means the same: of a table `TABLE name`."""
    if role is Role.SCHEMA:
        before = "SELECT FROM pg_tables WHERE schemaname = '"
        return SourceMap([Run("", before), *source.runs, Run("", "'")])
    if _PATTERN.search(source.text):  # Which tables it means is only known to the server.
        return SourceMap([Run("", "TABLE "), hole("a variable"), Run("", " -- "), *source.runs])
    return SourceMap([Run("", "TABLE "), *source.runs])

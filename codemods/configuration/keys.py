"""What a key says its value is."""

from __future__ import annotations

import re
from enum import Enum

from codemods.configuration.tree import Entry, Scalar, Table


class Meaning(Enum):
    """What the value of a key is; `NOTHING` when the key does not tell."""

    DATABASE = "the name of a database of PostgreSQL"
    DATABASES = "names of databases, separated by commas"
    SEARCH_PATH = "a list of schemas"
    SQL = "a statement"
    NOTHING = ""


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_STAGE = r"(?:_(?:dev|development|test|testing|prod|production|staging|local|default|\d+))?"
_DATABASE = re.compile(
    rf"(?:.*_)?(?:pg|postgres(?:ql)?)?_?(?:(?:database|db)(?:_?name)?|dbname){_STAGE}|(?:database|db){_STAGE}_?name"
)
_DATABASES = re.compile(r"(?:.*_)?(?:databases|dbs|(?:database|db)_?names)")
_HOME = re.compile(r"(?:.*_)?(?:databases?|db|postgres(?:ql)?|pg|datasources?)")
_SQL = re.compile(
    r"(?:.*_)?(?:sql|quer(?:y|ies)|statements?|stmts?|selects?|commands?|cmd|scripts?|ddl|migrations?|init|checks?"
    r"|healthcheck|tests?|args|exec|hooks?|up|down|views?|definition|run|entrypoint)(?:_.*)?"
)
_PROSE = re.compile(
    r"body|text|descriptions?|messages?|titles?|summary|comments?|notes?|help|readme|changelog|documentation"
)
# What is called like a database without being one of PostgreSQL.
_FOREIGN = re.compile(
    r"(?:^|_)(?:mysql|maria(?:db)?|mongo(?:db)?|sqlite\d?|oracle|mssql|sqlserver|clickhouse|cassandra|influx(?:db)?"
    r"|redis|neo4j|dynamo(?:db)?|couch(?:db)?|elastic(?:search)?|firestore|snowflake|bigquery)(?:_|$)"
)
_NOT_SETTINGS = frozenset(
    [
        "labels",
        "match_labels",
        "selector",
        "annotations",
        "networks",
        "volumes",
        "volume_mounts",
        "depends_on",
        "links",
        "aliases",
    ]
)
_ENGINE_KEYS = ("engine", "dialect", "driver", "type", "client", "adapter", "db_connection", "provider", "protocol")
_FOREIGN_ENGINE = re.compile(r"mysql|maria|mongo|sqlite|oracle|mssql|sqlserver|clickhouse|redis", re.IGNORECASE)
_ENDS_OF_NAMES = ("database_name", "databasename", "db_name", "dbname", "database", "name", "db")
_PIECES = {
    "host": ("server", "hostname", "host"),
    "port": ("port",),
    "user": ("username", "user"),
    "password": ("pass", "passwd", "password"),
}
_SERVER_KEYS = ("host", "hostname", "port", "user", "username", "password", "engine", "dialect", "server")
_NAMED_DATABASE = ("database", "dbname", "databasename", "db", "db_name", "database_name")


def meaning(entry: Entry) -> Meaning:
    """What the keys around a value say it is."""
    keys = normalized(entry.keys)
    if not keys or not _NOT_SETTINGS.isdisjoint(keys):
        return Meaning.NOTHING
    last = keys[-1]
    if last in ("search_path", "currentschema", "current_schema"):
        return Meaning.SEARCH_PATH
    foreign = any(_FOREIGN.search(key) for key in keys) or _is_foreign(entry.table)
    if not foreign:
        if _DATABASE.fullmatch(last) or (last == "name" and _names_database(keys[:-1], entry.table)):
            return Meaning.DATABASE
        if _DATABASES.fullmatch(last):
            return Meaning.DATABASES
    return Meaning.SQL if any(_SQL.fullmatch(key) for key in keys) else Meaning.NOTHING


def connection_pieces(entry: Entry) -> dict[str, Scalar]:
    """What stands beside the name of a database and says the rest of its connection, by the keywords of libpq.

    Empty without a host; `DB_NAME` has `DB_HOST` beside it, `name` has `host`.
    """
    beside = {key.lower(): value for key, value in entry.table.items if isinstance(value, Scalar)}
    name = entry.keys[-1].lower() if entry.keys else ""
    for end in _ENDS_OF_NAMES:
        stem = name.removesuffix(end)
        found = {
            keyword: beside[stem + each]
            for keyword, spellings in _PIECES.items()
            for each in spellings
            if name.endswith(end) and stem + each in beside
        }
        if "host" in found:
            return found
    return {}


def is_prose(keys: tuple[str, ...]) -> bool:
    """Whether a value is for people, as the last of its keys says."""
    return any(map(_PROSE.fullmatch, normalized(keys)[-1:]))


def normalized(keys: tuple[str, ...]) -> list[str]:
    """The keys in snake case; a dotted key counts as several, and the key of a merge (`<<`) as none."""
    parts = [part for key in keys for part in key.split(".") if part not in ("", "<<")]
    return [_CAMEL.sub("_", part).replace("-", "_").lower() for part in parts]


def _is_foreign(table: Table) -> bool:
    engine = table.scalar(*_ENGINE_KEYS)
    return engine is not None and _FOREIGN_ENGINE.search(engine) is not None


def _names_database(parents: list[str], table: Table) -> bool:
    """Whether the `name` of a table is a database's: the table is called so, or has what a connection has."""
    if table.scalar(*_NAMED_DATABASE) is not None:
        return False
    if table.scalar("engine", "dialect") is not None:
        return True
    if not parents or not _HOME.fullmatch(parents[-1]):
        return False
    is_called_database = re.search(r"database|db$", parents[-1]) is not None
    return is_called_database or any(table.scalar(key) is not None for key in _SERVER_KEYS)

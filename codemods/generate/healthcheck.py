"""`relink generate healthcheck`: the plan's connection test for every schema and every Redis database."""

from __future__ import annotations

from typing import NamedTuple

from codemods.generate.ddl import Output
from codemods.generate.render import render
from codemods.generate.stamp import stamp
from codemods.mapping import Database, Mapping


class Target(NamedTuple):
    """A database and the URL to use where the environment names none; it has no user and no password."""

    name: str
    url: str


class Schema(NamedTuple):
    name: str
    database: str
    tables: list[str]


def healthcheck(mapping: Mapping) -> Output:
    """One file of Python for deploy scripts."""
    text = render(
        "healthcheck.py",
        stamp=stamp("healthcheck", mapping),
        databases=[Target(each.name, _url(each)) for each in mapping.databases],
        schemas=schemas(mapping),
        redis_databases=sorted({each.db for each in mapping.redis}),
    )
    return Output("healthcheck.py", text)


def schemas(mapping: Mapping) -> list[Schema]:
    """Every schema with its tables and views, by their new names."""
    return [
        Schema(schema, database.name, [
            each.name for each in mapping.relations
            if (each.database, each.schema) == (database.database, schema) and each.kind in ("table", "view")
        ])
        for database in mapping.databases
        for schema in database.schemas
    ]  # fmt: skip


def _url(database: Database) -> str:
    port = f":{database.port}" if database.port else ""
    return f"postgresql://{database.host or 'localhost'}{port}/{database.database}"

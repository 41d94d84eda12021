"""The outputs of `relink generate` by kind."""

from __future__ import annotations

from collections.abc import Callable

from codemods.generate.database_yaml import database_yaml
from codemods.generate.ddl import Output, ddl
from codemods.generate.healthcheck import healthcheck
from codemods.generate.manager import manager
from codemods.generate.redis_migration import redis_migration
from codemods.mapping import Database, Mapping

Generator = Callable[[Mapping, Database, str | None], list[Output]]


def _ddl(mapping: Mapping, database: Database, url: str | None) -> list[Output]:
    if url is None:
        return ddl(mapping, database)
    from codemods.catalog.connect import connect
    from codemods.catalog.snapshot import read_catalog

    with connect(url) as connection:
        return ddl(mapping, database, read_catalog(connection))


GENERATORS: dict[str, Generator] = {
    "database-yaml": lambda mapping, _database, _url: [database_yaml(mapping)],
    "ddl": _ddl,
    "healthcheck": lambda mapping, _database, _url: [healthcheck(mapping)],
    "manager": lambda mapping, database, _url: [manager(mapping, database)],
    "redis-migration": lambda mapping, _database, _url: [redis_migration(mapping)],
}

"""Every driver's calls, by name."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module

from codemods import drivers
from codemods.drivers.model import Connect, Driver, Query, TableArgument


@dataclass(frozen=True, slots=True)
class Registry:
    """Calls by dotted name (functions of a library) or plain name (methods)."""

    connects: dict[str, Connect]
    queries: dict[str, tuple[Query, ...]]
    tables: dict[str, TableArgument]
    connection_types: dict[str, str]
    sqlite_modules: frozenset[str]


def _load() -> Registry:
    found: list[Driver] = []
    for module in pkgutil.iter_modules(drivers.__path__, f"{drivers.__name__}."):
        driver = getattr(import_module(module.name), "DRIVER", None)
        if isinstance(driver, Driver):
            found.append(driver)
    queries: dict[str, tuple[Query, ...]] = {}
    for driver in found:
        for query in driver.queries:
            for name in query.names:
                queries[name] = (*queries.get(name, ()), query)
    return Registry(
        {name: connect for driver in found for connect in driver.connects for name in connect.names},
        queries,
        {name: table for driver in found for table in driver.tables for name in table.names},
        {name: driver.engine for driver in found for name in driver.connection_types},
        frozenset({"sqlite3", "aiosqlite", "apsw"}),
    )


REGISTRY = _load()

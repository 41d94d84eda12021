"""Every driver's calls, by name."""

from __future__ import annotations

import pkgutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import TypeVar

from codemods import drivers
from codemods.drivers.model import Connect, Driver, MappedClass, Query, TableArgument, TableReference

_Call = TypeVar("_Call", Query, TableArgument, TableReference)


@dataclass(frozen=True)
class Registry:
    """Calls by dotted name (functions of a library) or plain name (methods); `named` are those that settings name."""

    connects: dict[str, Connect]
    queries: dict[str, tuple[Query, ...]]
    tables: dict[str, tuple[TableArgument, ...]]
    references: dict[str, tuple[TableReference, ...]]
    classes: tuple[MappedClass, ...]
    instances: frozenset[str]
    connection_types: dict[str, str]
    sqlite_modules: frozenset[str]
    named: tuple[Query, ...] = ()

    def naming(self, queries: tuple[Query, ...]) -> Registry:
        """The registry with the functions that settings name."""
        known = (each for described in self.queries.values() for each in described)
        return replace(self, queries=_by_name(dict.fromkeys((*known, *queries))), named=queries) if queries else self

    @cached_property
    def known_names(self) -> frozenset[str]:
        """The dotted names of all that is described."""
        bases = {base for mapped in self.classes for base in mapped.bases}
        described = {*self.connects, *self.queries, *self.tables, *self.connection_types, *self.instances, *bases}
        return frozenset(name for name in described if "." in name)


def _load() -> Registry:
    found: list[Driver] = []
    for module in pkgutil.iter_modules(drivers.__path__, f"{drivers.__name__}."):
        driver = getattr(import_module(module.name), "DRIVER", None)
        if isinstance(driver, Driver):
            found.append(driver)
    return Registry(
        {name: connect for driver in found for connect in driver.connects for name in connect.names},
        _by_name(query for driver in found for query in driver.queries),
        _by_name(table for driver in found for table in driver.tables),
        _by_name(reference for driver in found for reference in driver.references),
        tuple(mapped for driver in found for mapped in driver.classes),
        frozenset(name for driver in found for name in driver.instances),
        {name: driver.engine for driver in found for name in driver.connection_types},
        frozenset({"sqlite3", "aiosqlite", "apsw"}),
    )


def _by_name(calls: Iterable[_Call]) -> dict[str, tuple[_Call, ...]]:
    found: dict[str, list[_Call]] = defaultdict(list)
    for call in calls:
        for name in call.names:
            found[name].append(call)
    return {name: tuple(described) for name, described in found.items()}


REGISTRY = _load()

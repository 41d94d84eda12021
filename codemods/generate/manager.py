"""`relink generate manager`: a module that knows every table's schema and keeps each service's connections apart."""

from __future__ import annotations

from codemods.generate.ddl import Output
from codemods.generate.render import render
from codemods.generate.stamp import stamp
from codemods.mapping import Database, Mapping


def manager(mapping: Mapping, database: Database) -> Output:
    """One module for the backend; without services in the mapping every schema is one."""
    services = [(each.name, each.schema) for each in mapping.services if each.schema in database.schemas]
    text = render(
        "manager.py",
        stamp=stamp("manager", mapping),
        database=database.database,
        tables=_tables(mapping, database),
        services=services or [(schema, schema) for schema in database.schemas],
    )
    return Output("database_manager.py", text)


def _tables(mapping: Mapping, database: Database) -> list[tuple[str, str]]:
    """Each name that says one table, new or old, and the table's new place."""
    found: dict[str, set[str]] = {}
    for relation in mapping.relations:
        if relation.database == database.database and relation.kind in ("table", "view"):
            for name in (relation.name, relation.old_name):
                found.setdefault(name, set()).add(relation.qualified)
    return sorted((name, places.pop()) for name, places in found.items() if len(places) == 1)

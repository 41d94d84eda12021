"""Hold what the old layout has against what the new one has: nothing lost, nothing changed but the places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from codemods.catalog.snapshot import Catalog, Column, Name
from codemods.fixes.rename import rewrite_sql
from codemods.mapping import Already, Mapping, Moved

_TYPE = re.compile(r"(?P<schema>[a-z_]\w*)\.(?P<name>[a-z_]\w*)")


class Difference(NamedTuple):
    """Something that is not on the new layout what it was on the old one; `name` is its old name."""

    name: str
    message: str


def compare(old: Catalog, new: Catalog, mapping: Mapping) -> Iterator[Difference]:
    """Relations with their columns and defaults, foreign keys, routines, and the search paths of roles."""
    known = {relation.name: relation for relation in new.relations}
    for relation in old.relations:
        place = moved(relation.name, mapping)
        there = known.get(place)
        if there is None:
            yield Difference(str(relation.name), f"there is no {place}")
            continue
        if there.kind != relation.kind:
            yield Difference(str(relation.name), f"{place} is a {there.kind}, it was a {relation.kind}")
        yield from _columns(relation.name, relation.columns, there.columns, mapping)
        if _words(rewrite_sql(relation.definition or "", mapping)) != _words(there.definition or ""):
            yield Difference(str(relation.name), f"{place} asks for something else than it did")
        if relation.owner is not None and there.owner != moved(relation.owner, mapping):
            yield Difference(str(relation.name), f"{place} is not owned by {moved(relation.owner, mapping)} any more")
    yield from _foreign_keys(old, new, mapping)
    yield from _routines(old, new, mapping)
    yield from _search_paths(new, mapping)


def _words(query: str) -> list[str]:
    """A view's query as the server writes it, without its layout."""
    return query.split()


def moved(name: Name, mapping: Mapping, kind: str = "relation") -> Name:
    """Where the thing `name` is on the new layout; `kind` as in `Mapping.resolve`."""
    found = mapping.resolve(tuple(name), kind, None, "")
    return Name(found.relation.schema, found.relation.name) if isinstance(found, (Moved, Already)) else name


def _columns(
    table: Name, before: tuple[Column, ...], after: tuple[Column, ...], mapping: Mapping
) -> Iterator[Difference]:
    there = {column.name: column for column in after}
    for column in before:
        default = None if column.default is None else rewrite_sql(column.default, mapping)
        same = column._replace(type=_moved_types(column.type, mapping), default=default)
        found = there.get(column.name)
        if found is None:
            yield Difference(str(table), f"its column {column.name} is gone")
        elif found not in (column, same):
            yield Difference(str(table), f"its column {column.name} is {_told(found)}, it was {_told(column)}")


def _moved_types(types: str, mapping: Mapping) -> str:
    """A type, or a list of arguments, with the types in it where they are on the new layout."""
    return _TYPE.sub(lambda found: str(moved(Name(found["schema"], found["name"]), mapping, "type")), types)


def _told(column: Column) -> str:
    required = " not null" if column.required else ""
    return f"{column.type}{required}" + (f" default {column.default}" if column.default else "")


def _foreign_keys(old: Catalog, new: Catalog, mapping: Mapping) -> Iterator[Difference]:
    there = {(key.table, key.constraint, key.target) for key in new.foreign_keys}
    for key in old.foreign_keys:
        table, target = moved(key.table, mapping), moved(key.target, mapping)
        if (table, key.constraint, target) not in there:
            yield Difference(str(key.table), f"its foreign key {key.constraint} to {target} is gone")


def _routines(old: Catalog, new: Catalog, mapping: Mapping) -> Iterator[Difference]:
    there = {(routine.name, routine.arguments): routine for routine in new.routines}
    for routine in old.routines:
        place, arguments = moved(routine.name, mapping, "function"), _moved_types(routine.arguments, mapping)
        found = there.get((place, arguments))
        if found is None:
            yield Difference(str(routine.name), f"there is no function {place}({arguments})")
        elif found.body and rewrite_sql(found.definition, mapping) != found.definition:
            yield Difference(str(routine.name), "the body of the function still says old names")


def _search_paths(new: Catalog, mapping: Mapping) -> Iterator[Difference]:
    for path in new.search_paths:
        listed = {schema.strip().strip('"') for schema in path.schemas.split(",")}
        if listed & mapping.old_schemas and not listed & mapping.schemas:
            whose = f"role {path.role}" if path.role else f"database {path.database or 'of every name'}"
            yield Difference(whose, f"its search_path {path.schemas} has none of the new schemas")

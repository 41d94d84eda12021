"""The mapping as records, and the question that everything else asks it: where did this name go?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from codemods.checkout.ignored import read_patterns
from codemods.mapping.problems import MappingError, Problem


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, view, sequence, function or type: its new place and its old one.

    `database` is the new database. `old_database` is None when any database that the new one replaces may have
    held it. `line` and `column` (1-based) say where the mapping has it.
    """

    kind: str
    database: str
    schema: str
    name: str
    old_database: str | None
    old_schema: str
    old_name: str
    line: int
    column: int = 1

    @property
    def qualified(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class Database:
    """A database after the restructure and the old ones that it replaces."""

    name: str
    database: str
    host: str | None
    port: int | None
    replaces: tuple[str, ...]
    schemas: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Service:
    """A part of the tree (`paths`, patterns as in .gitignore) whose bare names mean tables of `schema`."""

    name: str
    paths: tuple[str, ...]
    schema: str | None
    port: int | None

    def holds(self, path: str) -> bool:
        """Whether the file `path`, relative and with `/`, belongs to this service."""
        return read_patterns(self.paths).match_file(path)


@dataclass(frozen=True, slots=True)
class RedisNamespace:
    """Keys that began with `old` begin with `new` and live in the Redis database `db`."""

    old: str
    new: str
    db: int
    line: int
    column: int = 1


class Moved(NamedTuple):
    """The name is the old one of `relation`."""

    relation: Relation


class Already(NamedTuple):
    """The name is the new one of `relation`."""

    relation: Relation


class Ambiguous(NamedTuple):
    """The name is the old one of several relations, and nothing says which one is meant."""

    candidates: tuple[Relation, ...]


Resolution = Moved | Already | Ambiguous | None
_RELATION_KINDS = frozenset({"table", "view"})
_ANSWERS = {
    "relation": _RELATION_KINDS | {"sequence"},
    "sequence": frozenset({"sequence"}),
    "function": frozenset({"function"}),
    "type": _RELATION_KINDS | {"type"},
}


@dataclass(frozen=True)
class Mapping:
    """One mapping file. `default_schema` is "none", "constant" or "search_path"."""

    path: Path
    databases: tuple[Database, ...]
    relations: tuple[Relation, ...]
    services: tuple[Service, ...] = ()
    redis: tuple[RedisNamespace, ...] = ()
    default_schema: str = "none"

    @cached_property
    def words(self) -> frozenset[str]:
        """The old names of everything that moved, in lower case."""
        return frozenset(relation.old_name.lower() for relation in self.relations)

    @cached_property
    def database_words(self) -> frozenset[str]:
        """The names of the replaced databases."""
        return frozenset(name for database in self.databases for name in database.replaces)

    @cached_property
    def schemas(self) -> frozenset[str]:
        """The new schemas."""
        return frozenset(name for database in self.databases for name in database.schemas)

    @cached_property
    def old_schemas(self) -> frozenset[str]:
        """The schemas that relations left."""
        return frozenset(relation.old_schema for relation in self.relations)

    @cached_property
    def _by_old_name(self) -> dict[str, list[Relation]]:
        found: dict[str, list[Relation]] = defaultdict(list)
        for relation in self.relations:
            found[relation.old_name].append(relation)
        return found

    @cached_property
    def _by_new_name(self) -> dict[tuple[str, str], list[Relation]]:
        found: dict[tuple[str, str], list[Relation]] = defaultdict(list)
        for relation in self.relations:
            found[relation.schema, relation.name].append(relation)
        return found

    def new_database(self, old: str) -> Database | None:
        """The database that `old` was merged into; None when it was not."""
        return next((database for database in self.databases if old in database.replaces), None)

    def service_of(self, path: str) -> Service | None:
        """The first service that the file `path` belongs to."""
        return next((service for service in self.services if service.holds(path)), None)

    def resolve(self, parts: tuple[str, ...], kind: str, database: str | None, path: str) -> Resolution:
        """Where a name went. `parts` are folded: name; schema, name; or database, schema, name.

        `kind` is "relation", "sequence", "function" or "type"; `database` the old one that the statement runs in,
        None when not known; `path` the file that runs it.
        """
        if not 1 <= len(parts) <= 3:
            return None
        name, schema = parts[-1], parts[-2] if len(parts) > 1 else None
        found = self._named(name, schema, kind)
        if not found and kind in ("relation", "sequence") and name.endswith("_seq"):
            return self._owned_sequence(parts, database, path)
        new = self._at_new_place(name, schema, kind)
        if new is not None:
            return Already(new)
        known = parts[0] if len(parts) == 3 else database
        return self._decide([relation for relation in found if not _stays(relation)], known, path)

    def _named(self, name: str, schema: str | None, kind: str) -> list[Relation]:
        kinds = _ANSWERS.get(kind, frozenset())
        return [
            relation
            for relation in self._by_old_name.get(name, ())
            if relation.kind in kinds and (schema is None or schema == relation.old_schema)
        ]

    def _at_new_place(self, name: str, schema: str | None, kind: str) -> Relation | None:
        if schema is None:
            return None
        kinds = _ANSWERS.get(kind, frozenset())
        return next((each for each in self._by_new_name.get((schema, name), ()) if each.kind in kinds), None)

    def _decide(self, found: list[Relation], database: str | None, path: str) -> Resolution:
        if database is not None and found:
            of_database = [relation for relation in found if self._may_hold(database, relation)]
            if not of_database and database in self._known_databases:
                return None
            found = of_database or found
        if len(found) > 1:
            service = self.service_of(path)
            of_service = [relation for relation in found if service and relation.schema == service.schema]
            found = of_service if len(of_service) == 1 else found
        if not found:
            return None
        return Moved(found[0]) if len(found) == 1 else Ambiguous(tuple(found))

    @cached_property
    def _known_databases(self) -> frozenset[str]:
        old = {relation.old_database for relation in self.relations if relation.old_database}
        return self.database_words | old | {database.database for database in self.databases}

    def _may_hold(self, database: str, relation: Relation) -> bool:
        if relation.old_database is not None:
            return relation.old_database == database
        home = next((each for each in self.databases if each.database == relation.database), None)
        return home is not None and (database == home.database or database in home.replaces)

    def _owned_sequence(self, parts: tuple[str, ...], database: str | None, path: str) -> Resolution:
        """`<table>_<column>_seq` moves with its table, as PostgreSQL moves it."""
        name = parts[-1]
        words = name[: -len("_seq")].split("_")
        for count in range(len(words) - 1, 0, -1):
            table = "_".join(words[:count])
            if table in self._by_old_name or (len(parts) > 1 and (parts[-2], table) in self._by_new_name):
                owner = self.resolve((*parts[:-1], table), "relation", database, path)
                if isinstance(owner, (Moved, Already)):
                    relation = owner.relation
                    sequence = replace(relation, kind="sequence", name=name, old_name=name)
                    return type(owner)(sequence)
        return None

    def inverse(self) -> Mapping:
        """The mapping that undoes this one. Raises `MappingError` naming the rows that keep it from having one."""
        problems = [*self._merged_databases(), *self._merged_relations()]
        if problems:
            raise MappingError(tuple(sorted(problems)))
        relations = []
        databases: dict[str, Database] = {}
        for relation in self.relations:
            home = next(each for each in self.databases if each.database == relation.database)
            old = relation.old_database or (home.replaces[0] if home.replaces else home.database)
            relations.append(
                replace(
                    relation, database=old, schema=relation.old_schema, name=relation.old_name,
                    old_database=None, old_schema=relation.schema, old_name=relation.name,
                )
            )  # fmt: skip
            schemas = databases[old].schemas if old in databases else ()
            databases[old] = Database(
                old, old, home.host, home.port, (home.database,),
                schemas if relation.old_schema in schemas else (*schemas, relation.old_schema), home.line,
            )  # fmt: skip
        redis = tuple(replace(each, old=each.new, new=each.old, db=0) for each in self.redis)
        return replace(self, databases=tuple(databases.values()), relations=tuple(relations), redis=redis)

    def _merged_databases(self) -> list[Problem]:
        return [
            Problem(
                str(self.path), each.line, 1,
                f"{each.database} replaces {len(each.replaces)} databases, so its inverse is not one mapping",
                "say for each relation which database it came from (from: database.schema.name)",
            )
            for each in self.databases
            if len(each.replaces) > 1
            and any(relation.old_database is None for relation in self.relations if relation.database == each.database)
        ]  # fmt: skip

    def _merged_relations(self) -> list[Problem]:
        seen: dict[tuple[str, str, str], Relation] = {}
        problems = []
        for relation in self.relations:
            first = seen.setdefault((relation.database, relation.schema, relation.name), relation)
            if first is not relation:
                problems.append(
                    Problem(
                        str(self.path), relation.line, relation.column,
                        f"{relation.qualified} came from two places, so it cannot be sent back to one",
                        f"see line {first.line} too",
                    )
                )  # fmt: skip
        return problems


def _stays(relation: Relation) -> bool:
    return (relation.schema, relation.name) == (relation.old_schema, relation.old_name)

"""What the statements of a tree say of temporary tables, owned and renamed things and functions, for all the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from codemods import sql
from codemods.mapping import Already, Mapping, Moved, Relation, Resolution
from codemods.occurrences import Query


@lru_cache(maxsize=8192)
def read_sql(text: str) -> sql.Script:
    """The script in `text`; the same text is read once."""
    return sql.read(text)


class Declarations:
    """Reads them out of all `queries` when they are asked for first."""

    def __init__(self, mapping: Mapping, queries: Sequence[Query]) -> None:
        self._mapping = mapping
        self._queries = queries

    @cached_property
    def _temporary(self) -> dict[tuple[str, str], list[Query]]:
        """The queries of each file that create a temporary table, by its name."""
        found: dict[tuple[str, str], list[Query]] = defaultdict(list)
        for query in self._queries:
            for statement in read_sql(query.source.text).statements:
                for name in statement.temporary if statement.verb != "CREATE TRIGGER" else ():
                    found[query.path, name].append(query)
        return found

    @cached_property
    def _transitional(self) -> frozenset[tuple[str, str]]:
        """The transition tables that the triggers of each file give to their functions."""
        return frozenset(
            (query.path, name)
            for query in self._queries
            for statement in read_sql(query.source.text).statements
            if statement.verb == "CREATE TRIGGER"
            for name in statement.temporary
        )

    def temporary(self, query: Query, name: str) -> bool | None:
        """Whether `name` is a temporary table where `query` runs: True when the same function made it before.

        None when another method of the class, or the module, makes it and nothing says whether that was before, or
        when a trigger of the file gives such a table to its function.
        """
        known: bool | None = None if (query.path, name) in self._transitional else False
        for maker in self._temporary.get((query.path, name), ()):
            if maker.function == query.function:
                if maker.at <= query.at and maker.source.text != query.source.text:
                    return True
            elif not maker.function or _around(query.function) & {maker.function, *_around(maker.function)}:
                known = None
        return known

    @cached_property
    def _all_temporary(self) -> frozenset[str]:
        return frozenset(name for _, name in self._temporary)

    def is_temporary(self, name: str) -> bool:
        """Whether some query of the tree creates a temporary table of this name."""
        return name in self._all_temporary

    @cached_property
    def _owners(self) -> dict[tuple[sql.Kind, str], set[Relation | None]]:
        """The tables that indexes and sequences belong to, None for one that stays, by the name of the latter."""
        found: dict[tuple[sql.Kind, str], set[Relation | None]] = defaultdict(set)
        renamed: list[sql.Owned] = []
        for query in self._queries:
            for statement in read_sql(query.source.text).statements:
                for owned in statement.owned:
                    if owned.renamed:
                        renamed.extend([owned] if owned.kind is sql.Kind.INDEX else [])
                        continue
                    of = "type" if owned.kind in (sql.Kind.FUNCTION, sql.Kind.TYPE) else "relation"
                    resolution = self._mapping.resolve(owned.owner, of, query.database, query.path)
                    relation = resolution.relation if isinstance(resolution, (Moved, Already)) else None
                    found[owned.kind, owned.name].add(relation)
                    if owned.automatic and relation is not None and relation.name != relation.old_name:
                        found[owned.kind, owned.name].add(None)  # One made anew is called after the new name.
        for owned in renamed:
            found[owned.kind, owned.name] |= found.get((owned.kind, owned.owner[-1]), set())
        return found

    def is_homeless(self, reference: sql.Reference) -> bool:
        """Whether no statement shows which one table the index `reference` belongs to."""
        return len(self._owners.get((sql.Kind.INDEX, reference.names[-1]), ())) != 1

    @cached_property
    def arguments_that_name(self) -> frozenset[tuple[str, int | str]]:
        """The arguments of the tree's functions that are names of relations."""
        return frozenset(
            argument
            for query in self._queries
            for statement in read_sql(query.source.text).statements
            for argument in statement.naming
        )

    @cached_property
    def functions_of_rows(self) -> dict[tuple[str, str], Relation]:
        """The moved functions that take a row of a table, by the names of both."""
        found: dict[tuple[str, str], Relation] = {}
        for query in self._queries:
            for statement in read_sql(query.source.text).statements:
                for function, row in statement.of_rows:
                    resolution = self._mapping.resolve((function,), "function", query.database, query.path)
                    if isinstance(resolution, Moved):
                        found[row[-1], function] = resolution.relation
        return found

    def moved_with_owner(self, reference: sql.Reference) -> Resolution:
        """Where an index or sequence went that moves with its table; it keeps its name."""
        name = reference.names[-1]
        kinds = (sql.Kind.SEQUENCE, sql.Kind.INDEX) if reference.kind is sql.Kind.RELATION else (reference.kind,)
        owned = next(((kind, self._owners[kind, name]) for kind in kinds if (kind, name) in self._owners), None)
        kind, owners = owned or (reference.kind, set())
        owner = next(iter(owners)) if len(owners) == 1 else None
        if owner is None or reference.names[:-1] not in ((), (owner.old_schema,)) or owner.schema == owner.old_schema:
            return None
        return Moved(replace(owner, kind=kind.value, name=name, old_name=name))

    @cached_property
    def _renamed(self) -> dict[tuple[str, str, str, str], set[Relation]]:
        """What moved and a function (file and dotted name) renames, by its kind and the name that it gives."""
        found: dict[tuple[str, str, str, str], set[Relation]] = defaultdict(set)
        for query in self._queries:
            for statement in read_sql(query.source.text).statements:
                for owned in statement.owned:
                    if owned.renamed:
                        kind = owned.kind.value
                        resolution = self._mapping.resolve(owned.owner, kind, query.database, query.path)
                        known = {resolution.relation} if isinstance(resolution, (Moved, Already)) else set()
                        before = found.get((query.path, query.function, kind, owned.owner[-1]), set())
                        found[query.path, query.function, kind, owned.name] |= known or before
        return found

    def renamed_nearby(self, query: Query, reference: sql.Reference, kind: str) -> Resolution:
        """Where that is which the same function gives its name: `ALTER … RENAME TO` leaves the schema alone."""
        name = reference.names[-1]
        owners: set[Relation] = set()
        for each in (kind,) if kind in ("function", "index") else (kind, "relation"):
            owners = owners or self._renamed.get((query.path, query.function, each, name), set())
        if len({owner.schema for owner in owners}) != 1 or len(reference.parts) > 1:
            return None
        owner = next(iter(owners))
        return Moved(replace(owner, name=name, old_name=name)) if owner.schema != owner.old_schema else None


def _around(function: str) -> set[str]:
    """The functions and classes, as dotted names, that a function is written in."""
    names = function.split(".")
    return {".".join(names[:count]) for count in range(1, len(names))}

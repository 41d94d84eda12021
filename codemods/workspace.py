"""What rules share: the mapping, the files, and the way from decoded text to bytes of a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from functools import cached_property

from codemods import sql
from codemods.checkout.paths import is_migration, is_test
from codemods.declarations import Declarations, read_sql
from codemods.fixes.expected import is_part, quoted_uses
from codemods.fixes.other_uses import other_uses
from codemods.mapping import Already, Mapping, Moved, Relation, Resolution
from codemods.model import Edit, Finding, Fix, Impact, Span
from codemods.occurrences import Evidence, Query, RedisKey, RedisSetting, TableArgument, TableReference
from codemods.python.records import Place
from codemods.python.values import Literal
from codemods.redis.moves import RedisMoves
from codemods.source import Source
from codemods.sourcemap import Origin, Range


@dataclass(frozen=True, slots=True)
class Use:
    """A place in a query that names a relation (or sequence, function, type), and what the mapping says of it."""

    statement: sql.Statement
    reference: sql.Reference
    resolution: Resolution


@dataclass(frozen=True)
class Workspace:
    """One run's mapping and files.

    `other_uses` tells what else a literal serves as in Python, `escapes` how it gets out of sight, and where.
    """

    mapping: Mapping
    sources: ReadOnly[str, Source]
    other_uses: ReadOnly[Literal, ReadOnly[str, Place]] = field(default_factory=dict)
    escapes: ReadOnly[Literal, ReadOnly[str, Place]] = field(default_factory=dict)
    queries: tuple[Query, ...] = ()
    tables: tuple[TableArgument, ...] = ()
    keys: tuple[RedisKey, ...] = ()
    redis_settings: tuple[RedisSetting, ...] = ()
    references: tuple[TableReference, ...] = ()
    _uses: dict[int, tuple[Query, tuple[Use, ...]]] = field(default_factory=dict)
    _quoted: dict[int, tuple[Query, tuple[Use, ...] | None]] = field(default_factory=dict)

    @cached_property
    def declarations(self) -> Declarations:
        """What the statements say that others need to know."""
        return Declarations(self.mapping, self.queries)

    def uses(self, query: Query) -> tuple[Use, ...]:
        """Everything that `query` names, resolved."""
        known = self._uses.get(id(query))
        if known is None:
            quoted = self.quoted(query) if query.expected else None
            known = self._uses[id(query)] = (query, tuple(self._resolve(query)) if quoted is None else quoted)
        return known[1]

    def quoted(self, query: Query) -> tuple[Use, ...] | None:
        """What the text of `query` names where it is part of other statements of the tree; None when it is of none."""
        known = self._quoted.get(id(query))
        if known is None:
            known = self._quoted[id(query)] = (query, quoted_uses(query, self))
        return known[1]

    @cached_property
    def answered(self) -> dict[Range | None, list[tuple[Query, int, Origin]]]:
        """The values that queries answer in other queries, and where (0-based), by where the former begins."""
        found: dict[Range | None, list[tuple[Query, int, Origin]]] = defaultdict(list)
        for query in self.queries:
            for start, run in zip(query.source.starts, query.source.runs, strict=False):
                if run.origin is not None:
                    found[run.origin.asked.first()].append((query, start, run.origin))
        return found

    def other_use(self, path: str, literal: int) -> str | None:
        """What else a literal serves as, and where, for a message; None when it serves as nothing else."""
        return next(self._other_uses(self.other_uses, path, literal), None)

    def escape(self, path: str, literal: int) -> str | None:
        """How a literal gets out of sight, where its text may be read as a name by itself; None when it does not."""
        inside = self._other_uses_in_queries.get((path, literal))
        return inside or next(self._other_uses(self.escapes, path, literal), None)

    def _other_uses(self, uses: ReadOnly[Literal, ReadOnly[str, Place]], path: str, literal: int) -> Iterator[str]:
        for what, (file, at, _) in uses.get(Literal(path, literal), {}).items():
            yield f"{what} ({file}:{self.line(file, at)})"

    def line(self, path: str, at: int) -> int:
        """The 1-based line of a 0-based character offset."""
        source = self.sources[path]
        return source.line_column(source.byte_offset(at))[0]

    @cached_property
    def _other_uses_in_queries(self) -> dict[tuple[str, int], str]:
        found: dict[tuple[str, int], str] = {}
        for query in self.queries:
            if any(statement.problem for statement in read_sql(query.source.text).statements):
                continue
            for use in other_uses(query, self.uses(query), self, found):
                found.setdefault(
                    (use.path, use.literal), f"{use.what} ({query.path}:{self.line(query.path, query.at)})"
                )
        return found

    @cached_property
    def definitions(self) -> dict[tuple[str, str], list[TableArgument]]:
        """Where the tree defines tables of an ORM, by registry and name."""
        found: dict[tuple[str, str], list[TableArgument]] = defaultdict(list)
        for table in self.tables:
            if table.described.registry:
                found[table.described.registry, table.source.text].append(table)
        return found

    @cached_property
    def references_by_call(self) -> dict[tuple[str, int], list[TableReference]]:
        """What each call refers to by name, by its file and place: several tables where the name is a parameter."""
        found: dict[tuple[str, int], list[TableReference]] = defaultdict(list)
        for reference in self.references:
            found[reference.path, reference.at].append(reference)
        return found

    @cached_property
    def by_call(self) -> dict[tuple[str, int], list[TableArgument]]:
        """The tables whose schemas would be added to one call or class, by its file and place."""
        found: dict[tuple[str, int], list[TableArgument]] = defaultdict(list)
        for table in self.tables:
            if table.target is not None:
                found[table.target.path, table.target.at].append(table)
        return found

    @cached_property
    def found_by_path(self) -> frozenset[str]:
        """The schemas that options of connections put on their search_path."""
        return frozenset(
            schema
            for query in self.queries
            if query.source.runs and not query.source.is_written(0)
            for statement in read_sql(query.source.text).statements
            for search_path in statement.search_paths
            for schema in search_path.schemas
        )

    def serves(self, path: str) -> bool:
        """Whether the file is part of what serves, not of its tests or migrations."""
        return impact_of(path) is Impact.HIGH

    def needs(self, path: str) -> frozenset[str]:
        """The new schemas that the queries run by the file `path` name."""
        return self._needs.get(path, frozenset())

    def needs_under(self, folder: str) -> frozenset[str]:
        """The new schemas that the queries run by the files under `folder` name; all of them when it is "."."""
        within = "" if folder == "." else f"{folder}/"
        return frozenset().union(*(schemas for path, schemas in self._needs.items() if path.startswith(within)))

    @cached_property
    def _needs(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for query in self.queries:
            for use in self.uses(query):
                if isinstance(use.resolution, (Moved, Already)):
                    found[query.path].add(use.resolution.relation.schema)
        return {path: frozenset(schemas) for path, schemas in found.items()}

    @cached_property
    def redis(self) -> RedisMoves:
        """Which Redis keys and databases can move."""
        return RedisMoves(self, self.keys, self.redis_settings)

    @cached_property
    def creations(self) -> ReadOnly[str, Set[str]]:
        """The relations of the mapping (`schema.name`) that the statements of each file create."""
        return self._done_by(frozenset({sql.Role.CREATE}))

    @cached_property
    def fillings(self) -> ReadOnly[str, Set[str]]:
        """The relations of the mapping (`schema.name`) that the statements of each file create or write to."""
        return self._done_by(frozenset({sql.Role.CREATE, sql.Role.WRITE}))

    def _done_by(self, roles: Set[sql.Role]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for query in self.queries:
            for use in self.uses(query):
                if use.reference.role in roles and isinstance(use.resolution, (Moved, Already)):
                    found[query.path].add(use.resolution.relation.qualified)
        return found

    def all_uses(self) -> Iterator[Use]:
        """Everything that the queries looked at so far name."""
        return (use for _, uses in self._uses.values() for use in uses)

    def _resolve(self, query: Query) -> Iterator[Use]:
        if query.evidence is Evidence.EXPECTED and not is_part(query, self):
            return
        made: set[tuple[str, str]] = set()
        for statement, path in sql.with_paths(read_sql(query.source.text)):
            for reference in self._references(statement):
                names = reference.names
                if reference.partial or (len(names) == 1 and self.declarations.temporary(query, names[0])):
                    continue
                kind = "relation" if reference.kind is sql.Kind.COLUMN else reference.kind.value
                resolution = self.mapping.resolve(names, kind, query.database, query.path)
                if resolution is None and kind == "relation" and statement.verb in ("COMMENT", "CREATE TABLE"):
                    # `COMMENT ON COLUMN address.street`, `LIKE address`
                    resolution = self.mapping.resolve(names, "type", query.database, query.path)
                resolution = (
                    resolution
                    or self.declarations.moved_with_owner(reference)
                    or self.declarations.renamed_nearby(query, reference, kind)
                )
                if isinstance(resolution, Moved) and self._is_elsewhere(reference, resolution.relation, path, made):
                    resolution = None
                yield Use(statement, reference, resolution)
            made.update(sql.made(statement, path))
            made.update(sql.renamed(statement, path, made))

    def _references(self, statement: sql.Statement) -> Iterator[sql.Reference]:
        """What a statement names, with the literals that it gives to functions of the tree as names of relations."""
        yield from statement.references
        if statement.arguments:
            yield from (
                found for found in statement.arguments if found.argument in self.declarations.arguments_that_name
            )

    def _is_elsewhere(
        self, reference: sql.Reference, relation: Relation, path: tuple[str, ...], made: Set[tuple[str, str]]
    ) -> bool:
        """Whether a bare name found through `path` is not `relation`'s, as far as the script says that `made` these."""
        if len(reference.parts) > 1 or not path:
            return False
        old = self.mapping.old_schemas
        first = next((at for at, schema in enumerate(path) if schema in old or schema == relation.schema), len(path))
        if first == len(path):
            return True
        name = reference.names[0]
        if any((schema, name) in made for schema in path[:first]):
            return True
        return reference.role is sql.Role.CREATE and path[0] not in (
            *old,
            *self.mapping.schemas,
            "pg_catalog",
            "pg_temp",
        )

    def place(self, query: Query, reference: sql.Reference) -> Range | None:
        """Where the name is written; its beginning when it is written in several pieces."""
        start, end = reference.parts[0].start, reference.parts[-1].end
        return query.source.locate(start, end) or query.source.locate(start, start + 1) or query.source.first()

    def span(self, place: Range) -> Span:
        """The bytes of a range of characters."""
        source = self.sources[place.path]
        return Span(source.byte_offset(place.start), source.byte_offset(place.end))

    def edit(self, place: Range, new: str) -> Edit:
        """Replace the characters of `place` by `new`."""
        return Edit(place.path, self.span(place), self.sources[place.path].encode(new))

    def finding(
        self, rule: str, place: Range, message: str, help: str, impact: Impact | None = None, fix: Fix | None = None
    ) -> Finding:
        """A finding at `place`; without an `impact` the file's kind decides. The note of `fix` joins the message."""
        chosen = impact or impact_of(place.path)
        said = f"{message}; {fix.note}" if fix and fix.note else message
        return Finding(place.path, self.span(place), rule, said, help, chosen, fix)


def impact_of(path: str) -> Impact:
    """High for code that serves, medium for tests and migrations, as in the plan."""
    return Impact.MEDIUM if is_test(path) or is_migration(path) else Impact.HIGH

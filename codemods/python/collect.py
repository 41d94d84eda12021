"""Collect the occurrences in a tree's Python: texts that reach a driver, and texts that say what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from collections.abc import Mapping as ReadOnly
from functools import cached_property
from typing import NamedTuple

from codemods import programs
from codemods.drivers.registry import Registry
from codemods.dsn import PIECES
from codemods.model import Reason
from codemods.occurrences import (
    ConnectionArguments,
    ConnectionSetting,
    Embedded,
    Engine,
    Evidence,
    ModuleUrl,
    Occurrence,
    Prose,
    Query,
    TableArgument,
    TableReference,
)
from codemods.programs import read_command
from codemods.python.alternatives import is_constant
from codemods.python.analysis import Analysis
from codemods.python.compositions import note_compositions
from codemods.python.evaluate import Follow
from codemods.python.ir import Module
from codemods.python.link import Linker
from codemods.python.open_tables import MOST_CALLERS, OpenTables
from codemods.python.operations import as_piece, known_text, look_up
from codemods.python.passed import PassedNames
from codemods.python.records import CommandLine, Event, Place, QueryCall, Records, Root, Setting, TableRef, TableUse
from codemods.python.redis_keys import redis_occurrences
from codemods.python.values import (
    Answer,
    Chunk,
    Connection,
    External,
    FunctionKey,
    Literal,
    Number,
    Pairs,
    Parameter,
    Text,
    Unknown,
    Value,
    choices,
    literals,
    parameters,
    source_map,
    texts,
    unmade,
)  # fmt: skip
from codemods.redis import command_line
from codemods.sourcemap import Run, SourceMap, hole
from codemods.sql import looks_like_sql
from codemods.templates import mask

_POSTGRES_URL = re.compile(r"\b(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?://", re.IGNORECASE)
_LIBPQ = re.compile(r"\bdbname\s*=\s*\S")
_DATABASE_LABEL = re.compile(r"(?:.*_|pg|.*postgres(?:ql)?_?)?(?:database|db|dbname)(?:_?name)?", re.IGNORECASE)
_FRAGMENT = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|USING|TABLE|REFERENCES)\s+(?:ONLY\s+)?[\w\"]")
_CAST = re.compile(r"(?:[)\]}'\"]|(?<!:)[$:]\w+)::[A-Za-z_\"]")
_EXPRESSION = re.compile(r"\s*\(?\s*(?:nextval|currval|setval|to_regclass)\s*\(", re.IGNORECASE)
_SCHEMAS = re.compile(r"\s*(?P<schemas>[\w$\"]+(?:\s*,\s*[\w$\"]+)*)\s*")
_SEARCH_PATH = re.compile(r"\b(?:search_path|currentSchema)\s*(?:=|%3D)\s*(?P<schemas>[\w$]+(?:,[\w$]+)*)")
_TABLE_OF_COLUMN = re.compile(r"(?<![\w.])(?P<table>\w+)(?=\.c\.)")
_FOREIGN = (Engine.SQLITE, Engine.OTHER)
_AT_RUN_TIME = (Answer, External, Parameter, Unknown)
_NOT_VALUES = frozenset({"documentation", "message", "key", "part"})


class Collected(NamedTuple):
    """The occurrences of a tree's Python.

    `other_uses` tells what else a literal serves as, `escapes` how it gets out of sight, each with a place.
    """

    occurrences: list[Occurrence | Embedded]
    other_uses: ReadOnly[Literal, ReadOnly[str, Place]]
    escapes: ReadOnly[Literal, ReadOnly[str, Place]]


def collect(
    modules: dict[str, Module], registry: Registry, names_database: Callable[[str], bool], names: Set[str]
) -> Collected:
    """Evaluate `modules` (by path) together and collect their occurrences.

    `names_database` says whether a text is an old database; `names` are the old names of all else, in lower case.
    """
    analysis = Analysis(modules, registry)
    records, follow = analysis.run(), analysis.evaluator.follow
    found = list(_Collector(records, follow, names_database, names).occurrences())
    note_compositions(records, found)
    other_uses, escapes = (noted.link(records, follow) for noted in (records.uses, records.escapes))
    return Collected(found, other_uses, escapes)


class _Collector:
    """Turns the records of a tree into occurrences."""

    def __init__(
        self, records: Records, follow: Follow, names_database: Callable[[str], bool], names: Set[str]
    ) -> None:
        self._records = records
        self._follow = follow
        passed = PassedNames(records, follow, names)
        self._linker = Linker(records, follow, passed)
        self._events = self._linker.link()
        self._names_database = names_database
        self._open_tables = OpenTables(names, passed)
        self._claimed: set[Literal] = set()
        self._first: dict[object, int] = {}
        self._last: dict[object, Query] = {}
        self._quoters: set[tuple[str, int]] = set()
        self._foreign: set[Text] = set()

    def occurrences(self) -> Iterator[Occurrence | Embedded]:
        """Every occurrence, those found at calls first."""
        yield from redis_occurrences(self._records, self._follow)
        events = self._events
        for event in events:
            if isinstance(event, QueryCall):
                yield from self._queries(event)
            elif isinstance(event, Setting):
                yield from self._settings(event)
            elif isinstance(event, TableRef):
                for text in texts(event.value):
                    yield from self._references(text, event)
        yield from self._last.values()
        for command in self._records.commands:
            yield from self._command(command)
        for root in dict.fromkeys(self._records.roots):
            yield from self._by_content(root)
            if root.top_level and root.label and isinstance(root.value, Text) and root.context not in _NOT_VALUES:
                source = source_map(root.value)
                if _POSTGRES_URL.match(source.text):
                    yield ModuleUrl(source, root.label, root.place.path, root.place.at)
        for event in events:
            if isinstance(event, TableUse) and (event.call.path, event.call.at) not in self._quoters:
                yield from self._tables(event)

    def _queries(self, call: QueryCall) -> Iterator[Query]:
        engine, database = _connection(call.receiver)
        known = engine is not Engine.UNKNOWN
        whole, parts = list(texts(call.value)), list(unmade(call.value))
        for text in (*whole, *parts):
            source = mask(source_map(text))
            if _EXPRESSION.match(source.text):
                source = SourceMap([Run("", "SELECT "), *source.runs])
            is_clear = text in whole and (known or _FRAGMENT.search(source.text))
            if not is_clear and not looks_like_sql(source.text, executed=True):
                continue
            self._claimed.update(literals(text))
            self._quoters.update(run.quoter for run in source.runs if run.quoter)
            if engine in _FOREIGN:
                if text in self._foreign:
                    continue
                self._foreign.add(text)  # It stays, wherever it runs.
            query = Query(
                source,
                Evidence.CALL,
                engine,
                call.place.path,
                call.place.at,
                database,
                self._near_sqlite({call.place.path, call.driver_path}, text),
                function=call.place.function,
                guessed=_guessed(text, call),
            )
            same = (text, query.path, query.function, engine, database, query.sqlite_in_reach, query.guessed)
            if same not in self._first:
                self._first[same] = query.at
                yield query
            elif query.at > (self._last[same].at if same in self._last else self._first[same]):
                # In between the function may have made a temporary table of a name that the query has.
                self._last[same] = query

    def _settings(self, setting: Setting) -> Iterator[ConnectionSetting | ConnectionArguments | Query]:
        if setting.role == "pieces":
            if setting.engine not in ("sqlite", "other"):
                yield from _pieces(setting)
            return
        if setting.role == "server_settings":
            setting = setting._replace(value=look_up(setting.value, "search_path"))
        for text in texts(setting.value):
            self._claimed.update(literals(text))
            yield from _search_path(text, setting)
            if setting.engine in ("sqlite", "other") or setting.role not in ("database", "dsn"):
                continue
            is_name = setting.role == "database"
            yield ConnectionSetting(source_map(text), Evidence.CALL, is_name, setting.place.path, setting.place.at)

    def _tables(self, use: TableUse) -> Iterator[TableArgument]:
        known = list(texts(use.schema)) if use.schema is not None else []
        for source in map(source_map, _names(use)):
            if not source.text and use.described.default != "":
                continue
            yield TableArgument(
                source,
                use.described,
                use.place.path,
                use.place.at,
                source_map(known[0]) if len(known) == 1 else None,
                use.schema is not None,
                known_text(use.default),
                use.target,
                self._orm_doubt if use.certain is None else Reason.UNPROVEN_CALL,
            )

    def _references(self, text: Text, reference: TableRef) -> Iterator[TableReference]:
        described, (path, at, _) = reference.described, reference.call
        alone = path in self._migrations
        sources = [source_map(text)]
        if described.is_expression:
            sources = [
                source_map(Text((piece.slice(*found.span("table")),)))
                for piece in text.pieces
                if isinstance(piece, Chunk)
                for found in _TABLE_OF_COLUMN.finditer(piece.text)
            ]
        for source in sources:
            doubt = self._orm_doubt if reference.certain is None else Reason.UNPROVEN_CALL
            yield TableReference(
                source, described.registry, described.has_column, path, at, alone, reference.known, doubt
            )

    @cached_property
    def _orm_doubt(self) -> Reason | None:
        """Why the schema of an ORM's table may be wrong: it gets another at run time, or an SQLite engine sees it."""
        if self._records.translates_schemas:
            return Reason.RUNTIME_VALUE
        apart = self._records.own_engines - self._records.handed_on
        on_sqlite = any(
            source_map(text).text.startswith("sqlite")
            for event in self._records.events
            if isinstance(event, Setting) and event.engine == "sqlite"
            if FunctionKey(event.place.path, event.place.function) not in apart
            for text in texts(event.value)
        )
        return Reason.SQLITE_IN_REACH if on_sqlite else None

    @cached_property
    def _migrations(self) -> set[str]:
        """The files that change tables by name; what they refer to is already there."""
        return {
            event.place.path
            for event in self._records.events
            if isinstance(event, TableUse) and any(name.startswith("alembic.op.") for name in event.described.names)
        }

    def _command(self, line: CommandLine) -> Iterator[Occurrence]:
        words = [[source_map(text) for text in texts(word)] for word in line.arguments]
        yield from command_line.read(words, (), line.place.path)
        command = read_command(words)
        if command is not None:
            for found in programs.occurrences(command, line.place.path, line.place.at):
                self._claimed.update(Literal(run.path, run.literal) for run in found.source.runs if run.path)
                yield found

    def _by_content(self, root: Root) -> Iterator[Occurrence | Embedded]:
        if root.context in ("documentation", "message"):
            for said in texts(root.value):
                yield Prose(source_map(said), root.place.path, root.place.at, root.context == "documentation")
        if not isinstance(root.value, Text) or root.context in _NOT_VALUES:
            return
        if all(literal in self._claimed for literal in literals(root.value)):
            return
        open_text = self._open_tables.keep(root.value)
        if any(parameters(open_text)) and looks_like_sql(source_map(root.value).text):
            self._claimed.update(literals(root.value))
            call = QueryCall(open_text, Unknown(), root.place, root.place.path)
            for version in self._linker.versions(call, MOST_CALLERS):
                for text in texts(version.value):
                    yield from self._said(text, root._replace(place=version.place), _guessed(text, version))
        else:
            yield from self._said(root.value, root)

    def _said(
        self, said: Text, root: Root, guessed: frozenset[Literal] = frozenset()
    ) -> Iterator[Query | ConnectionSetting | Embedded]:
        source, (path, at, _) = source_map(said), root.place
        text = source.text
        if programs.COMMAND.search(text):
            yield Embedded("command.sh", source)
            return
        if _POSTGRES_URL.search(text) or _LIBPQ.search(text):
            yield ConnectionSetting(source, Evidence.CONTENT, False, path, at)
        elif self._names_database(text):
            if _DATABASE_LABEL.fullmatch(root.label):
                yield ConnectionSetting(source, Evidence.NAME, True, path, at)
        elif len(text) > 8 and (" " in text or "\n" in text):
            request = root.context == "request"
            near = self._near_sqlite({path}, said)
            expected = root.context == "comparison"
            evidence = _evidence(text, expected)
            if evidence is not None:
                yield Query(
                    mask(source),
                    evidence,
                    Engine.UNKNOWN,
                    path,
                    at,
                    None,
                    near,
                    request,
                    expected=expected,
                    guessed=guessed,
                )

    def _near_sqlite(self, paths: set[str], text: Text) -> bool:
        files = {*paths, *(piece.literal.path for piece in text.pieces if isinstance(piece, Chunk))}
        return not files.isdisjoint(self._records.sqlite_files)


def _names(use: TableUse) -> Iterator[Text]:
    """The names that a table can have; a hole for one that only run time knows, unless it may be something else."""
    known = list(texts(use.value))
    yield from known
    for option in choices(use.value) if not known and not use.described.or_object else ():
        if isinstance(option, _AT_RUN_TIME) and not is_constant(option):
            yield from texts(as_piece(option, ""))


def _guessed(text: Text, event: Event) -> frozenset[Literal]:
    """The literals of `text` of which only a method's name says that they are part of it."""
    certain = event.certain if isinstance(event, QueryCall) else None
    return frozenset() if certain is None else frozenset(literals(text)) - certain


def _evidence(text: str, expected: bool) -> Evidence | None:
    """Why a text may be SQL; None when it is none."""
    if looks_like_sql(text):
        return Evidence.CONTENT
    if _FRAGMENT.search(text) or _CAST.search(text):
        return Evidence.FRAGMENT
    return Evidence.EXPECTED if expected and _FRAGMENT.search(text.upper()) else None


def _pieces(setting: Setting) -> Iterator[ConnectionArguments]:
    """What a connection is told piece by piece, once for each database that it may be told."""
    given = setting.value.items if isinstance(setting.value, Pairs) else ()
    known = {name: choices(value) for key, value in given if (name := known_text(key)) and name in PIECES}
    sources = {name: [_piece(each) for each in options if each != External("None")] for name, options in known.items()}
    for database in sources.pop("dbname", ()):
        parameters = [("dbname", database), *((name, each[0]) for name, each in sources.items() if each)]
        yield ConnectionArguments(tuple(parameters), setting.place.path, setting.place.at)


def _piece(value: Value) -> SourceMap:
    if isinstance(value, Number):
        return SourceMap([Run("", value.text)])
    return source_map(value) if isinstance(value, Text) else SourceMap([hole("a value")])


def _search_path(text: Text, setting: Setting) -> Iterator[Query]:
    """The schemas that a connection's options put on its search_path, read as the statement that does the same."""
    is_list = setting.role == "server_settings"
    for piece in text.pieces:
        if not isinstance(piece, Chunk):
            continue
        found = _SCHEMAS.fullmatch(piece.text) if is_list else _SEARCH_PATH.search(piece.text)
        if found:
            listed = piece.slice(*found.span("schemas"))
            runs = source_map(Text((listed,))).runs
            source = SourceMap([Run("", "SET search_path TO "), *runs])
            yield Query(source, Evidence.CALL, Engine.POSTGRESQL, setting.place.path, setting.place.at)


def _connection(receiver: Value) -> tuple[Engine, str | None]:
    engines: set[Engine] = set()
    database: str | None = None
    for option in choices(receiver):
        if isinstance(option, Connection):
            engines.add(Engine(option.engine))
            if option.database is not None and not any(parameters(option.database)):
                names = {source_map(text).text for text in texts(option.database)}
                database = names.pop() if len(names) == 1 else None
        elif isinstance(option, External) and option.name.split(".")[0] in ("sqlite3", "aiosqlite"):
            engines.add(Engine.SQLITE)
        else:
            engines.add(Engine.UNKNOWN)
    return (engines.pop() if len(engines) == 1 else Engine.UNKNOWN), database

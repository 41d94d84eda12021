"""Calls of libraries: drivers, whose arguments are queries and settings, and functions that pass values on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from typing import TYPE_CHECKING

from codemods.drivers.model import Connect, Query
from codemods.drivers.sqlalchemy import BOUND, ENGINE, FUNCTIONS
from codemods.python import operations
from codemods.python.alternatives import choose, concatenate
from codemods.python.arguments import Arguments
from codemods.python.bound_names import fill_in_names
from codemods.python.naming import unwritten
from codemods.python.reach import lets_out
from codemods.python.records import Place, QueryCall, Setting, TableRef, TableUse
from codemods.python.settings_classes import alias
from codemods.python.tables import quoted, references, table_events
from codemods.python.values import (
    Chunk,
    ClassRef,
    Connection,
    External,
    FunctionKey,
    FunctionRef,
    Instance,
    Items,
    Literal,
    Pairs,
    Parameter,
    Text,
    Unknown,
    Value,
    choices,
    literals,
    members,
    texts,
)  # fmt: skip

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis

_SAME = frozenset(
    {
        "str", "list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "textwrap.dedent", "inspect.cleandoc",
        "contextlib.closing", "contextlib.aclosing", "asyncio.run", "asyncio.wait_for", "asyncio.shield", "copy.copy",
        "copy.deepcopy", "pydantic.SecretStr", "sqlalchemy.engine.make_url", "sqlalchemy.make_url",
        "sqlalchemy.engine.url.make_url", "string.Template", "sqlalchemy.sql.quoted_name",
        "sqlalchemy.sql.elements.quoted_name", "sqlalchemy.sql.expression.quoted_name",
    }
)  # fmt: skip
LATER = {"functools.partial": 0, "asyncio.to_thread": 0, "anyio.to_thread.run_sync": 0, "run_in_executor": 1,
          "starlette.concurrency.run_in_threadpool": 0, "fastapi.concurrency.run_in_threadpool": 0}  # fmt: skip
_PROVIDED = frozenset({"fastapi.Depends", "fastapi.params.Depends", "Depends", "fastapi.Security"})
_ENVIRONMENT = frozenset({"os.getenv", "os.environ.get", "os.environ.setdefault", "decouple.config", "environ.get"})
_QUOTE = frozenset({"psycopg2.extensions.quote_ident"})
_COMPOSED = frozenset({"psycopg2.sql.Composed", "psycopg.sql.Composed"})
_KEEPS_NOTHING = frozenset({"len", "print", "isinstance", "hasattr", "pytest.mark.parametrize"})
_ASKS_ENVIRONMENT = re.compile(r"(?:^|[._])(?:env|environ|getenv|config)(?:\.\w+)?(?:\(…\))?\Z")
_FIELDS = frozenset({"dataclasses.field", "pydantic.Field", "pydantic.fields.Field", "attrs.field", "attr.ib"})

_CONNECTION = re.compile(r"(?:^|[._ ])(?:\w*conn(?:ection)?|pool|db|cur|\w*cursor|tx|transaction)\b")

_CONNECTIONS = ("con", "conn", "connection", "engine")
_FOREIGN = ("sqlite", "other")

_LIBPQ = {"database": "dbname", "db": "dbname", "username": "user", "passwd": "password"}
_NAMED = Connection("postgresql")
"""What answers the functions that settings name."""


class Library:
    """Evaluates what libraries do for an `Analysis`."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._records = analysis.records
        self._registry = analysis.registry

    def function(self, name: str, arguments: Arguments, place: Place) -> Value | None:
        """The value of a library's function; None when relink knows nothing of it."""
        first = arguments.get(0)
        client = self._analysis.redis.library(name, arguments, place)
        if client is not None:
            return client
        if name.startswith("aiocache.") and "namespace" in arguments.named:
            self._analysis.redis.namespace(arguments.named["namespace"], place)
        connect = self._registry.connects.get(name)
        if connect is not None:
            return self._connect(connect, arguments, place)
        owner, _, called = name.rpartition(".")
        if owner in FUNCTIONS:
            written = Text((Chunk(Literal(place.path, place.at), called, place.at),))
            statement = concatenate([unwritten("SELECT "), written, unwritten("()")])
            self._records.events.append(QueryCall(statement, Unknown(), place, place.path))
        is_quoted = name in _QUOTE or name.endswith(".sql.Identifier")
        events = [] if is_quoted else list(table_events(name, arguments, place, self._registry))
        self.note_tables(events)
        queries = self._registry.queries.get(name, ()) if "." in name else ()
        named = {option for event in events for option in choices(event.value) if isinstance(option, Text)}
        for query in queries:
            value = arguments.get(query.position, query.keywords)
            if value is None or value in named:
                continue
            self._record_query(value, self._connection_of(query, arguments), arguments, place, query)
            if query.returns == "text":
                return value
        if queries:
            return Unknown(f"{name}(…)")
        if is_quoted:
            return self._identifier(name, arguments, place)
        if name in self._registry.instances:
            return Instance(name, tuple(arguments.named.items()), bool(place.function))
        if events:
            return Unknown(f"{name}(…)")
        return self._passing(name, first, arguments, place)

    def _passing(self, name: str, first: Value | None, arguments: Arguments, place: Place) -> Value | None:
        if name in _SAME:
            return first if first is not None else Items(())
        if name in BOUND:
            bound = arguments.get(0, ("bind",))
            return bound if isinstance(bound, Connection) else None
        if name in _COMPOSED and first is not None:
            return operations.join(Text(()), first)
        if name in _ENVIRONMENT:
            return self._environment(operations.known_text(first) or name, arguments.get(1, ("default",)))
        if name == "int" and first is not None:
            return first
        if name == "enumerate" and first is not None:
            return Items((Items((Unknown("index"), self._analysis.evaluator.elements(first))),))
        if name == "map" and first is not None and len(arguments.positional) > 1:
            given = (self._analysis.evaluator.elements(each) for each in arguments.positional[1:])
            return Items((self._analysis.calls.apply(first, Arguments(tuple(given), {}, True), place),))
        if name == "zip":
            return Items((Items(tuple(self._analysis.evaluator.elements(value) for value in arguments.positional)),))
        if name in ("dict", "collections.OrderedDict", "pydantic_settings.SettingsConfigDict"):
            return _dict(first, arguments)
        if name == "collections.defaultdict":
            return _dict(arguments.get(1), arguments)
        if name == "pytest.param":
            return Items(arguments.positional) if len(arguments.positional) > 1 else first
        if name in _FIELDS:
            return self._field(name, arguments)
        if name in ("typing.cast", "cast"):
            return arguments.get(1)
        if name in LATER:
            return self.later(LATER[name], arguments, place)
        if name in _PROVIDED and isinstance(first, (FunctionRef, ClassRef)):
            return self._analysis.calls.apply(first, Arguments((), {}, True), place)
        return Unknown(f"{name}(…)") if name in _KEEPS_NOTHING else None

    def _environment(self, variable: str, default: Value | None) -> Value:
        if default is None:
            return Unknown(variable)
        self._records.variables.update(dict.fromkeys(literals(default), variable))
        self._records.replaceable.update(literals(default))
        return default

    def variable(self, described: str, arguments: Arguments) -> Value | None:
        """What an environment variable holds that something called `env` is asked for, as with environs; else None."""
        name = operations.known_text(arguments.get(0)) if _ASKS_ENVIRONMENT.search(described) else None
        if name is None or not name.isidentifier() or not name.isupper():
            return None
        return self._environment(name, arguments.get(1, ("default",)))

    def _field(self, name: str, arguments: Arguments) -> Value:
        default, variable = arguments.get(0, ("default",)), alias(arguments)
        if variable is None or default is None:
            return default or Unknown(variable or name)
        self._records.renamed.update(literals(default))
        return self._environment(variable, default)

    def named(self, function: FunctionRef, arguments: Arguments, place: Place) -> None:
        """Note the call of a function of the tree that settings name as one that takes SQL."""
        for query in self._registry.named:
            path = function.key.path.rpartition(".")[0].removesuffix("/__init__").replace("/", ".")
            if not f".{path}.{function.key.name}".endswith(f".{query.names[0]}"):
                continue
            names = [each.name for each in self._analysis.functions[function.key].node.parameters]
            value = arguments.get(query.position, tuple(names[function.bound :][query.position : query.position + 1]))
            if value is not None:
                self._record_query(value, _NAMED, arguments, place, query)

    def method(self, owner: Value, name: str, arguments: Arguments, place: Place, described: str = "") -> Value | None:
        """The value of a driver's method called `name` of what the code calls `described`; None when there is none."""
        called = f"{described} {_called(owner)}"
        if "schema_translate_map" in arguments.named:
            self._records.translates_schemas = True
        plain = f"{ENGINE}.{name}" if isinstance(owner, Connection) else name
        for each in dict.fromkeys((name, plain)):
            events = table_events(each, arguments, place, self._registry)
            self.note_tables(event for event in events if _is_certain(event, owner, called))
        found: Value | None = None
        for query in self._registry.queries.get(name, ()):
            value = arguments.get(query.position, query.keywords)
            if value is not None and query.receiver in called.lower():
                runs = Connection(query.engine) if query.engine else owner
                self._record_query(value, runs, arguments, place, query)
                found = owner if isinstance(owner, Connection) else Unknown(f"{name}(…)")
        if found is None and isinstance(owner, Connection) and owner.engine in _FOREIGN:
            for text in (each for value in arguments.all for each in texts(value)):
                self._records.events.append(QueryCall(text, owner, place, place.path))
        return found

    def _connection_of(self, query: Query, arguments: Arguments) -> Value:
        """What runs the statement that a function is given."""
        if query in self._registry.named:
            return _NAMED
        if query.engine:
            return Connection(query.engine)
        given = arguments.get(query.connection, _CONNECTIONS) if query.connection != query.position else None
        return Unknown() if given is None else given

    def note_tables(self, events: Iterable[TableUse | TableRef]) -> None:
        """Note that the names of tables are handed to a library."""
        for event in events:
            self._records.events.append(event)
            if isinstance(event, TableUse):
                what = f"an argument of {event.described.names[0]}, which takes it as one name"
                self._records.uses.note(event.value, what, event.place)

    def look_up(self, container: Value, called: str, key: Value, place: Place) -> None:
        """Note `container[key]`, where `called` is how the code calls the container."""
        if isinstance(container, Instance):
            self.note_tables(table_events(f"{container.name}()[]", Arguments((key,), {}, True), place, self._registry))
        names = (f".{called}[]", f".{container.name}[]" if isinstance(container, External) else "")
        for name, described in self._registry.references.items():
            if name.endswith("[]") and any(each.endswith(f".{name}") for each in names):
                self.note_tables(event for each in described for event in references(key, each, place, False))

    def _identifier(self, name: str, arguments: Arguments, place: Place) -> Value:
        """The SQL that `sql.Identifier(...)` or `quote_ident(...)` stands for."""
        described = table_events(name, arguments, place, self._registry)
        parts = arguments.positional[: 1 if name in _QUOTE else None]
        if len(parts) == 1:
            self.note_tables(described)
        return quoted(parts, (place.path, place.at))

    def _record_query(self, value: Value, owner: Value, arguments: Arguments, place: Place, query: Query) -> None:
        filled, names = fill_in_names(value, query.position, arguments)
        for other in () if any(query.around) else arguments.all:
            for each in () if other is value else members(other):
                if each not in names:
                    self._records.uses.note(each, "a value of a query", place)
        for item in filled.values if isinstance(filled, Items) else (filled,):
            # Django takes a statement with its values as a pair.
            statement = item.values[0] if isinstance(item, Items) and item.values else item
            if any(query.around):
                known = list(texts(statement))
                if not known:
                    continue
                before, behind = map(unwritten, query.around)
                statement = concatenate([before, choose([*known]), behind])
            self._records.events.append(QueryCall(statement, owner, place, place.path))

    def later(self, position: int, arguments: Arguments, place: Place) -> Value:
        """The value of calling the argument at `position` with those behind it, now or later."""
        function = arguments.get(position)
        rest = arguments.after(position + 1)
        if isinstance(function, (FunctionRef, ClassRef, External)):
            return self._analysis.calls.apply(function, rest, place)
        return Unknown("partial")

    def _connect(self, connect: Connect, arguments: Arguments, place: Place) -> Connection:
        engine = connect.engine
        found: list[Value] = []
        given = [(role, arguments.named[key]) for key, role in connect.settings.items() if key in arguments.named]
        if connect.dsn is not None and len(arguments.positional) > connect.dsn:
            given.append(("dsn", arguments.positional[connect.dsn]))
        if engine == "unknown":
            engine = _engine_of([value for _, value in given], self._records.replaceable)
        maker = self._analysis.functions.get(FunctionKey(place.path, place.function))
        if engine == "sqlite" and maker and not lets_out(maker.node):
            self._records.own_engines.add(maker.key)
        pieces = {_LIBPQ.get(key, key): value for key, value in arguments.named.items()}
        if "dbname" in pieces:
            self._records.events.append(Setting(Arguments((), pieces, True).named_as_dict(), "pieces", engine, place))
        for role, value in given:
            self._records.events.append(Setting(value, role, engine, place))
            if role in ("database", "dsn"):
                found.append(value)
        return Connection(engine, choose(found) if found else None)


def _is_certain(event: TableUse | TableRef, owner: Value, called: str) -> bool:
    """Whether a call of a method of `owner` is a driver's: what it is given or `owner` says so."""
    if isinstance(event, TableRef) or event.described.registry_position >= 0 or any(texts(event.value)):
        return True
    return isinstance(owner, Connection) or _CONNECTION.search(called) is not None


def _called(owner: Value) -> str:
    """How the code calls a value that is not followed."""
    if isinstance(owner, Parameter):
        return ".".join((owner.name, *(step for step in owner.steps if isinstance(step, str))))
    return owner.name if isinstance(owner, (External, Unknown)) else ""


def _dict(first: Value | None, arguments: Arguments) -> Value:
    items = first.items if isinstance(first, Pairs) else ()
    return Pairs((*items, *arguments.named_as_dict().items))


def _engine_of(values: list[Value], replaceable: Set[Literal]) -> str:
    """What the schemes of URLs say; one that the environment may replace says nothing unless it is PostgreSQL's."""
    for value in values:
        found = []
        for option in choices(value):
            start = option.pieces[0] if isinstance(option, Text) and option.pieces else None
            if isinstance(start, Chunk) and ":" in start.text:
                scheme = start.text.split(":", 1)[0].split("+", 1)[0].lower()
                engine = "postgresql" if scheme in ("postgresql", "postgres") else scheme
                found.append("unknown" if start.literal in replaceable and engine != "postgresql" else engine)
            elif isinstance(option, Unknown) and option.name.isupper():  # a variable of the environment
                found.append("unknown")
        if found and (found[0] == "postgresql" or "unknown" not in found):
            return found[0] if found[0] in ("postgresql", "sqlite") else "other"
    return "unknown"

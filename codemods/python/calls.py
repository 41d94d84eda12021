"""Follow calls: of the tree's own functions, of drivers, and of the built-ins that pass values on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codemods.drivers.model import Connect
from codemods.python import ir, operations
from codemods.python.evaluate import Frame, describe, is_program
from codemods.python.records import CallSite, Place, QueryCall, Setting, TableUse
from codemods.python.values import (
    Chunk,
    ClassRef,
    Connection,
    External,
    FunctionKey,
    FunctionRef,
    Items,
    Literal,
    Object,
    Pairs,
    Parameter,
    Text,
    Unknown,
    Value,
    choices,
    choose,
    concatenate,
    substitute,
)  # fmt: skip

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis

_MESSAGE_OWNERS = frozenset({"logger", "log", "logging", "_logger", "_log", "LOG", "LOGGER", "warnings", "console"})
_MESSAGE_METHODS = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "print", "echo", "secho"}
)
_REQUEST_METHODS = frozenset({"post", "put", "patch", "delete", "request", "websocket_connect"})
_REQUEST_OWNERS = ("client", "requests", "httpx", "session", "http", "api", "app")
_SAME = frozenset(
    {
        "str", "list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "textwrap.dedent", "inspect.cleandoc",
        "contextlib.closing", "contextlib.aclosing", "asyncio.run", "asyncio.wait_for", "asyncio.shield", "copy.copy",
        "copy.deepcopy", "pydantic.SecretStr", "sqlalchemy.engine.make_url", "sqlalchemy.make_url",
        "sqlalchemy.engine.url.make_url",
    }
)  # fmt: skip
_LATER = {"functools.partial": 0, "asyncio.to_thread": 0, "anyio.to_thread.run_sync": 0, "run_in_executor": 1,
          "starlette.concurrency.run_in_threadpool": 0, "fastapi.concurrency.run_in_threadpool": 0}  # fmt: skip
_PROVIDED = frozenset({"fastapi.Depends", "fastapi.params.Depends", "Depends", "fastapi.Security"})
_ENVIRONMENT = frozenset({"os.getenv", "os.environ.get", "os.environ.setdefault", "decouple.config", "environ.get"})
_FIELDS = frozenset({"dataclasses.field", "pydantic.Field", "pydantic.fields.Field", "attrs.field", "attr.ib"})
_CONTAINER_METHODS = frozenset(name for kind in (str, bytes, list, dict, set, tuple, object) for name in dir(kind)) | {
    "send",
    "put",
    "run",
    "close",
    "commit",
    "rollback",
    "save",
    "delete",
    "create",
    "read",
    "write",
    "open",
    "call",
}
_MOST_CANDIDATES = 3


class Arguments(NamedTuple):
    """Evaluated arguments of a call."""

    positional: tuple[Value, ...]
    named: dict[str, Value]
    complete: bool

    def get(self, position: int, names: tuple[str, ...] = ()) -> Value | None:
        for name in names:
            if name in self.named:
                return self.named[name]
        return self.positional[position] if 0 <= position < len(self.positional) else None

    def after(self, count: int) -> Arguments:
        return Arguments(self.positional[count:], self.named, self.complete)


class Calls:
    """Evaluates the calls of a tree for an `Analysis`."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._records = analysis.records
        self._evaluator = analysis.evaluator
        self._registry = analysis.registry

    def call(self, node: ir.Call, frame: Frame, label: str, context: str) -> Value:
        """The value of a call."""
        evaluate = self._evaluator.evaluate
        place = Place(frame.path, node.at, frame.function.name if frame.function else "")
        if isinstance(node.function, ir.Attribute):
            owner = evaluate(node.function.value, frame)
            arguments = self._arguments(node, frame, label, _context(node.function, context))
            options = [self._method(option, node.function, arguments, frame, place) for option in choices(owner)]
            return choose(options)
        function = evaluate(node.function, frame)
        inner = "message" if isinstance(node.function, ir.Name) and node.function.id in _MESSAGE_METHODS else context
        arguments = self._arguments(node, frame, label, inner)
        return choose([self.apply(option, arguments, place, describe(node)) for option in choices(function)])

    def enter(self, value: Value) -> Value:
        """What `with value as target` binds."""
        if isinstance(value, Object):
            for name in ("__enter__", "__aenter__"):
                method = self._analysis.class_attribute(value, name)
                if isinstance(method, FunctionRef):
                    entered = self._analysis.summary(method.key)
                    return value if isinstance(entered, Unknown) else entered
        return value

    def _arguments(self, node: ir.Call, frame: Frame, label: str, context: str) -> Arguments:
        positional: list[Value] = []
        named: dict[str, Value] = {}
        complete = True
        label_next = label
        for argument in node.arguments:
            own = argument.name or (label_next if argument.star == "" else "")
            value = self._evaluator.evaluate(argument.value, frame, own, context)
            if argument.star == "**":
                complete = _spread(value, named) and complete
            elif argument.star == "*":
                if isinstance(value, Items):
                    positional.extend(value.values)
                else:
                    complete = False
            elif argument.name:
                named[argument.name] = value
            else:
                positional.append(value)
                label_next = operations.known_text(value) or label
        return Arguments(tuple(positional), named, complete)

    def _method(self, owner: Value, function: ir.Attribute, arguments: Arguments, frame: Frame, place: Place) -> Value:
        name = function.name
        if isinstance(owner, (Text, Items, Pairs)):
            return self._of_container(owner, function, arguments, frame)
        if isinstance(owner, Connection):
            return self._of_connection(owner, name, arguments, place)
        member = self._evaluator.attribute(owner, name, describe(function))
        if isinstance(member, (FunctionRef, ClassRef)):
            return self.apply(member, arguments, place, describe(function))
        if isinstance(member, External):
            result = self._library(member.name, arguments, place)
            if result is not None:
                return result
        if isinstance(member, Connection):
            return self._of_connection(member, name, arguments, place)
        if name in _LATER:
            return self._later(_LATER[name], arguments, place)
        found = self._driver_method(owner, name, arguments, place)
        guessed = self._by_name(name, arguments, place)
        results = [value for value in (guessed, found) if value is not None]
        if not results and _context(function, "") != "message":
            self._passed_on(arguments, describe(function))
        return choose(results) if results else Unknown(f"{describe(function)}(…)")

    def _of_container(
        self, owner: Text | Items | Pairs, function: ir.Attribute, arguments: Arguments, frame: Frame
    ) -> Value:
        name, first = function.name, arguments.get(0)
        if isinstance(owner, Text):
            return self._of_text(owner, name, arguments)
        if isinstance(owner, Pairs):
            if name == "items":
                return operations.dict_items(owner)
            if name == "values":
                return operations.dict_values(owner)
            if name in ("get", "pop", "setdefault") and first is not None:
                self._evaluator.note_use(first, "a dictionary key")
                return operations.look_up(owner, operations.known_text(first))
            if name == "update" and isinstance(first, Pairs):
                self._evaluator.bind(function.value, Pairs(owner.items + first.items), frame)
            return owner if name in ("copy", "keys") else Unknown()
        grown: tuple[Value, ...] = ()
        if name in ("append", "add", "appendleft") and first is not None:
            grown = (first,)
        elif name == "insert":
            grown = tuple(value for value in [arguments.get(1)] if value is not None)
        elif name in ("extend", "update") and isinstance(first, Items):
            grown = first.values
        if grown and isinstance(function.value, (ir.Name, ir.Attribute)):
            self._evaluator.bind(function.value, Items(owner.values + grown), frame)
        return owner if name == "copy" else Unknown()

    def _of_text(self, owner: Text, name: str, arguments: Arguments) -> Value:
        first, second = arguments.get(0), arguments.get(1)
        if name == "format":
            return operations.str_format(owner, arguments.positional, arguments.named)
        if name == "join" and first is not None:
            return operations.join(owner, first)
        if name == "replace" and first is not None and second is not None:
            return operations.replace(owner, first, second)
        if name == "split" and first is None:
            return operations.split_words(owner)
        if name == "as_string":
            return owner
        return owner if name in ("strip", "lstrip", "rstrip", "encode", "decode", "lower", "upper", "expandtabs",
                                 "removeprefix", "removesuffix", "columns", "bindparams") else Unknown()  # fmt: skip

    def _of_connection(self, owner: Connection, name: str, arguments: Arguments, place: Place) -> Value:
        found = self._driver_method(owner, name, arguments, place)
        return found if found is not None else owner

    def _driver_method(self, owner: Value, name: str, arguments: Arguments, place: Place) -> Value | None:
        table = self._registry.tables.get(name)
        if table is not None:
            value = arguments.get(table.position, table.keywords)
            if value is not None and not (table.schema and table.schema in arguments.named):
                self._records.events.append(TableUse(value, name, place))
        found: Value | None = None
        for query in self._registry.queries.get(name, ()):
            value = arguments.get(query.position, query.keywords)
            if value is not None:
                self._record_query(value, owner, place)
                found = owner if isinstance(owner, Connection) else Unknown(f"{name}(…)")
        return found

    def _record_query(self, value: Value, owner: Value, place: Place) -> None:
        values = value.values if isinstance(value, Items) else (value,)
        for item in values:
            self._records.events.append(QueryCall(item, owner, place, place.path))

    def apply(self, function: Value, arguments: Arguments, place: Place, described: str = "") -> Value:
        """The value of calling `function`."""
        if isinstance(function, FunctionRef):
            return self._own_function(function, arguments, place)
        if isinstance(function, ClassRef):
            return self._instance(function, arguments, place)
        if isinstance(function, External):
            result = self._library(function.name, arguments, place)
            if result is not None:
                return result
        if isinstance(function, Connection):
            return function
        self._passed_on(arguments, described)
        return Unknown(described)

    def _own_function(self, function: FunctionRef, arguments: Arguments, place: Place) -> Value:
        given = self._bind(function.key, function.bound, arguments)
        self._records.sites[function.key].append(CallSite(given, place))
        result = self._analysis.summary(function.key)
        defaults = self._records.defaults.get(function.key, {})

        def give(parameter: Parameter) -> Value | None:
            if parameter.function != function.key:
                return None
            return given.get(parameter.name) or defaults.get(parameter.name)

        return substitute(result, give)

    def _bind(self, key: FunctionKey, bound: bool, arguments: Arguments) -> dict[str, Value]:
        info = self._analysis.functions[key]
        names = [parameter.name for parameter in info.node.parameters if not parameter.star]
        given = dict(zip(names[1:] if bound else names, arguments.positional, strict=False))
        given.update((name, value) for name, value in arguments.named.items() if name in names)
        return given

    def _instance(self, function: ClassRef, arguments: Arguments, place: Place) -> Value:
        constructor = self._analysis.class_attribute(Object(function.key), "__init__")
        if isinstance(constructor, FunctionRef):
            given = self._bind(constructor.key, True, arguments)
            self._records.sites[constructor.key].append(CallSite(given, place))
        else:
            info = self._analysis.classes[function.key]
            for name, value in (*zip(info.fields, arguments.positional, strict=False), *arguments.named.items()):
                self._analysis.set_attribute(function.key, name, value)
        return Object(function.key)

    def _library(self, name: str, arguments: Arguments, place: Place) -> Value | None:
        """The value of a library's function; None when relink knows nothing of it."""
        first = arguments.get(0)
        if name in ("sqlalchemy.MetaData", "sqlalchemy.schema.MetaData") and "schema" in arguments.named:
            self._records.has_metadata_schema = True
        connect = self._registry.connects.get(name)
        if connect is not None:
            return self._connect(connect, arguments, place)
        queries = self._registry.queries.get(name, ()) if "." in name else ()
        for query in queries:
            value = arguments.get(query.position, query.keywords)
            if value is None:
                continue
            owner = first if query.position and first is not None else Unknown()
            self._record_query(value, owner, place)
            if query.returns == "text":
                return value
        if queries:
            return Unknown(f"{name}(…)")
        table = self._registry.tables.get(name) if "." in name else None
        if table is not None:
            value = arguments.get(table.position, table.keywords)
            whole = table.schema is not None or len(arguments.positional) == 1
            if value is not None and whole and not (table.schema and table.schema in arguments.named):
                self._records.events.append(TableUse(value, name, place))
            return _quoted(arguments) if name.endswith(".sql.Identifier") else Unknown(f"{name}(…)")
        return self._passing(name, first, arguments, place)

    def _passing(self, name: str, first: Value | None, arguments: Arguments, place: Place) -> Value | None:
        if name in _SAME:
            return first if first is not None else Items(())
        if name in _ENVIRONMENT:
            return arguments.get(1, ("default",)) or Unknown(operations.known_text(first) or name)
        if name == "enumerate" and first is not None:
            return Items((Items((Unknown("index"), operations.elements(first))),))
        if name == "zip":
            return Items((Items(tuple(operations.elements(value) for value in arguments.positional)),))
        if name == "dict":
            return _dict(first, arguments)
        if name in _FIELDS:
            return arguments.get(0, ("default",)) or Unknown(name)
        if name in ("typing.cast", "cast"):
            return arguments.get(1)
        if name in _LATER:
            return self._later(_LATER[name], arguments, place)
        if name in _PROVIDED and isinstance(first, (FunctionRef, ClassRef)):
            return self.apply(first, Arguments((), {}, True), place)
        return Unknown("len(…)") if name in ("len", "print", "isinstance", "hasattr") else None

    def _later(self, position: int, arguments: Arguments, place: Place) -> Value:
        function = arguments.get(position)
        rest = arguments.after(position + 1)
        if isinstance(function, (FunctionRef, ClassRef, External)):
            return self.apply(function, rest, place)
        return Unknown("partial")

    def _connect(self, connect: Connect, arguments: Arguments, place: Place) -> Connection:
        engine = connect.engine
        found: list[Value] = []
        given = [(role, arguments.named[key]) for key, role in connect.settings.items() if key in arguments.named]
        if connect.dsn is not None and len(arguments.positional) > connect.dsn:
            given.append(("dsn", arguments.positional[connect.dsn]))
        if engine == "unknown":
            engine = _engine_of([value for _, value in given])
        for role, value in given:
            self._records.events.append(Setting(value, role, engine, place))
            if role in ("database", "dsn"):
                found.append(value)
        return Connection(engine, choose(found) if found else None)

    def _by_name(self, name: str, arguments: Arguments, place: Place) -> Value | None:
        """Calls of a method of the tree on a receiver whose class is not known, found by the method's name."""
        candidates = self._analysis.methods.get(name, ())
        if name in _CONTAINER_METHODS or not 0 < len(candidates) <= _MOST_CANDIDATES:
            return None
        results = [self._own_function(FunctionRef(key, True), arguments, place) for key in list(candidates)]
        # A namesake says nothing about which database answers.
        return choose([Unknown(name) if isinstance(result, Connection) else result for result in results])

    def _passed_on(self, arguments: Arguments, described: str) -> None:
        for value in (*arguments.positional, *arguments.named.values()):
            if isinstance(value, Items) and any(map(is_program, value.values)):
                continue
            self._evaluator.note_use(value, f"an argument of {described}" if described else "an argument")


def _dict(first: Value | None, arguments: Arguments) -> Value:
    items = first.items if isinstance(first, Pairs) else ()
    named = tuple((_key(name), value) for name, value in arguments.named.items())
    return Pairs((*items, *named))


def _quoted(arguments: Arguments) -> Value:
    """The SQL that `sql.Identifier(...)` stands for: text that is written nowhere."""
    parts: list[Value] = []
    for number, part in enumerate(arguments.positional):
        known = operations.known_text(part)
        name = Unknown("sql.Identifier(…)") if known is None else _key(known.replace('"', '""'))
        parts += [_key('."' if number else '"'), name, _key('"')]
    return concatenate(parts) if parts else Unknown("sql.Identifier(…)")


def _key(name: str) -> Value:
    return Text((Chunk(Literal("", 0), name, 0),))


def _spread(value: Value, named: dict[str, Value]) -> bool:
    known = True
    for option in choices(value):
        if isinstance(option, Pairs):
            for key, item in option.items:
                name = operations.known_text(key)
                if name is not None:
                    named[name] = item
        else:
            known = False
    return known


def _engine_of(values: list[Value]) -> str:
    for value in values:
        for option in choices(value):
            start = option.pieces[0] if isinstance(option, Text) and option.pieces else None
            if isinstance(start, Chunk) and ":" in start.text:
                scheme = start.text.split(":", 1)[0].split("+", 1)[0].lower()
                if scheme in ("postgresql", "postgres"):
                    return "postgresql"
                return "sqlite" if scheme == "sqlite" else "other"
    return "unknown"


def _context(function: ir.Attribute, context: str) -> str:
    owner = describe(function.value).rsplit(".", 1)[-1].removesuffix("(…)")
    if function.name in _MESSAGE_METHODS and (owner in _MESSAGE_OWNERS or owner.lower().endswith(("logger", "log"))):
        return "message"
    if function.name in _REQUEST_METHODS and owner.lower().endswith(_REQUEST_OWNERS):
        return "request"
    return context

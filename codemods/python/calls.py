"""Follow calls: of the tree's own functions and classes, and hand the others to who knows them."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from codemods.python import ir, operations
from codemods.python.alternatives import choose, substitute
from codemods.python.answers import answered
from codemods.python.arguments import Arguments, spread
from codemods.python.containers import call_method, of_parameter, of_unknown
from codemods.python.evaluate import Frame, describe, is_program
from codemods.python.library import LATER
from codemods.python.namesakes import Namesakes
from codemods.python.records import CallSite, Compared, Place
from codemods.python.values import (
    Answer,
    ClassRef,
    Connection,
    External,
    FunctionKey,
    FunctionRef,
    Items,
    Object,
    Pairs,
    Parameter,
    RedisClient,
    Text,
    Unknown,
    Value,
    choices,
)  # fmt: skip

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis

_MESSAGE_OWNERS = frozenset({"logger", "log", "logging", "_logger", "_log", "LOG", "LOGGER", "warnings", "console"})
# What a call is given is neither part nor key of what its answer goes into.
_OF_ANSWERS = ("part", "key")
_ASKS = re.compile(
    r"(?:^|[._])(?:query|execute|fetch\w*|sql|scalar|select|db|database|conn|connection|cur|cursor|session|pool)(?:[._(]|$)"
)
_MESSAGE_METHODS = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "print", "echo", "secho"}
)
_REQUEST_METHODS = frozenset({"post", "put", "patch", "delete", "request", "websocket_connect"})
_REQUEST_OWNERS = ("client", "requests", "httpx", "session", "http", "api", "app")
_MOST_PARTS = 3
_ASSERTION = re.compile(
    r"assert\w*(?:Equal|Equals|In|called_with|called_once_with|any_call|awaited_with)"
    r"|startswith|removeprefix|replace|partition|split"
)


class Calls:
    """Evaluates the calls of a tree for an `Analysis`."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._records = analysis.records
        self._evaluator = analysis.evaluator
        self._namesakes = Namesakes(analysis)

    def call(self, node: ir.Call, frame: Frame, label: str, context: str) -> Value:
        """The value of a call; what is made of a class alone, such as `injector.get(Store)`, is an instance of it."""
        made, arguments = self._called(node, frame, label, context)
        first = arguments.get(0)
        if isinstance(made, Unknown) and isinstance(first, ClassRef) and len(arguments.all) == 1:
            return Object(first.key)
        return made

    def _called(self, node: ir.Call, frame: Frame, label: str, context: str) -> tuple[Value, Arguments]:
        evaluate = self._evaluator.evaluate
        place = Place(frame.path, node.at, frame.function.name if frame.function else "")
        if context in _OF_ANSWERS or (context == "message" and _ASKS.search(describe(node.function).lower())):
            context = ""
        if isinstance(node.function, ir.Attribute):
            owner = evaluate(node.function.value, frame)
            arguments = self._arguments(node, frame, label, _context(node.function, context))
            base = self._analysis.constructors.of_base(node, arguments, frame, place)
            if base is not None:
                return base, arguments
            owners = [option for option in choices(owner) if option != External("None")] or [owner]
            options = [self._method(option, node.function, arguments, frame, place) for option in owners]
            return answered(node.function, arguments, frame) or choose(options), arguments
        function = evaluate(node.function, frame)
        inner = "message" if isinstance(node.function, ir.Name) and node.function.id in _MESSAGE_METHODS else context
        arguments = self._arguments(node, frame, label, inner)
        above = self._analysis.constructors.above(frame) if function == External("super") else None
        options = [self.apply(option, arguments, place, describe(node)) for option in choices(function)]
        return above or choose(options), arguments

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
            if own in ("db", "database") and describe(node.function).endswith("RedisSettings"):
                own = f"redis_{own}"
            value = self._evaluator.evaluate(argument.value, frame, own, context)
            if argument.star == "**":
                complete = spread(value, named) and complete
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
        if _ASSERTION.fullmatch(name):
            self._records.compared.append(Compared((owner, *arguments.all), place))
        if name == "get" and arguments.positional:
            self._analysis.library.look_up(owner, describe(function.value), arguments.positional[0], place)
        if isinstance(owner, (Text, Items, Pairs)):
            return call_method(owner, function, arguments, frame, self._evaluator)
        made: Value | None = None
        if isinstance(owner, Parameter):
            made = of_parameter(owner, name, arguments)
        elif isinstance(owner, (Unknown, External)):
            made = of_unknown(owner, name, arguments)
        if made is not None:
            return made
        if isinstance(owner, Answer):
            self._evaluator.note_use(owner, f"what {name}() looks at", function, frame)
            return Unknown(f"{describe(function)}(…)")
        if isinstance(owner, Connection):
            return self._of_connection(owner, name, arguments, place)
        if isinstance(owner, RedisClient):
            return self._analysis.redis.method(owner, name, arguments, place)
        member = self._evaluator.attribute(owner, name, describe(function))
        if isinstance(member, (FunctionRef, ClassRef)):
            options: list[Value] = [member]
            if isinstance(member, FunctionRef):
                options = [*self._namesakes.meant(member, owner, arguments, place)]
            return choose([self.apply(option, arguments, place, describe(function)) for option in options])
        if isinstance(member, External):
            result = self._analysis.library.function(member.name, arguments, place)
            if result is not None:
                return result
        if isinstance(member, Connection):
            return self._of_connection(member, name, arguments, place)
        if name in LATER:
            return self._analysis.library.later(LATER[name], arguments, place)
        found = self._analysis.library.method(owner, name, arguments, place, describe(function.value))
        guessed = self._namesakes.call(name, owner, arguments, place)
        of_redis = self._analysis.redis.guess(owner, describe(function.value), name, arguments, place)
        results = [value for value in (guessed, found, of_redis) if value is not None]
        if not results and (variable := self._analysis.library.variable(describe(function), arguments)) is not None:
            return variable
        if not results and _context(function, "") != "message":
            self._passed_on(arguments, describe(function), place)
        if not results and isinstance(owner, Parameter):
            return owner.step(f"{name}()")  # What it is called on may be a connection, which its cursors are too.
        return choose(results) if results else _made_of(arguments, f"{describe(function)}(…)")

    def _of_connection(self, owner: Connection, name: str, arguments: Arguments, place: Place) -> Value:
        found = self._analysis.library.method(owner, name, arguments, place)
        return found if found is not None else owner

    def apply(self, function: Value, arguments: Arguments, place: Place, described: str = "") -> Value:
        """The value of calling `function`."""
        if isinstance(function, FunctionRef):
            return self.own_function(function, arguments, place)
        if isinstance(function, ClassRef):
            return self._analysis.constructors.instance(function, arguments, place)
        if isinstance(function, External):
            result = self._analysis.library.function(function.name, arguments, place)
            if result is not None:
                return result
        if isinstance(function, Connection):
            return function
        if isinstance(function, RedisClient):
            return self._analysis.redis.script(function, arguments, place)
        if self._analysis.redis.guess_script(function, described, arguments, place):
            return Unknown(described)
        variable = self._analysis.library.variable(described, arguments)
        if variable is not None:
            return variable
        self._passed_on(arguments, described, place)
        return _made_of(arguments, described)

    def own_function(self, function: FunctionRef, arguments: Arguments, place: Place) -> Value:
        """The value of calling a function of the tree."""
        given = self.bind(function.key, function.bound, arguments)
        self._records.sites[function.key].append(CallSite(given, place, arguments.complete))
        if any(isinstance(value, Connection) and value.engine == "sqlite" for value in given.values()):
            self._records.handed_on.add(FunctionKey(place.path, place.function))
        self._analysis.library.named(function, arguments, place)
        result = self._analysis.summary(function.key)
        defaults = self._records.defaults.get(function.key, {})

        def give(parameter: Parameter) -> Value | None:
            if parameter.function != function.key:
                return None
            value = given.get(parameter.name) or defaults.get(parameter.name)
            return value if value is None else self._evaluator.follow(value, parameter.steps)

        return substitute(result, give)

    def bind(self, key: FunctionKey, bound: bool, arguments: Arguments) -> dict[str, Value]:
        """The arguments by the names of a function's parameters; the first is given already when it is `bound`."""
        parameters = self._analysis.functions[key].node.parameters[bound:]
        names = [parameter.name for parameter in parameters if not parameter.star]
        in_order = [parameter.name for parameter in takewhile(lambda parameter: not parameter.star, parameters)]
        given = dict(zip(in_order, arguments.positional, strict=False))
        given.update((name, value) for name, value in arguments.named.items() if name in names)
        for parameter in parameters:
            if parameter.star == "*":
                given[parameter.name] = Items(arguments.positional[len(in_order) :])
            elif parameter.star == "**":
                rest = {name: value for name, value in arguments.named.items() if name not in names}
                given[parameter.name] = Arguments((), rest, True).named_as_dict()
        return given

    def _passed_on(self, arguments: Arguments, described: str, place: Place) -> None:
        for value in arguments.all:
            if isinstance(value, Items) and any(map(is_program, value.values)):
                continue
            self._records.uses.note(value, f"an argument of {described}" if described else "an argument", place)


def _made_of(arguments: Arguments, described: str) -> Unknown:
    """What a function that is not followed gives; when it is run as a statement, an argument was the statement."""
    given = (option for value in arguments.all for option in choices(value))
    parts = (part for option in given for part in (option.made_of if isinstance(option, Unknown) else (option,)))
    return Unknown(described, tuple(dict.fromkeys(part for part in parts if _may_be_statement(part)))[:_MOST_PARTS])


def _may_be_statement(value: Value) -> bool:
    return isinstance(value, Parameter) or (isinstance(value, Text) and " " in (operations.known_text(value) or " "))


def _context(function: ir.Attribute, context: str) -> str:
    owner = describe(function.value).rsplit(".", 1)[-1].removesuffix("(…)")
    if function.name in _MESSAGE_METHODS and (owner in _MESSAGE_OWNERS or owner.lower().endswith(("logger", "log"))):
        return "message"
    if function.name in _REQUEST_METHODS and owner.lower().endswith(_REQUEST_OWNERS):
        return "request"
    return "comparison" if _ASSERTION.fullmatch(function.name) else context

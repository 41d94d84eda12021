"""Evaluate expressions to the values they can have, writing down every text and call on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from codemods.drivers.redis_backends import NAMES as SETTINGS_OF_BACKENDS
from codemods.python import ir, operations
from codemods.python.alternatives import choose, concatenate
from codemods.python.arguments import spread
from codemods.python.literals import decode
from codemods.python.metadata import FULL, named_table, tables
from codemods.python.place import place
from codemods.python.project import Environment
from codemods.python.records import CommandLine, Compared, Place, Root
from codemods.python.values import (
    TABLE,
    Answer,
    Choices,
    Chunk,
    ClassRef,
    Connection,
    Each,
    External,
    Format,
    FunctionKey,
    Instance,
    Items,
    Joined,
    Key,
    Literal,
    ModuleRef,
    Number,
    Object,
    Pairs,
    Parameter,
    RedisClient,
    Step,
    Text,
    Unknown,
    Value,
    answers,
    choices,
)  # fmt: skip
from codemods.redis.names import says_redis_database
from codemods.sourcemap import TableName

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis

MOST_STEPS = 4
_REDIS_PORT = "6379"
PROGRAMS = frozenset(
    {"psql", "pg_dump", "pg_restore", "createdb", "dropdb", "pg_isready", "vacuumdb", "reindexdb", "redis-cli"}
)


_VIEWS: dict[Step, Callable[[Value], Value]] = {
    "items()": operations.dict_items,
    "values()": operations.dict_values,
    "keys()": lambda container: container,
}

Follow = Callable[[Value, tuple[Step, ...]], Value]
"""What a parameter's steps lead to from the value that a call gives."""


@dataclass(slots=True)
class Frame:
    """Where evaluation stands: a module or function body and the names it sees, innermost first.

    `made` is the class of which an instance is made, while its constructor runs for one call.
    """

    path: str
    environments: tuple[Environment, ...]
    function: FunctionKey | None = None
    owner: FunctionKey | None = None
    qualifier: str = ""
    returned: list[Value] = field(default_factory=list)
    finished: bool = False
    made: FunctionKey | None = None

    @property
    def environment(self) -> Environment:
        return self.environments[0]

    def look_up(self, name: str) -> Value | None:
        for environment in self.environments:
            if name in environment:
                return environment[name]
        return None


class Evaluator:
    """Evaluates the expressions of a tree for an `Analysis`."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._records = analysis.records

    def evaluate(self, node: ir.Expr, frame: Frame, label: str = "", context: str = "") -> Value:
        """The value of `node`, which stands by itself: bound to `label`, used for `context`."""
        value = self._value(node, frame, label, context)
        if isinstance(node, ir.Number) and isinstance(value, Number) and says_redis_database(label.lower()):
            self._records.roots.append(Root(value, label, context, Place(frame.path, place(node))))
        if label in SETTINGS_OF_BACKENDS:
            self._analysis.redis.backends.setting(label, value, Place(frame.path, place(node)))
        if isinstance(node, (ir.Str, ir.Joined, ir.Binary, ir.Call)):
            for option in choices(value):
                if isinstance(option, Text) and any(isinstance(piece, Chunk) for piece in option.pieces):
                    top_level = frame.function is None and frame.owner is None
                    at = Place(frame.path, place(node))
                    self._records.roots.append(Root(option, label, context, at, top_level))
        return value

    def note_use(self, value: Value, use: str, node: ir.Expr, frame: Frame) -> None:
        """Remember that the texts in `value` also serve as `use`, where `node` stands."""
        self._records.uses.note(value, use, Place(frame.path, place(node)))

    def splits(self, function: ir.Attribute, text: Text, sign: str) -> None:
        """Remember that the method `function` splits `text` at `sign`."""
        self._analysis.redis.splits[id(function)] = (text, sign)

    def _value(self, node: ir.Expr, frame: Frame, label: str = "", context: str = "") -> Value:
        if isinstance(node, ir.Str):
            return Text((_chunk(node, frame.path),))
        if isinstance(node, ir.Joined):
            return self._joined(node, frame)
        if isinstance(node, ir.Number):
            return Number(Literal(frame.path, node.at), node.text) if node.at >= 0 else Unknown(node.text)
        if isinstance(node, ir.Name):
            return self._name(node, frame)
        if isinstance(node, ir.Attribute):
            return self._attribute(node, frame)
        if isinstance(node, ir.Call):
            return self._analysis.calls.call(node, frame, label, context)
        if isinstance(node, ir.Binary):
            return self._binary(node, frame, context)
        if isinstance(node, ir.Choice):
            if node.test:
                self.evaluate(node.test, frame)
            return choose([self.evaluate(option, frame, label, context) for option in node.options])
        return self._container(node, frame, label, context)

    def _container(self, node: ir.Expr, frame: Frame, label: str, context: str) -> Value:
        if isinstance(node, ir.Sequence):
            return self._sequence(node, frame, label, context)
        if isinstance(node, ir.Mapping):
            return self._mapping(node, frame, label, context)
        if isinstance(node, ir.Subscript):
            return self._subscript(node, frame)
        if isinstance(node, ir.Comparison):
            operands = [self.evaluate(operand, frame, "", "comparison") for operand in node.operands]
            for operand, operand_value in zip(node.operands, operands, strict=True):
                self.note_use(operand_value, "part of a comparison", operand, frame)
            self._looked_up(node, operands, frame)
            at = Place(frame.path, place(node.operands[0]))
            self._records.compared.append(Compared(tuple(operands), at))
        elif isinstance(node, ir.Comprehension):
            return self._comprehension(node, frame)
        elif isinstance(node, ir.Lambda):
            return self._analysis.statements.function_of(node, frame)
        elif isinstance(node, ir.Walrus):
            value = self.evaluate(node.value, frame, _label(node.target))
            self.bind(node.target, value, frame)
            return value
        elif isinstance(node, ir.Yield):
            value = self.evaluate(node.value, frame)
            frame.returned.append(value)
        elif isinstance(node, ir.Starred):
            return self.evaluate(node.value, frame)
        elif isinstance(node, ir.Other):
            for part in node.parts:
                self.evaluate(part, frame, "", context)
        return Unknown(describe(node))

    def _looked_up(self, node: ir.Comparison, operands: list[Value], frame: Frame) -> None:
        """Note the first operand as a key of the last, for `key in container`."""
        first, last = node.operands[0], node.operands[-1]
        at = Place(frame.path, place(first))
        self._analysis.library.look_up(operands[-1], describe(last), operands[0], at)

    def _nested(self, frame: Frame, environment: Environment) -> Frame:
        return replace(frame, environments=(environment, *frame.environments), returned=[], finished=False)

    def _joined(self, node: ir.Joined, frame: Frame) -> Value:
        parts: list[Value] = []
        for part in node.parts:
            if isinstance(part, ir.Str):
                parts.append(Text((_chunk(part, frame.path),)))
            elif isinstance(part, ir.Joined):
                parts.append(self._joined(part, frame))
            else:
                value = self.evaluate(part.value, frame, "", "part")
                name = describe(part.value)
                parts.append(operations.as_piece(value if part.plain else Unknown(name), name))
        return concatenate(parts)

    def _name(self, node: ir.Name, frame: Frame) -> Value:
        value = frame.look_up(node.id)
        if value is not None:
            return value
        value = self._analysis.module_value(frame.path, node.id)
        return value if value is not None else self._analysis.from_library(frame.path, node.id)

    def _attribute(self, node: ir.Attribute, frame: Frame) -> Value:
        dotted = describe(node)
        value = frame.look_up(dotted)
        if value is not None:
            return value
        owner = self.evaluate(node.value, frame)
        if owner == TABLE and node.name in ("name", "fullname"):
            return named_table(dotted, TableName("bare", frame.path, node.at) if node.name == "name" else FULL)
        found = choose([self.attribute(option, node.name, dotted) for option in choices(owner)])
        return tables(node.name, dotted) or found if isinstance(found, (Unknown, External, Parameter)) else found

    def attribute(self, owner: Value, name: str, dotted: str = "") -> Value:
        """The value of `owner.name`."""
        if isinstance(owner, (Object, ClassRef)):
            found = self._analysis.class_attribute(owner, name) or self._analysis.library_attribute(owner, name)
            return found if found is not None else Unknown(dotted or name)
        if isinstance(owner, ModuleRef):
            found = self._analysis.module_value(owner.path, name)
            return found if found is not None else Unknown(dotted or name)
        if isinstance(owner, External):
            full = f"{owner.name}.{name}"
            engine = self._analysis.registry.connection_types.get(full)
            if engine and name[:1].islower() and name in ("connection", "transaction"):
                return Connection(engine)
            return External(full)
        if isinstance(owner, Instance):
            return dict(owner.named).get(name, External(f"{owner.name}().{name}"))
        if isinstance(owner, Text) and name == "value":
            return owner
        if isinstance(owner, Answer) and owner.form == "row":
            return operations.look_up(owner, name)
        if isinstance(owner, (Connection, RedisClient)):
            return owner
        if isinstance(owner, Parameter) and len(owner.steps) < MOST_STEPS:
            return owner.step(name)
        return Unknown(dotted or name)

    def follow(self, value: Value, steps: tuple[Step, ...]) -> Value:
        """What `steps` lead to from `value`."""
        for step in steps:
            if isinstance(step, Key):
                value = operations.look_up(value, step.key)
            elif isinstance(step, Format):
                named: dict[str, Value] = {}
                spread(step.named, named)
                value = operations.str_format(value, step.positional, named)
            elif isinstance(step, Each):
                value = choose([self.elements(option) for option in choices(value)])
            elif isinstance(step, Joined):
                value = operations.join(step.separator, value)
            elif step in _VIEWS:
                value = _VIEWS[step](value)
            else:
                value = choose([self.attribute(option, step) for option in choices(value)])
        return value

    def _binary(self, node: ir.Binary, frame: Frame, context: str) -> Value:
        if node.operator == "%":
            template = self._value(node.left, frame)
            return operations.percent(template, self._value(node.right, frame))
        spine: list[ir.Expr] = [node.right]
        left = node.left
        while isinstance(left, ir.Binary) and left.operator == "+":
            spine.append(left.right)
            left = left.left
        spine.append(left)
        values = [self._value(part, frame, "", context) for part in reversed(spine)]
        if all(isinstance(value, Items) for value in values):
            return Items(tuple(item for value in values if isinstance(value, Items) for item in value.values))
        if not any(isinstance(option, Text) for value in values for option in choices(value)):
            return Unknown(describe(node))
        names = [describe(part) for part in reversed(spine)]
        return concatenate([operations.as_piece(value, name) for value, name in zip(values, names, strict=True)])

    def _sequence(self, node: ir.Sequence, frame: Frame, label: str, context: str) -> Value:
        values: list[Value] = []
        for item in node.items:
            value = self.evaluate(item, frame, label, context)
            if isinstance(item, ir.Starred) and isinstance(value, Items):
                values.extend(value.values)
            else:
                values.append(value)
        if any(map(is_program, values)):
            at = next((place(item) for item in node.items), 0)
            self._records.commands.append(CommandLine(tuple(values), Place(frame.path, at)))
        return Items(tuple(values))

    def _mapping(self, node: ir.Mapping, frame: Frame, called: str, context: str) -> Value:
        items: list[tuple[Value, Value]] = []
        is_django = is_cache = False
        for key, item in node.items:
            if key is None:
                inner = self.evaluate(item, frame)
                items.extend(pair for option in choices(inner) if isinstance(option, Pairs) for pair in option.items)
                continue
            name = self.evaluate(key, frame, "", "key")
            self.note_use(name, "a dictionary key", key, frame)
            label = operations.known_text(name) or ""
            if label == "ENGINE":
                is_django = True
            is_cache = is_cache or label == "BACKEND"
            items.append((name, self.evaluate(item, frame, f"DATABASE_{label}" if is_django else label, context)))
        if is_django:
            self._analysis.django.database(Pairs(tuple(items)), node, called, Place(frame.path, node.at))
        self._note_number(items, frame)
        if is_cache:
            self._analysis.redis.backends.django(Pairs(tuple(items)), Place(frame.path, node.at))
        return Pairs(tuple(items))

    def _note_number(self, items: list[tuple[Value, Value]], frame: Frame) -> None:
        """Note the number of a database beside Redis's port, as in the queues of django-rq."""
        if any(isinstance(value, Number) and value.text == _REDIS_PORT for _, value in items):
            for name, value in items:
                label = (operations.known_text(name) or "").lower()
                if isinstance(value, Number) and label in ("db", "database"):
                    at = Place(frame.path, value.literal.at)
                    self._records.roots.append(Root(value, f"redis_{label}", "", at))

    def _subscript(self, node: ir.Subscript, frame: Frame) -> Value:
        container = self.evaluate(node.value, frame)
        index = self.evaluate(node.key, frame, "", "key")
        self.note_use(index, "a dictionary key", node.key, frame)
        self._analysis.library.look_up(container, describe(node.value), index, Place(frame.path, node.at))
        if isinstance(container, (ClassRef, External)) and isinstance(node.key, (ir.Name, ir.Attribute, ir.Subscript)):
            return container
        at = Place(frame.path, node.at)
        if isinstance(container, Text):
            self.note_use(container, "a text of which parts are taken", node.value, frame)
        if isinstance(node.key, ir.Number):  # A slice from or to a number is lowered to it.
            self._analysis.redis.cut(container, "", at)
            self._analysis.redis.pieces(node.value, at)
        known = operations.known_text(index)
        if isinstance(container, Answer):
            if container.form == "value":
                self.note_use(container, "a text of which parts are taken", node.value, frame)
            return operations.look_up(container, known if known is not None else operations.known_number(index))
        if isinstance(container, Parameter):
            return self._item(container, known if known is not None else operations.known_number(index))
        value = operations.look_up(container, known)
        if isinstance(value, Unknown):
            is_variable = isinstance(container, External) and container.name.endswith("environ")
            owner = container.name if isinstance(container, Unknown) and container.name else describe(node.value)
            return Unknown(known if known and is_variable else f"{owner}[{known or '…'}]")
        if isinstance(container, Items) and known is None and isinstance(node.key, (ir.Number, ir.Other)):
            return Choices(container.values) if len(container.values) > 1 else value
        return value

    def _comprehension(self, node: ir.Comprehension, frame: Frame) -> Value:
        inner = self._nested(frame, {})
        for target, iterable in node.loops:
            self.bind(target, self.iterated(iterable, inner), inner)
        for condition in node.conditions:
            self.evaluate(condition, inner)
        if node.key is not None:
            key = self.evaluate(node.key, inner, "", "key")
            self.note_use(key, "a dictionary key", node.key, frame)
            return Pairs(((key, self.evaluate(node.value, inner)),))
        return Items(choices(self.evaluate(node.value, inner)))

    def iterated(self, node: ir.Expr, frame: Frame) -> Value:
        """What a loop over `node` sees: its elements, or the rows that it holds."""
        value = self.evaluate(node, frame)
        held = frame.look_up(holder(node))
        return choose([self.elements(option) for option in choices(value if held is None else held)])

    def elements(self, container: Value) -> Value:
        """What a loop over `container`, which is one value, sees."""
        if isinstance(container, Parameter) and len(container.steps) < MOST_STEPS:
            return container.step(Each())
        members = self._analysis.members(container) if isinstance(container, ClassRef) else []
        return choose(members) if members else operations.elements(container)

    def _item(self, container: Value, key: str | int | None) -> Value:
        """`container[key]`, also of what callers pass."""
        if isinstance(container, Parameter) and len(container.steps) < MOST_STEPS:
            return container.step(Key(key))
        return operations.look_up(container, key)

    def note_answers(self, value: Value, what: str, at: Place) -> None:
        """Remember that what queries answer in `value` gets out of sight as `what`."""
        for answer in answers(value):
            self._records.escapes.note(answer, what, at)

    def bind(self, target: ir.Expr, value: Value, frame: Frame) -> None:
        """Assign `value` to `target`."""
        if isinstance(target, ir.Name):
            frame.environment[target.id] = value
        elif isinstance(target, ir.Attribute):
            owner = self.evaluate(target.value, frame)
            at = Place(frame.path, place(target))
            if isinstance(owner, (Object, ClassRef)):
                self._analysis.set_attribute(owner.key, target.name, value)
                self.note_answers(value, f"the attribute {describe(target)}", at)
            else:
                frame.environment[describe(target)] = value
                self._records.escapes.note(value, f"the attribute {describe(target)}", at)
        elif isinstance(target, ir.Sequence):
            for number, part in enumerate(target.items):
                self.bind(part, self._item(value, number), frame)
        elif isinstance(target, ir.Starred):
            self.bind(target.value, Unknown(), frame)
        elif isinstance(target, ir.Subscript):
            self._bind_item(target, value, frame)

    def _bind_item(self, target: ir.Subscript, value: Value, frame: Frame) -> None:
        container = self.evaluate(target.value, frame)
        index = self.evaluate(target.key, frame, "", "key")
        self.note_use(index, "a dictionary key", target.key, frame)
        dicts = [option for option in choices(container) if isinstance(option, Pairs)]
        if dicts and isinstance(target.value, (ir.Name, ir.Attribute)):
            self.bind(target.value, choose([Pairs((*each.items, (index, value))) for each in dicts]), frame)


def _chunk(node: ir.Str, path: str) -> Chunk:
    text, offsets = decode(node.body)
    return Chunk(Literal(path, node.at), text, node.body.start, offsets)


def holder(node: ir.Expr) -> str:
    """The name under which a frame keeps the rows that `node` holds; no Python name is like it."""
    return f"rows of {describe(node)}"


def is_program(value: Value) -> bool:
    """Whether `value` is the name or path of one of PostgreSQL's programs."""
    text = operations.known_text(value)
    return text is not None and text.rsplit("/", 1)[-1] in PROGRAMS


def _label(target: ir.Expr) -> str:
    if isinstance(target, (ir.Name,)):
        return target.id
    return target.name if isinstance(target, ir.Attribute) else ""


def describe(node: ir.Expr) -> str:
    """How the code calls the value of `node`, for messages: `self.table`, `name(…)`."""
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Attribute):
        return f"{describe(node.value)}.{node.name}"
    if isinstance(node, ir.Call):
        return f"{describe(node.function)}(…)"
    if isinstance(node, ir.Subscript):
        return f"{describe(node.value)}[…]"
    return "…"

"""Run statements: bind names, follow branches, and register functions and classes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.python import ir, operations
from codemods.python.alternatives import choose, concatenate
from codemods.python.evaluate import Frame, describe
from codemods.python.place import place
from codemods.python.project import ClassInfo, Environment, FunctionInfo
from codemods.python.records import Place, Root
from codemods.python.settings_classes import note_defaults, note_prefix
from codemods.python.values import (
    ClassRef,
    FunctionRef,
    Items,
    Pairs,
    Text,
    Unknown,
    Value,
    choices,
)  # fmt: skip

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis


class Statements:
    """Runs the statements of a tree for an `Analysis`."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._evaluator = analysis.evaluator

    def run(self, block: ir.Block, frame: Frame) -> None:
        """Run `block` in `frame`."""
        evaluate = self._evaluator.evaluate
        for statement in block:
            if isinstance(statement, ir.Evaluate):
                bare = isinstance(statement.value, (ir.Str, ir.Joined))
                evaluate(statement.value, frame, "", "documentation" if bare else "")
            elif isinstance(statement, ir.Assign):
                self._assign(statement, frame)
            elif isinstance(statement, ir.Branch):
                self._branch(statement, frame)
            elif isinstance(statement, ir.Return):
                returned = evaluate(statement.value, frame)
                frame.returned.append(returned)
                at = Place(frame.path, place(statement.value))
                self._evaluator.note_answers(returned, "what a function returns", at)
                frame.finished = True
            elif isinstance(statement, ir.Augment):
                self._augment(statement, frame)
            elif isinstance(statement, ir.With):
                self._with(statement, frame)
            elif isinstance(statement, ir.Loop):
                self._loop(statement, frame)
            elif isinstance(statement, ir.Raise):
                for value in statement.values:
                    evaluate(value, frame, "", "message")
                frame.finished = True
            elif isinstance(statement, ir.Annotated):
                self._annotated(statement, frame)
            elif isinstance(statement, ir.Function):
                self._function(statement, frame)
            elif isinstance(statement, ir.Class):
                self._class(statement, frame)
            elif isinstance(statement, ir.Import):
                self._analysis.import_names(statement, frame)

    def _assign(self, statement: ir.Assign, frame: Frame) -> None:
        label = next((name for name in map(label_of, statement.targets) if name), "")
        context = "documentation" if label == "__doc__" else ""
        value = self._evaluator.evaluate(statement.value, frame, label, context)
        for target in statement.targets:
            self._analysis.django.made(target, statement.value, value, frame.path)
            if isinstance(target, ir.Sequence):
                self._analysis.redis.pieces(statement.value, Place(frame.path, place(statement.value)))
            self._evaluator.bind(target, value, frame)

    def _annotated(self, statement: ir.Annotated, frame: Frame) -> None:
        if statement.value is not None:
            value = self._evaluator.evaluate(statement.value, frame, label_of(statement.target))
            self._analysis.django.made(statement.target, statement.value, value, frame.path)
            self._evaluator.bind(statement.target, value, frame)
        else:
            typed = self._analysis.annotated(statement.annotation, frame)
            if typed is not None:
                self._evaluator.bind(statement.target, typed, frame)

    def _augment(self, statement: ir.Augment, frame: Frame) -> None:
        before = self._evaluator.evaluate(statement.target, frame)
        value = self._evaluator.evaluate(statement.value, frame, label_of(statement.target), "part")
        if statement.operator == "+":
            after = _add(before, value, describe(statement.value))
        elif statement.operator == "%":
            after = operations.percent(before, value)
        else:
            after = Unknown(describe(statement.target))
        for option in choices(after):
            if isinstance(option, Text):
                at = Place(frame.path, 0)
                self._analysis.records.roots.append(Root(option, label_of(statement.target), "", at))
        self._evaluator.bind(statement.target, after, frame)

    def _branch(self, statement: ir.Branch, frame: Frame) -> None:
        for look in statement.looks:
            self._evaluator.evaluate(look, frame)
        before, ends = frame.environment, []
        for body in statement.bodies:
            inner = replace(frame, environments=(dict(before), *frame.environments[1:]), finished=False)
            self.run(body, inner)
            if not inner.finished:
                ends.append(inner.environment)
        if not ends:
            frame.finished = True
            return
        _merge(before, ends)

    def _loop(self, statement: ir.Loop, frame: Frame) -> None:
        element = self._evaluator.iterated(statement.iterable, frame)
        if statement.target is not None:
            self._evaluator.bind(statement.target, element, frame)
        before = dict(frame.environment)
        self.run(statement.body, frame)
        frame.finished = False
        _merge(frame.environment, [before, dict(frame.environment)])
        self.run(statement.otherwise, frame)

    def _with(self, statement: ir.With, frame: Frame) -> None:
        for manager, target in statement.items:
            value = self._evaluator.evaluate(manager, frame)
            entered = self._analysis.calls.enter(value)
            if target is not None:
                self._evaluator.bind(target, entered, frame)
        self.run(statement.body, frame)

    def _function(self, node: ir.Function, frame: Frame) -> None:
        evaluate = self._evaluator.evaluate
        for decorator in node.decorators:
            evaluate(decorator, frame)
        key = self._analysis.new_key(frame.path, f"{frame.qualifier}{node.name}")
        defaults = {
            parameter.name: evaluate(parameter.default, frame, parameter.name)
            for parameter in node.parameters
            if parameter.default is not None
        }
        in_class = frame.owner is not None and frame.function is None
        scope = frame.environments[1:] if in_class else frame.environments
        kinds = frozenset(describe(decorator).rsplit(".", 1)[-1].removesuffix("(…)") for decorator in node.decorators)
        info = FunctionInfo(key, node, scope, frame.owner if in_class else None, kinds)
        self._analysis.add_function(info, defaults)
        frame.environment[node.name] = FunctionRef(key)

    def function_of(self, node: ir.Lambda, frame: Frame) -> FunctionRef:
        """The function that a lambda is."""
        key = self._analysis.new_key(frame.path, f"{frame.qualifier}<lambda>")
        body = ir.Function(place(node.body), "<lambda>", node.parameters, (ir.Return(node.body),), (), None)
        defaults = {
            parameter.name: self._evaluator.evaluate(parameter.default, frame, parameter.name)
            for parameter in node.parameters
            if parameter.default is not None
        }
        self._analysis.add_function(FunctionInfo(key, body, frame.environments, None, frozenset()), defaults)
        return FunctionRef(key)

    def _class(self, node: ir.Class, frame: Frame) -> None:
        for decorator in node.decorators:
            self._evaluator.evaluate(decorator, frame)
        bases = tuple(self._evaluator.evaluate(base, frame) for base in node.bases)
        for keyword in node.keywords:
            self._evaluator.evaluate(keyword.value, frame)
        key = self._analysis.new_key(frame.path, f"{frame.qualifier}{node.name}")
        environment: Environment = {}
        fields = tuple(
            statement.target.id
            for statement in node.body
            if isinstance(statement, ir.Annotated) and isinstance(statement.target, ir.Name)
        )
        info = ClassInfo(key, node, bases, environment, fields=fields)
        self._analysis.add_class(info)
        frame.environment[node.name] = ClassRef(key)
        inner = Frame(frame.path, (environment, *frame.environments), None, key, f"{frame.qualifier}{node.name}.")
        self.run(node.body, inner)
        if fields and bases:
            note_prefix(key, fields, environment, self._analysis)
            note_defaults(info, self._analysis)


def label_of(target: ir.Expr) -> str:
    """The name that an assignment to `target` gives its value."""
    if isinstance(target, ir.Name):
        return target.id
    if isinstance(target, ir.Attribute):
        return target.name
    if isinstance(target, ir.Subscript) and isinstance(target.key, ir.Str):
        return target.key.body.raw
    return ""


def _add(before: Value, value: Value, name: str) -> Value:
    if isinstance(before, Items):
        return Items(before.values + value.values) if isinstance(value, Items) else before
    if any(isinstance(option, Text) for side in (before, value) for option in choices(side)):
        return concatenate([operations.as_piece(before, name), operations.as_piece(value, name)])
    return Unknown(name)


def _merge(target: Environment, ends: list[Environment]) -> None:
    names = {name: None for end in ends for name in end}
    for name in names:
        values = [end[name] for end in ends if name in end]
        first = values[0]
        same = all(value is first for value in values)
        target[name] = first if same else _grown(target.get(name), values) or choose(values)


def _grown(before: Value | None, values: list[Value]) -> Value | None:
    """The dict that `values` have made of the dict `before`, each in a way of its own; None when it is none."""
    if not isinstance(before, Pairs):
        return None
    count = len(before.items)
    ends = [value for value in values if isinstance(value, Pairs) and value.items[:count] == before.items]
    keys = {key: operations.known_text(key) for end in ends for key, _ in end.items}
    if len(ends) < len(values) or None in keys.values():
        return None
    return Pairs(tuple((key, choose([operations.look_up(end, text) for end in ends])) for key, text in keys.items()))

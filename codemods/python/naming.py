"""Names of tables that are made of the names of classes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from codemods.python import ir
from codemods.python.django_models import name_of_model
from codemods.python.literals import decode
from codemods.python.values import Chunk, External, FunctionRef, Literal, Text, Value

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis
    from codemods.python.project import ClassInfo, FunctionInfo

# As Flask-SQLAlchemy has it: `UserSession` is user_session, `HTTPLog` is http_log.
_WORD_START = re.compile(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))")


def name_of_class(
    info: ClassInfo, derived: str, options: ClassInfo | None = None, analysis: Analysis | None = None
) -> Value | None:
    """The name that an ORM gives the table of a class; `derived` as in `drivers.model.MappedClass`."""
    name = info.node.name
    if derived == "snake":
        return unwritten(_WORD_START.sub(r"_\1", name).lower().lstrip("_"))
    if derived == "lower":
        return unwritten(name.lower())
    if derived == "application" and analysis is not None:
        made = name_of_model(info, options, analysis)
        return unwritten(made) if made else None
    return None


def unwritten(name: str) -> Value:
    """Text that is written nowhere."""
    return Text((Chunk(Literal("", 0), name, 0),))


def returned_name(function: FunctionInfo, info: ClassInfo, analysis: Analysis) -> Value | None:
    """The name that `function`, a class method such as `__tablename__`, makes of the class; None when not known."""
    try:
        name = _Namer(info.node.name, analysis).call(function, [_CLASS])
    except (_NotPlainError, re.error):
        return None
    return unwritten(name) if isinstance(name, str) else None


class _NotPlainError(Exception):
    """The code does more than put text together."""


class _Class:
    """Stands for the class itself."""


_CLASS = _Class()
_Plain = str | list[str] | _Class
_METHODS = frozenset(
    {"lower", "upper", "casefold", "title", "capitalize", "strip", "lstrip", "rstrip", "replace", "split", "join",
     "removeprefix", "removesuffix"}
)  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., str | list[str]]] = {
    "re.sub": re.sub,
    "re.split": re.split,
    "re.findall": re.findall,
}
_DEEPEST = 8


class _Namer:
    """Runs functions that only put text together, for the class called `name`."""

    def __init__(self, name: str, analysis: Analysis, depth: int = 0) -> None:
        self._name = name
        self._analysis = analysis
        self._depth = depth

    def call(self, function: FunctionInfo, arguments: list[_Plain]) -> _Plain:
        names = [parameter.name for parameter in function.node.parameters if not parameter.star]
        if len(names) != len(arguments) or self._depth > _DEEPEST:
            raise _NotPlainError
        known = dict(zip(names, arguments, strict=True))
        inner = _Namer(self._name, self._analysis, self._depth + 1)
        for statement in function.node.body:
            if isinstance(statement, ir.Return):
                return inner.value(statement.value, known, function.key.path)
            if isinstance(statement, ir.Assign) and isinstance(statement.targets[0], ir.Name):
                known[statement.targets[0].id] = inner.value(statement.value, known, function.key.path)
            elif not isinstance(statement, ir.Evaluate) or not isinstance(statement.value, ir.Str):
                break
        raise _NotPlainError

    def value(self, node: ir.Expr | ir.Field, known: dict[str, _Plain], path: str) -> _Plain:
        if isinstance(node, ir.Str):
            return decode(node.body).text
        if isinstance(node, ir.Joined):
            return "".join(self._text(part, known, path) for part in node.parts)
        if isinstance(node, ir.Field) and node.plain:
            return self.value(node.value, known, path)
        if isinstance(node, ir.Name) and node.id in known:
            return known[node.id]
        if isinstance(node, ir.Attribute) and node.name == "__name__":
            if isinstance(self.value(node.value, known, path), _Class):
                return self._name
        elif isinstance(node, ir.Binary) and node.operator == "+":
            return self._text(node.left, known, path) + self._text(node.right, known, path)
        elif isinstance(node, ir.Call) and all(not each.name and not each.star for each in node.arguments):
            return self._called(node, known, path)
        elif isinstance(node, ir.Comprehension) and node.key is None and len(node.loops) == 1:
            return self._comprehended(node, known, path)
        raise _NotPlainError

    def _text(self, node: ir.Expr | ir.Field, known: dict[str, _Plain], path: str) -> str:
        value = self.value(node, known, path)
        if isinstance(value, str):
            return value
        raise _NotPlainError

    def _called(self, node: ir.Call, known: dict[str, _Plain], path: str) -> _Plain:
        arguments = [self.value(each.value, known, path) for each in node.arguments]
        function = node.function
        if isinstance(function, ir.Name):
            target = self._analysis.module_value(path, function.id)
            info = self._analysis.functions.get(target.key) if isinstance(target, FunctionRef) else None
            if info is None:
                raise _NotPlainError
            return self.call(info, arguments)
        if not isinstance(function, ir.Attribute):
            raise _NotPlainError
        if isinstance(function.value, ir.Name) and function.value.id not in known:
            module = self._analysis.module_value(path, function.value.id)
            called = _FUNCTIONS.get(f"{module.name}.{function.name}") if isinstance(module, External) else None
            if called is None or not all(isinstance(each, str) for each in arguments):
                raise _NotPlainError
            return called(*arguments)
        owner = self._text(function.value, known, path)
        if function.name not in _METHODS or any(isinstance(each, _Class) for each in arguments):
            raise _NotPlainError
        try:
            made: str | list[str] = getattr(owner, function.name)(*arguments)
        except (TypeError, ValueError) as error:
            raise _NotPlainError from error
        return made

    def _comprehended(self, node: ir.Comprehension, known: dict[str, _Plain], path: str) -> _Plain:
        target, iterable = node.loops[0]
        items = self.value(iterable, known, path)
        if not isinstance(target, ir.Name) or isinstance(items, _Class):
            raise _NotPlainError
        found: list[str] = []
        for item in items:
            inner = {**known, target.id: item}
            if all(self.value(condition, inner, path) for condition in node.conditions):
                found.append(self._text(node.value, inner, path))
        return found

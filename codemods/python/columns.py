"""The columns that SQLAlchemy's classes and calls give a table: `Column("id", Integer)`, `id: Mapped[int]`.

They are read as they are written, without evaluation: what is made at run time is not among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from codemods.python import ir
from codemods.python.literals import decode

_COLUMN = frozenset({"Column", "mapped_column", "Field"})
_KEYS = frozenset({"PrimaryKeyConstraint", "UniqueConstraint"})
_NO_TYPES = frozenset({"ForeignKey", "Sequence", "Identity", "Computed", "FetchedValue", "CheckConstraint"})
_OPTIONAL = frozenset({"Optional", "Union", "Annotated"})
_DEEPEST = 16


class Column(NamedTuple):
    """A column as the code has it: `type` is the name of a Python type or of SQLAlchemy's, "" when none is said.

    `item` is the type of a list's items, `target` the `table.column` that it refers to. `key` and `unique` as written.
    """

    name: str
    type: str
    item: str = ""
    target: str = ""
    key: bool = False
    unique: bool = False


class Key(NamedTuple):
    """Names of columns that are a key together."""

    names: tuple[str, ...]
    primary: bool


class Columns(NamedTuple):
    """The columns of one table, and its keys that are written apart from them."""

    columns: tuple[Column, ...]
    keys: tuple[Key, ...] = ()


class ColumnReader:
    """Reads the columns of the classes and calls of a tree."""

    def __init__(self, modules: Iterable[ir.Module]) -> None:
        self._nodes: dict[tuple[str, int], ir.Class | ir.Call] = {}
        self._classes: dict[str, list[tuple[str, ir.Class]]] = defaultdict(list)
        for module in modules:
            for node in _nodes(module.body):
                self._nodes.setdefault((module.path, node.at), node)
                if isinstance(node, ir.Class):
                    self._classes[node.name].append((module.path, node))

    def read(self, path: str, at: int) -> Columns:
        """What the class whose name is, or the call that is, at the character `at` of `path` says."""
        node = self._nodes.get((path, at))
        if isinstance(node, ir.Call):
            values = [each.value for each in node.arguments if each.name is None]
            return Columns(tuple(_columns(values)), tuple(_keys(values)))
        found: dict[str, Column] = {}
        keys: list[Key] = []
        lineage = list(self._lineage(path, node)) if node else []
        plain = any(_is_marked(each) for each in lineage)
        for each in lineage:
            for column in _of_class(each, plain):
                found.setdefault(column.name, column)
            keys += _keys(_items(each, "__table_args__"))
        return Columns(tuple(found.values()), tuple(keys))

    def _lineage(self, path: str, node: ir.Class, depth: int = 0) -> Iterator[ir.Class]:
        """The class and those of its bases that the tree has under their names: in its own file, else anywhere."""
        yield node
        for base in node.bases:
            known = self._classes.get(_called(base), [])
            own = [each for each in known if each[0] == path and each[1] is not node] or known
            if len(own) == 1 and depth < _DEEPEST:
                yield from self._lineage(*own[0], depth + 1)


def _nodes(part: object) -> Iterator[ir.Class | ir.Call]:
    if isinstance(part, (ir.Class, ir.Call)):
        yield part
    if isinstance(part, tuple):
        for each in part:
            yield from _nodes(each)


def _called(node: ir.Expr | None) -> str:
    """The last word of a name or of what is called."""
    if isinstance(node, ir.Call):
        node = node.function
    if isinstance(node, ir.Attribute):
        return node.name
    return node.id if isinstance(node, ir.Name) else ""


def _is_marked(node: ir.Class) -> bool:
    """Whether plain annotations of the class are columns, as in SQLModel."""
    return any(each.name == "table" for each in node.keywords) or "SQLModel" in map(_called, node.bases)


def _of_class(node: ir.Class, plain: bool) -> Iterator[Column]:
    for statement in node.body:
        if isinstance(statement, ir.Assign) and isinstance(statement.targets[0], ir.Name):
            yield from _columns([statement.value], statement.targets[0].id)
        elif isinstance(statement, ir.Annotated) and isinstance(statement.target, ir.Name):
            name, annotation = statement.target.id, statement.annotation
            is_mapped = isinstance(annotation, ir.Subscript) and _called(annotation.value) == "Mapped"
            said = _annotated(annotation.key if is_mapped and isinstance(annotation, ir.Subscript) else annotation)
            if _called(statement.value) in _COLUMN:
                yield from _columns([statement.value] if statement.value else [], name, said)
            elif said[0] and not name.startswith("__") and (is_mapped or plain) and not _called(statement.value):
                yield Column(name, *said)
        elif isinstance(statement, ir.Function) and "declared_attr" in map(_called, statement.decorators):
            last = statement.body[-1] if statement.body else None
            yield from _columns([last.value] if isinstance(last, ir.Return) else [], statement.name)


def _items(node: ir.Class, name: str) -> Iterator[ir.Expr]:
    """The items of the display that a class binds to `name`."""
    for statement in node.body:
        if isinstance(statement, ir.Assign) and _called(statement.targets[0]) == name:
            yield from statement.value.items if isinstance(statement.value, ir.Sequence) else ()


def _columns(values: Iterable[ir.Expr], name: str = "", said: tuple[str, str] = ("", "")) -> Iterator[Column]:
    """A column for each call that makes one; `name` and `said` (its type) hold when the call says none."""
    for value in values:
        if not isinstance(value, ir.Call) or _called(value) not in _COLUMN:
            continue
        named = {each.name: each.value for each in value.arguments if each.name}
        if isinstance(named.get("sa_column"), ir.Call):
            yield from _columns([named["sa_column"]], name, said)
            continue
        given = [each.value for each in value.arguments if each.name is None]
        own = _text(given[0] if given else None) or _text(named.get("name"))
        references = [_target(each) for each in given if _called(each) == "ForeignKey"]
        kinds = [each for each in given if _called(each) and _called(each) not in _NO_TYPES]
        kind = named.get("type_", named.get("sa_type", kinds[0] if kinds and _called(value) != "Field" else None))
        if own or name:
            yield Column(
                own or name, *(_typed(kind) if kind else said), [*references, _text(named.get("foreign_key"))][0],
                _is_true(named.get("primary_key")), _is_true(named.get("unique")),
            )  # fmt: skip


def _keys(values: Iterable[ir.Expr]) -> Iterator[Key]:
    for value in values:
        if isinstance(value, ir.Call) and _called(value) in _KEYS:
            names = tuple(_text(each.value) for each in value.arguments if each.name is None)
            if names and all(names):
                yield Key(names, _called(value) == "PrimaryKeyConstraint")


def _typed(kind: ir.Expr) -> tuple[str, str]:
    """The name of a type, and that of its items."""
    first = kind.arguments[0].value if isinstance(kind, ir.Call) and kind.arguments else None
    return _called(kind), _called(first) if first is not None and _called(kind) == "ARRAY" else ""


def _annotated(node: ir.Expr) -> tuple[str, str]:
    """The type that an annotation says, whether or not it may be None."""
    if isinstance(node, ir.Subscript) and _called(node.value) in _OPTIONAL:
        node = node.key
    if isinstance(node, (ir.Other, ir.Sequence)):
        parts = [each for each in (node.parts if isinstance(node, ir.Other) else node.items) if _called(each) != "None"]
        node = parts[0] if len(parts) == 1 else node
    return (_called(node), "") if isinstance(node, (ir.Name, ir.Attribute)) else ("", "")


def _target(node: ir.Expr) -> str:
    first = node.arguments[0].value if isinstance(node, ir.Call) and node.arguments else None
    return _text(first)


def _text(node: ir.Expr | None) -> str:
    return decode(node.body).text if isinstance(node, ir.Str) else ""


def _is_true(node: ir.Expr | None) -> bool:
    return isinstance(node, ir.Name) and node.id == "True"

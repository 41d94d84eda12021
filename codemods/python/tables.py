"""Calls of libraries that take a table's name, or refer to a table by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from codemods.drivers.model import TableArgument, TableReference
from codemods.drivers.registry import Registry
from codemods.occurrences import Target
from codemods.python.alternatives import choose, concatenate
from codemods.python.arguments import Arguments
from codemods.python.operations import known_text, look_up
from codemods.python.records import Place, TableRef, TableUse
from codemods.python.values import (
    Chunk,
    ClassRef,
    Connection,
    External,
    Instance,
    Items,
    Literal,
    Parameter,
    Text,
    Unknown,
    Value,
    choices,
    texts,
)


def table_events(name: str, arguments: Arguments, place: Place, registry: Registry) -> Iterator[TableUse | TableRef]:
    """What a call of the library function or method `name` says of tables; `place` is the call's."""
    for described in registry.tables.get(name, ()):
        use = _use(described, arguments, place)
        if use is not None:
            values = use.value.values if isinstance(use.value, Items) else (use.value,)
            yield from (use._replace(value=value) for value in values)
    module, _, plain = name.rpartition(".")
    for reference in registry.references.get(plain, ()):
        value = arguments.get(reference.position, reference.keywords)
        if value is not None:
            yield from references(value, reference, place, module.split(".")[0] in reference.modules)


def references(value: Value, described: TableReference, place: Place, known: bool) -> Iterator[TableRef]:
    """A reference for each text of `value`; `known` as in `TableRef`."""
    for option in choices(value):
        if isinstance(option, Items):
            for item in option.values:
                yield from references(item, described, place, known)
        else:
            yield TableRef(option, described, place, place, known)


def _use(described: TableArgument, arguments: Arguments, place: Place) -> TableUse | None:
    keyword = described.schema
    value = arguments.get(described.position, described.keywords)
    if described.key and value is not None:
        value = look_up(value, described.key)
    if value is None and described.kind == "type" and isinstance(first := arguments.get(0), ClassRef):
        value = _unwritten(first.key.name.rpartition(".")[2].lower())
    if value is None and described.unsaid and arguments.complete:
        value = Unknown(described.unsaid)
    if value is None and described.default is not None:
        value = _unwritten(described.default)
    if value is None:
        return None
    if described.or_statement:
        names = [each for each in choices(value) if " " not in (known_text(each) or " ")]
        if not names:
            return None
        value = choose(names)
    if keyword is None:
        return TableUse(value, described, place, place)
    holder = arguments.get(described.registry_position, ("con", "metadata"))
    if holder is None and described.registry_position >= 0 and not any(texts(value)):
        return None
    if isinstance(holder, Connection) and holder.engine in ("sqlite", "other"):
        return None
    if isinstance(holder, Instance) and holder.local:
        described = replace(described, registry="")
    schema = arguments.get(described.schema_position, (keyword,))
    target = None
    if schema == External("None"):
        schema = None
        if keyword in arguments.named:
            target = Target("none", place.path, place.at, f"{keyword}={{}}")
    elif schema is None and arguments.complete:
        target = Target("argument", place.path, place.at, f"{keyword}={{}}")
    return TableUse(value, described, place, place, schema, default_schema(holder), target)


def _unwritten(text: str) -> Value:
    return Text((Chunk(Literal("", 0), text, 0),))


def default_schema(registry: Value | None) -> Value | None:
    """The schema of a `MetaData`, or of what holds one, for tables that name none."""
    for option in choices(registry) if registry is not None else ():
        if isinstance(option, Instance):
            named = dict(option.named)
            return named["schema"] if "schema" in named else default_schema(named.get("metadata"))
    return None


def quoted(parts: Sequence[Value], call: tuple[str, int]) -> Value:
    """The SQL of a name that the function at `call` (file, character offset) quotes, part by part."""
    values: list[Value] = []
    for number, part in enumerate(parts):
        names = [option if _is_plain(option) else Unknown("sql.Identifier(…)") for option in choices(part)]
        opening = Chunk(Literal("", 0), '"', 0, quoter=None if number else call)
        dot = (Chunk(Literal("", 0), ".", 0),) if number else ()
        values += [Text((*dot, opening)), choose(names), Text((Chunk(Literal("", 0), '"', 0),))]
    return concatenate(values) if values else Unknown("sql.Identifier(…)")


def _is_plain(value: Value) -> bool:
    """Whether a name says in quotes what it says as text."""
    return isinstance(value, Parameter) or '"' not in (known_text(value) or '"')

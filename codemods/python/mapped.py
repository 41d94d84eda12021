"""Classes that an ORM maps to a table each: the table's name, its schema, and where a schema can be added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.drivers.model import MappedClass
from codemods.occurrences import Target
from codemods.python import ir, operations
from codemods.python.django_models import joining_tables
from codemods.python.enums import enum_types
from codemods.python.evaluate import Frame, describe
from codemods.python.naming import name_of_class, returned_name, unwritten
from codemods.python.operations import known_text
from codemods.python.project import ClassInfo, lineage
from codemods.python.records import Place, TableUse
from codemods.python.tables import default_schema
from codemods.python.values import (
    ClassRef,
    External,
    FunctionRef,
    Instance,
    Items,
    Pairs,
    Text,
    Unknown,
    Value,
    choices,
)  # fmt: skip

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis


def mapped_tables(analysis: Analysis) -> Iterator[TableUse]:
    """The tables of all mapped classes of the tree, once everything is evaluated."""
    for info in list(analysis.classes.values()):
        bases = list(_library_bases(info, analysis))
        known = next((each for each in analysis.registry.classes if not set(each.bases).isdisjoint(bases)), None)
        for mapped in [known] if known else [each for each in analysis.registry.classes if not each.bases]:
            value = _name(info, mapped, analysis)
            if value is not None:
                place = Place(info.key.path, info.node.at)
                default = default_schema(_inherited(info, "metadata", analysis) or _made(info, analysis))
                schema, target = _OPTIONS[mapped.options](info, mapped, analysis)
                analysis.records.uses.note(value, "the name of a mapped table", place)
                yield TableUse(value, mapped.argument, place, place, schema, default, target)
                if mapped.enums is not None:
                    for owner in lineage(info, analysis.classes):
                        yield from enum_types(owner, mapped.enums, analysis)
                if mapped.derived == "application":
                    for name, at in joining_tables(info, known_text(value) or ""):
                        yield TableUse(unwritten(name), mapped.argument, Place(place.path, at), Place(place.path, at))


def _library_bases(info: ClassInfo, analysis: Analysis) -> Iterator[str]:
    for owner in lineage(info, analysis.classes):
        for base in owner.bases:
            if isinstance(base, External):
                yield base.name
            elif isinstance(base, Instance):
                yield f"{base.name}()"


def _made(info: ClassInfo, analysis: Analysis) -> Value | None:
    """The instance of a library that the class is derived from, such as the result of `declarative_base()`."""
    return next(
        (base for owner in lineage(info, analysis.classes) for base in owner.bases if isinstance(base, Instance)), None
    )


def _inherited(info: ClassInfo, name: str, analysis: Analysis) -> Value | None:
    return next(
        (owner.environment[name] for owner in lineage(info, analysis.classes) if name in owner.environment), None
    )


def _name(info: ClassInfo, mapped: MappedClass, analysis: Analysis) -> Value | None:
    """The name of the class's table; None when it has none of its own."""
    if "__abstract__" in info.environment:
        return None
    holder = _options_class(info, analysis) if mapped.options == "Meta" else info
    environment = holder.environment if holder else {}
    if mapped.options == "keywords":
        environment = _keywords(info, analysis)
    own = next((environment[name] for name in mapped.names if name in environment), None)
    if isinstance(own, Items) and own.values and not mapped.options:
        own = own.values[-1]
    if isinstance(own, Text):
        return own
    if mapped.options in ("Meta", "keywords") and own is None:
        return name_of_class(info, mapped.derived, holder, analysis)
    if mapped.marked and not any(keyword.name == mapped.marked for keyword in info.node.keywords):
        return None
    inherited = own or _inherited(info, mapped.name, analysis)
    if isinstance(inherited, FunctionRef):
        function = analysis.functions.get(inherited.key)
        known = returned_name(function, info, analysis) if function else None
        return known or (Unknown(f"{mapped.name}()") if _has_key(info.node.body) else None)
    if inherited is not None and (own is not None or not mapped.derived):
        return own
    mixes_in = any(_is_mapped(base, mapped) for base in lineage(info, analysis.classes)[1:])
    return None if mixes_in and not _has_key(info.node.body) else name_of_class(info, mapped.derived)


def _is_mapped(info: ClassInfo, mapped: MappedClass) -> bool:
    if mapped.marked:
        return any(keyword.name == mapped.marked for keyword in info.node.keywords)
    return "__abstract__" not in info.environment and (mapped.name in info.environment or _has_key(info.node.body))


def _has_key(part: object) -> bool:
    """Whether a class's body has a column with `primary_key=True`, written in it or given by a decorated method."""
    if isinstance(part, ir.Function) and not part.decorators:
        return False
    if isinstance(part, ir.Argument) and part.name == "primary_key":
        return True
    return isinstance(part, tuple) and any(_has_key(each) for each in part)


def _table_arguments(info: ClassInfo, mapped: MappedClass, analysis: Analysis) -> tuple[Value | None, Target | None]:
    """The schema in `__table_args__`, and where one can be added."""
    owner = next(
        (
            each
            for each in lineage(info, analysis.classes)
            if mapped.options in each.environment and (each is info or not _is_mapped(each, mapped))
        ),
        None,
    )
    if owner is None:
        return None, _new_statement(info, mapped.name, f'{mapped.options} = {{{{"{mapped.key}": {{}}}}}}', "\n")
    value = owner.environment[mapped.options]
    if isinstance(value, FunctionRef):
        value = analysis.summary(value.key)
    schema = _schema_of(value, mapped.key)
    if schema is not None:
        return schema, None
    if owner is info:
        return None, _existing_display(info, mapped)
    name = _name_of_base(info, owner, analysis)
    if name is None or not isinstance(value, Pairs) or isinstance(owner.environment[mapped.options], FunctionRef):
        return None, None
    merged = f'{mapped.options} = {{{{**{name}.{mapped.options}, "{mapped.key}": {{}}}}}}'
    return None, _new_statement(info, mapped.name, merged, "\n")


def _name_of_base(info: ClassInfo, owner: ClassInfo, analysis: Analysis) -> str | None:
    """How the class calls the base through which it inherits from `owner`."""
    for written, base in zip(info.node.bases, info.bases, strict=False):
        known = analysis.classes.get(base.key) if isinstance(base, ClassRef) else None
        if (
            known is not None
            and owner in lineage(known, analysis.classes)
            and isinstance(written, (ir.Name, ir.Attribute))
        ):
            return describe(written)
    return None


def _schema_of(value: Value, key: str) -> Value | None:
    for option in choices(value):
        for part in option.values if isinstance(option, Items) else (option,):
            if isinstance(part, Pairs) and any(operations.known_text(name) == key for name, _ in part.items):
                return operations.look_up(part, key)
    return None


def _existing_display(info: ClassInfo, mapped: MappedClass) -> Target | None:
    """Where the schema goes into the dict or tuple that the class itself writes."""
    for statement in info.node.body:
        if isinstance(statement, ir.Assign) and len(statement.targets) == 1:
            target, value = statement.targets[0], statement.value
        elif isinstance(statement, ir.Annotated) and statement.value is not None:
            target, value = statement.target, statement.value
        elif isinstance(statement, ir.Function) and statement.name == mapped.options:
            last = statement.body[-1] if statement.body else None
            if not isinstance(last, ir.Return) or len(statement.body) > 2:
                return None
            target, value = ir.Name(statement.at, statement.name), last.value
        else:
            continue
        if isinstance(target, ir.Name) and target.id == mapped.options:
            if isinstance(statement, ir.Assign) and isinstance(value, (ir.Name, ir.Attribute)):
                return _around(info.environment[mapped.options], info.key.path, target.at, mapped.key)
            return _display(value, info.key.path, target.at, mapped.key)
    return None


def _around(value: Value, path: str, at: int, key: str) -> Target | None:
    """Where the schema joins arguments that are written elsewhere."""
    if isinstance(value, Pairs):
        return Target("around", path, at, f'{{{{**…, "{key}": {{}}}}}}')
    if isinstance(value, Items) and not any(isinstance(each, Pairs) for each in value.values):
        return Target("around", path, at, f'(*…, {{{{"{key}": {{}}}}}})')
    return None


def _display(value: ir.Expr, path: str, at: int, key: str) -> Target | None:
    item = f'"{key}": {{}}'
    if isinstance(value, ir.Mapping) and all(name is not None for name, _ in value.items):
        return Target("item", path, at, item)
    if isinstance(value, ir.Sequence):
        last = value.items[-1] if value.items else None
        if isinstance(last, ir.Mapping) and all(name is not None for name, _ in last.items):
            return Target("last item", path, at, item)
        if all(isinstance(each, ir.Call) for each in value.items):
            return Target("item", path, at, f"{{{{{item}}}}}" + "," * (not value.items))
    return None


def _options_class(info: ClassInfo, analysis: Analysis) -> ClassInfo | None:
    inner = info.environment.get("Meta")
    return analysis.classes.get(inner.key) if isinstance(inner, ClassRef) else None


def _meta(info: ClassInfo, mapped: MappedClass, analysis: Analysis) -> tuple[Value | None, Target | None]:
    """The schema in `class Meta`, also in that of a base, and where one can be added."""
    if not mapped.key:
        return None, None
    for owner in lineage(info, analysis.classes):
        options = _options_class(owner, analysis)
        if options is not None and mapped.key in options.environment:
            return options.environment[mapped.key], None
    options = _options_class(info, analysis)
    if options is not None:
        return None, _new_statement(options, mapped.name, f"{mapped.key} = {{}}")
    return None, Target("end", info.key.path, info.node.at, f"class Meta:\n\t{mapped.key} = {{}}")


def _in_name(info: ClassInfo, mapped: MappedClass, analysis: Analysis) -> tuple[Value | None, Target | None]:
    """The name itself becomes a pair of schema and name."""
    own = info.environment.get(mapped.name)
    if isinstance(own, Items) and len(own.values) > 1:
        return own.values[0], None
    for statement in info.node.body:
        target = statement.targets[0] if isinstance(statement, ir.Assign) else None
        if isinstance(statement, ir.Assign) and isinstance(target, ir.Name) and target.id == mapped.name:
            value = statement.value
            return None, Target("pair", info.key.path, value.at, "{}") if isinstance(value, ir.Str) else None
    name = known_text(name_of_class(info, mapped.derived))
    return None, _new_statement(info, mapped.name, f'{mapped.name} = ({{}}, "{name}")', "\n")


def _in_keywords(info: ClassInfo, mapped: MappedClass, analysis: Analysis) -> tuple[Value | None, Target | None]:
    """The schema among the keywords of the class, or the place for it there."""
    known = _keywords(info, analysis)
    target = Target("argument", info.key.path, info.node.at, f"{mapped.key}={{}}")
    return (known[mapped.key], None) if mapped.key in known else (None, target)


def _keywords(info: ClassInfo, analysis: Analysis) -> dict[str, Value]:
    """The keywords of the class: `class User(Table, tablename="users")`."""
    frame = Frame(info.key.path, (analysis.module_environment(info.key.path),))
    evaluate = analysis.evaluator.evaluate
    return {each.name: evaluate(each.value, frame, each.name) for each in info.node.keywords if each.name}


_OPTIONS = {"__table_args__": _table_arguments, "Meta": _meta, "": _in_name, "keywords": _in_keywords}


def _new_statement(info: ClassInfo, beside: str, template: str, end: str = "") -> Target:
    """A statement under the one that gives the table's name, else at the beginning of the class."""
    for statement in info.node.body:
        target: ir.Expr | None = None
        if isinstance(statement, ir.Assign):
            target = statement.targets[0]
        elif isinstance(statement, ir.Annotated):
            target = statement.target
        if isinstance(target, ir.Name) and target.id == beside:
            return Target("below", info.key.path, target.at, template)
    return Target("body", info.key.path, info.node.at, template + end)

"""Classes whose fields take their values from environment variables.

Source: https://docs.pydantic.dev/latest/concepts/pydantic_settings/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from codemods.python import operations
from codemods.python.arguments import Arguments
from codemods.python.project import ClassInfo, lineage
from codemods.python.values import ClassRef, External, FunctionKey, Items, Literal, Object, Unknown, Value, literals

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis

_ALIASES = ("validation_alias", "env", "alias")


def alias(arguments: Arguments) -> str | None:
    """The variable that a field is told instead of one of its own name; the first, when it is told several."""
    for value in (arguments.named[name] for name in _ALIASES if name in arguments.named):
        first = value.values[0] if isinstance(value, Items) and value.values else value
        if isinstance(first, Unknown) and first.made_of:
            first = first.made_of[0]
        return operations.known_text(first)
    return None


def note_defaults(info: ClassInfo, analysis: Analysis) -> None:
    """Note the defaults that the environment may replace, of a class derived from one that reads it."""
    bases = (base for owner in lineage(info, analysis.classes) for base in owner.bases)
    if any(isinstance(base, External) and base.name.endswith(".BaseSettings") for base in bases):
        values = (info.environment[name] for name in info.fields if name in info.environment)
        analysis.records.replaceable.update(literal for value in values for literal in literals(value))


def note_prefix(key: FunctionKey, fields: Iterable[str], environment: dict[str, Value], analysis: Analysis) -> None:
    """Note the variables that the fields of a class are read from when its configuration has an `env_prefix`."""
    prefix = _prefix(Object(key), analysis)
    if not prefix:
        return
    for name in fields:
        value = environment.get(name, Unknown())
        found: list[Literal] = [*literals(value)]
        for literal in found:
            analysis.records.variables.setdefault(literal, f"{prefix}{name}")
            analysis.records.renamed.add(literal)
        if not found and isinstance(value, Unknown):
            environment[name] = Unknown(f"{prefix}{name}")


def _prefix(owner: Object, analysis: Analysis) -> str | None:
    configured = analysis.class_attribute(owner, "model_config")
    if configured is None:
        inner = analysis.class_attribute(owner, "Config")
        value = analysis.class_attribute(Object(inner.key), "env_prefix") if isinstance(inner, ClassRef) else None
        return None if value is None else operations.known_text(value)
    return operations.known_text(operations.look_up(configured, "env_prefix"))

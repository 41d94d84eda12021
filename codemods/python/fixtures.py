"""What pytest hands to the parameters of tests and fixtures: the fixture of that name, or the listed values.

Source: pytest's documentation, "Fixtures reference" and "How to parametrize fixtures and test functions".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.checkout.paths import conftests_of
from codemods.python import ir, operations
from codemods.python.alternatives import choose
from codemods.python.evaluate import Frame, describe
from codemods.python.project import FunctionInfo
from codemods.python.values import FunctionRef, Items, Object, Unknown, Value

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis

FIXTURE = "fixture"


def handed_over(info: FunctionInfo, name: str, analysis: Analysis, frame: Frame) -> Value | None:
    """What the parameter `name` of a test or fixture holds; None when nothing in sight says so."""
    if not info.node.name.startswith("test") and FIXTURE not in info.kinds:
        return None
    listed = _listed(info, name, analysis, frame)
    if listed is not None:
        return listed
    for candidate in _candidates(info, name, analysis):
        function = analysis.functions.get(candidate.key) if isinstance(candidate, FunctionRef) else None
        # A fixture that asks for its own name means the one that it stands in for.
        if function is not None and FIXTURE in function.kinds and function.key != info.key:
            value = analysis.summary(function.key)
            return None if isinstance(value, Unknown) else value
    return None


def _listed(info: FunctionInfo, name: str, analysis: Analysis, frame: Frame) -> Value | None:
    """The values that `@pytest.mark.parametrize` lists for a parameter."""
    for mark in info.node.decorators:
        if not isinstance(mark, ir.Call) or describe(mark.function) != "pytest.mark.parametrize":
            continue
        if len(mark.arguments) < 2:
            continue
        names, values = (analysis.evaluator.evaluate(each.value, frame) for each in mark.arguments[:2])
        called = operations.known_text(names)
        if called is not None:
            parts = [part.strip() for part in called.split(",")]
        else:
            parts = [operations.known_text(each) or "" for each in names.values] if isinstance(names, Items) else []
        if name in parts and isinstance(values, Items):
            single = called is not None and len(parts) == 1
            found = operations.elements(values) if single else _column(values, parts.index(name))
            return None if isinstance(found, Unknown) else found
    return None


def _column(rows: Items, number: int) -> Value:
    return choose([operations.look_up(row, number) for row in rows.values])


def _candidates(info: FunctionInfo, name: str, analysis: Analysis) -> Iterator[Value | None]:
    """What `name` means in the class, the module and the `conftest.py` of each folder upwards."""
    if info.owner is not None:
        yield analysis.class_attribute(Object(info.owner), name)
    yield analysis.module_value(info.key.path, name)
    for conftest in conftests_of(info.key.path):
        if conftest in analysis.project.modules:
            yield analysis.module_value(conftest, name)
            yield from _of_plugins(conftest, name, analysis)


def _of_plugins(conftest: str, name: str, analysis: Analysis) -> Iterator[Value | None]:
    plugins = analysis.module_value(conftest, "pytest_plugins")
    for plugin in plugins.values if isinstance(plugins, Items) else (plugins,):
        module = operations.known_text(plugin)
        path = analysis.project.find(conftest, module) if module else None
        if path:
            yield analysis.module_value(path, name)

"""Types that an ORM makes of the enumerations in the annotations of a mapped class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.drivers.model import TableArgument
from codemods.python import ir
from codemods.python.annotations import annotation_names
from codemods.python.evaluate import Frame
from codemods.python.naming import unwritten
from codemods.python.place import place
from codemods.python.project import lineage
from codemods.python.records import Place, TableUse
from codemods.python.values import ClassRef, External

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis
    from codemods.python.project import ClassInfo

_TYPES = frozenset({"sa_type", "sa_column", "type_"})


def enum_types(info: ClassInfo, described: TableArgument, analysis: Analysis) -> Iterator[TableUse]:
    """The type of each column whose annotation is an enumeration and that names no other type."""
    frame = Frame(info.key.path, (info.environment, analysis.module_environment(info.key.path)))
    for statement in info.node.body:
        if not isinstance(statement, ir.Annotated) or _has_type(statement.value):
            continue
        for part in annotation_names(statement.annotation):
            value = analysis.evaluator.evaluate(part, frame, "", "documentation")
            known = analysis.classes.get(value.key) if isinstance(value, ClassRef) else None
            if known is not None and _is_enum(known, analysis):
                at = Place(info.key.path, place(statement.target))
                yield TableUse(unwritten(known.node.name.lower()), described, at, at)


def _is_enum(info: ClassInfo, analysis: Analysis) -> bool:
    return any(
        isinstance(base, External) and base.name.endswith("Enum")
        for owner in lineage(info, analysis.classes)
        for base in owner.bases
    )


def _has_type(value: ir.Expr | None) -> bool:
    """Whether what makes a column is given its type."""
    if not isinstance(value, ir.Call):
        return False
    in_order = [] if _called(value) == "Field" else [each.value for each in value.arguments if not each.name]
    return any(each.name in _TYPES for each in value.arguments) or any(
        isinstance(each, (ir.Name, ir.Attribute, ir.Call)) and _called(each) != "ForeignKey" for each in in_order
    )


def _called(node: ir.Expr) -> str:
    function = node.function if isinstance(node, ir.Call) else node
    return function.name if isinstance(function, ir.Attribute) else getattr(function, "id", "")

"""The tables that Django names itself, after application and class or the models that they join."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.python import ir
from codemods.python.operations import known_text
from codemods.python.values import External

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis
    from codemods.python.project import ClassInfo

_CONFIG = "django.apps.AppConfig"


def name_of_model(info: ClassInfo, options: ClassInfo | None, analysis: Analysis) -> str | None:
    """The name that Django gives the table of a model; None when it has no table of its own, or a root has no name."""
    own = options.environment if options else {}
    if External("True") in (own.get("abstract"), own.get("proxy")):
        return None
    label = known_text(own.get("app_label")) or _label(info.key.path, analysis)
    return f"{label}_{info.node.name.lower()}" if label else None


def joining_tables(info: ClassInfo, table: str) -> Iterator[tuple[str, int]]:
    """The tables that many-to-many fields of a model make for themselves, each with the place of the field's name."""
    for statement in info.node.body:
        if not isinstance(statement, ir.Assign) or not isinstance(statement.value, ir.Call):
            continue
        target, call = statement.targets[0], statement.value
        name = call.function.name if isinstance(call.function, ir.Attribute) else getattr(call.function, "id", "")
        given = {argument.name for argument in call.arguments}
        if name == "ManyToManyField" and isinstance(target, ir.Name) and not given & {"through", "db_table"}:
            yield f"{table}_{target.id}", target.at


def _label(path: str, analysis: Analysis) -> str | None:
    """The label of the application that the file of a model belongs to."""
    folders = path.split("/")[:-1]
    if "models" in folders:
        folders = folders[: folders.index("models")]
    for config in analysis.classes.values():
        if config.key.path.split("/")[:-1] == folders and External(_CONFIG) in config.bases:
            name = known_text(config.environment.get("label")) or known_text(config.environment.get("name"))
            return name.rpartition(".")[2] if name else None
    return folders[-1] if folders else None

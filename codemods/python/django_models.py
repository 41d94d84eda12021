"""The tables that Django names itself, after application and class or the models that they join, and where it looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.occurrences import Target
from codemods.python import ir
from codemods.python.literals import decode
from codemods.python.operations import known_text
from codemods.python.values import External

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis
    from codemods.python.project import ClassInfo

_PATH = '"options": {}'
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


def place_of_options(database: ir.Mapping, path: str) -> Target | None:
    """Where one of DATABASES can be given options of the connection; None when its own are not a plain dict without."""
    options = [value for key, value in database.items if isinstance(key, ir.Str) and decode(key.body).text == "OPTIONS"]
    if not options:
        return _beside(database, path, f'"OPTIONS": {{{{{_PATH}}}}}')
    if not isinstance(options[0], ir.Mapping):
        return None
    keys = [decode(key.body).text if isinstance(key, ir.Str) else "options" for key, _ in options[0].items]
    return None if "options" in keys else _beside(options[0], path, _PATH)


def _beside(settings: ir.Mapping, path: str, template: str) -> Target | None:
    first = settings.items[0][0] if settings.items else None
    return Target("key", path, first.at, template) if isinstance(first, ir.Str) else None


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

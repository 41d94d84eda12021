"""Django's DATABASES, and where each can be given a `search_path`.

Source: Django's documentation, "Settings" and "PostgreSQL notes"; django-environ and dj-database-url make their dicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.drivers.django import DATABASE, SEARCH_PATH
from codemods.occurrences import Target
from codemods.python import ir, operations
from codemods.python.arguments import Arguments
from codemods.python.evaluate import describe
from codemods.python.literals import decode
from codemods.python.naming import unwritten
from codemods.python.place import place
from codemods.python.records import Place, Setting, TableUse
from codemods.python.tables import table_events
from codemods.python.values import Pairs, Value, choices

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis

_PATH = '"options": {}'


class DjangoSettings:
    """Notes Django's DATABASES for an `Analysis`."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    def database(self, settings: Value, node: ir.Mapping, alias: str, at: Place) -> None:
        """Note what `node`, one of DATABASES, which its key calls `alias`, says of its schemas."""
        if "postg" not in (operations.known_text(operations.look_up(settings, "ENGINE")) or ""):
            return
        options = operations.look_up(operations.look_up(settings, "OPTIONS"), "options")
        self._analysis.records.events.append(Setting(options, "options", "postgresql", at))
        self._own_tables(at)
        if "search_path" not in (operations.known_text(options) or ""):
            first = node.items[0][0]
            begin = at._replace(at=place(first)) if first else at
            self._ask_for_path(alias, begin, _place_of_options(node, at.path))

    def made(self, target: ir.Expr, node: ir.Expr, value: Value, path: str) -> None:
        """Note those of DATABASES that calls make; `value` is that of `node`, which `target`, all or one, gets."""
        found: list[tuple[ir.Expr | None, ir.Expr, Value]] = []
        if isinstance(node, ir.Mapping) and describe(target) == "DATABASES":
            found = [(key, item, operations.look_up(value, _said(key))) for key, item in node.items]
        elif isinstance(node, ir.Call) and isinstance(target, ir.Subscript) and describe(target.value) == "DATABASES":
            found = [(target.key, node, value)]
        for key, item, known in found:
            if key is None or isinstance(item, ir.Mapping) or any(isinstance(each, Pairs) for each in choices(known)):
                continue
            at, alias = Place(path, place(key)), _said(key) or ""
            self._own_tables(at)
            self._ask_for_path(alias, at, _place_below(path, place(target)) if alias == "default" else None)

    def _own_tables(self, at: Place) -> None:
        self._analysis.library.note_tables(table_events(DATABASE, Arguments((), {}, True), at, self._analysis.registry))

    def _ask_for_path(self, alias: str, at: Place, target: Target | None) -> None:
        self._analysis.records.events.append(TableUse(unwritten(alias), SEARCH_PATH, at, at, target=target))


def _said(key: ir.Expr | None) -> str | None:
    return decode(key.body).text if isinstance(key, ir.Str) else None


def _place_of_options(database: ir.Mapping, path: str) -> Target | None:
    """Where one of DATABASES can be given options of the connection; None when its own are not a plain dict without."""
    options = [value for key, value in database.items if isinstance(key, ir.Str) and decode(key.body).text == "OPTIONS"]
    if not options:
        return _beside(database, path, f'"OPTIONS": {{{{{_PATH}}}}}')
    if not isinstance(options[0], ir.Mapping):
        return None
    keys = [decode(key.body).text if isinstance(key, ir.Str) else "options" for key, _ in options[0].items]
    return None if "options" in keys else _beside(options[0], path, _PATH)


def _place_below(path: str, name: int) -> Target:
    """Where the default database, made by a call, can be given options: below the statement with the name at `name`.

    Only a server of PostgreSQL takes them, and which one it is may be said outside of the code.
    """
    database = 'DATABASES["default"]'
    asked = f'if "postg" in {database}.get("ENGINE", ""):'
    given = f'{database}.setdefault("OPTIONS", {{{{}}}}).setdefault("options", {{}})'
    return Target("below", path, name, f"{asked}\n    {given}")


def _beside(settings: ir.Mapping, path: str, template: str) -> Target | None:
    first = settings.items[0][0] if settings.items else None
    return Target("key", path, first.at, template) if isinstance(first, ir.Str) else None

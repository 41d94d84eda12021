"""The settings of a checkout: `[tool.relink]` of pyproject.toml, or relink.toml."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codemods.drivers.model import Query
from codemods.gate.selection import Choice
from codemods.handling import LEAVE, REPORT, REWRITE, Handling

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class SettingsError(Exception):
    """The settings cannot be used; the message has the file and the way out."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`mapping` is a path, `exclude` patterns as in .gitignore, `choice` the rules to report, `handling` what kinds
    of files there are.

    `queries` are functions, of the checkout or of libraries that relink does not know, that take SQL. `folder` is where
    the settings were found: `mapping` is relative to it.
    """

    folder: Path
    mapping: str | None = None
    exclude: tuple[str, ...] = ()
    choice: Choice = field(default_factory=Choice)
    handling: Handling = field(default_factory=Handling)
    queries: tuple[Query, ...] = ()


_NAMES = (
    "mapping", "exclude", "select", "ignore", "extend-select", "per-file-ignores", "templates", "history",
    "query-functions",
)  # fmt: skip
_FUNCTION = re.compile(r"(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)(?::(?P<position>\d+))?")


def load_settings(start: Path) -> Settings:
    """The settings of the nearest folder at or above `start` that has some; raises `SettingsError`."""
    start = start.resolve()
    for folder in (start, *start.parents):
        for name, keys in (("relink.toml", ()), ("pyproject.toml", ("tool", "relink"))):
            table = _read(folder / name, keys)
            if table is not None:
                return _checked(folder, folder / name, table)
        if (folder / ".git").exists():
            break
    return Settings(start)


def _read(path: Path, keys: tuple[str, ...]) -> Any:
    if not path.is_file():
        return None
    try:
        table: Any = tomllib.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError, OSError) as error:
        raise SettingsError(f"{path}: {error}; correct the file or pass --mapping") from error
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def _checked(folder: Path, path: Path, table: Any) -> Settings:
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: the relink settings have to be a table")
    unknown = sorted(set(table) - set(_NAMES))
    if unknown:
        raise SettingsError(f"{path}: unknown setting {unknown[0]!r}; there are {', '.join(_NAMES)}")
    mapping = table.get("mapping")
    if mapping is not None and not isinstance(mapping, str):
        raise SettingsError(f"{path}: mapping has to be the path of a file")
    per_file = table.get("per-file-ignores", {})
    if not isinstance(per_file, dict):
        raise SettingsError(f'{path}: per-file-ignores has to be a table, "PATTERN" = ["RULE"]')
    choice = Choice(
        str(path),
        _strings(path, table, "select") if "select" in table else None,
        _strings(path, table, "ignore"),
        _strings(path, table, "extend-select"),
        tuple((pattern, _strings(path, per_file, pattern)) for pattern in per_file),
    )
    handling = Handling(templates=_strings(path, table, "templates"), history=_history(path, table.get("history", {})))
    queries = tuple(_query(path, each) for each in _strings(path, table, "query-functions"))
    return Settings(folder, mapping, _strings(path, table, "exclude"), choice, handling, queries)


def _history(path: Path, table: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(table, dict) or not all(policy in (LEAVE, REPORT, REWRITE) for policy in table.values()):
        raise SettingsError(f'{path}: history has to be a table, "PATTERN" = "{LEAVE}", "{REPORT}" or "{REWRITE}"')
    return tuple(table.items())


def _query(path: Path, value: str) -> Query:
    found = _FUNCTION.fullmatch(value)
    if found is None:
        raise SettingsError(f'{path}: query-functions: {value!r} is no "package.module.function:POSITION"')
    return Query((found["name"],), int(found["position"] or 0))


def _strings(path: Path, table: dict[str, Any], name: str) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{path}: {name} has to be a list of strings")
    return tuple(value)

"""Try every connection that the tree will make, as it will be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from codemods.catalog.connect import ServerError, connect
from codemods.dsn import find_database, libpq, mask_passwords
from codemods.mapping import Mapping
from codemods.occurrences import ConnectionArguments, ConnectionSetting, Occurrence
from codemods.sql.tokens import HOLE


class Attempt(NamedTuple):
    """One connection text, passwords hidden, and what came of it: "" when it worked."""

    path: str
    text: str
    problem: str


def try_connections(settings: Iterable[Occurrence], mapping: Mapping) -> Iterator[Attempt]:
    """Connect once to each distinct URL, libpq string and set of arguments, renamed.

    Names by themselves are no connection.
    """
    seen: set[str] = set()
    for setting in settings:
        text = _text(setting, mapping)
        if text is None or text in seen:
            continue
        seen.add(text)
        shown = mask_passwords(text).replace(HOLE, "…")
        if HOLE in text:
            yield Attempt(setting.path, shown, "a part of it is only known at run time")
            continue
        try:
            connect(_without_driver(text)).close()
        except ServerError as error:
            yield Attempt(setting.path, shown, str(error))
        else:
            yield Attempt(setting.path, shown, "")


def _text(setting: Occurrence, mapping: Mapping) -> str | None:
    """What libpq takes for the connection that is made; None when `setting` tells none."""
    if isinstance(setting, ConnectionArguments):
        return renamed_connection(libpq((name, source.text) for name, source in setting.parameters), mapping)
    if isinstance(setting, ConnectionSetting) and not setting.is_name and not setting.switches:
        return renamed_connection(setting.source.text, mapping)
    return None


def renamed_connection(text: str, mapping: Mapping) -> str:
    """A URL or libpq string with the new name of its database."""
    found = find_database(text)
    database = mapping.new_database(found.name) if found else None
    if found is None or database is None:
        return text
    return text[: found.start] + found.encode(database.database) + text[found.end :]


def _without_driver(text: str) -> str:
    """SQLAlchemy's `postgresql+driver://` as libpq knows it."""
    scheme, sign, rest = text.partition("://")
    return f"{scheme.split('+', 1)[0]}{sign}{rest}" if sign else text

"""Commands of psql, which begin with a backslash and end with their line."""

from __future__ import annotations

import re

from .literals import names_in
from .model import Kind, Role
from .query import QueryReader
from .tokens import lex

_COMMAND = re.compile(r"\\([a-zA-Z?!]+\+?S?)[ \t]*")
_COPY = re.compile(r"\s*([^\s(]+)\s*(?:\([^)]*\))?\s*(from|to)\b", re.IGNORECASE)


def executes_rows(text: str) -> bool:
    """Whether a command runs the rows of the query before it as statements."""
    return text.startswith("\\gexec")


def command(reader: QueryReader, index: int) -> str:
    r"""Read the command at `index`; return its name as `\name`."""
    start, end = reader.starts[index], reader.ends[index]
    text = reader.text
    found = _COMMAND.match(text, start, end)
    if found is None:
        return "\\"
    name = found[1].rstrip("+S")
    at = found.end()
    if name in ("c", "connect"):
        word = re.compile(r"[^\s-]\S*").match(text, at, end)
        if word and not word[0].startswith(("postgres", '"host', "'")):
            reader.refer(names_in(text, at, word.end()), Kind.DATABASE, Role.OTHER)
    elif name == "copy":
        _copy(reader, index, at)
    elif name in ("sf", "ef"):
        reader.refer(names_in(text, at, end), Kind.FUNCTION, Role.OTHER)
    elif name in ("sv", "ev", "z") or (name[:1] == "d" and not name.startswith(("da", "db", "dx", "du", "dg"))):
        parts = names_in(text, at, end)
        if parts and not any("*" in part.name for part in parts):
            reader.refer(parts, Kind.RELATION, Role.OTHER)
    return "\\" + name


def _copy(reader: QueryReader, index: int, start: int) -> None:
    text, end = reader.text, reader.ends[index]
    found = _COPY.match(text, start, end)
    if found is not None:
        role = Role.WRITE if found[2].lower() == "from" else Role.READ
        reader.refer(names_in(text, start, found.end(1)), Kind.RELATION, role)
    elif text[start : start + 1] == "(" and 0 in lex(text[start:end], script=False).match:
        reader.nested.append((((index, False),), "sql"))
    else:
        reader.fail("a \\copy that is cut short")

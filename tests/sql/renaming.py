"""Gives every relation of a statement a new schema and name, and compares libpg_query's trees before and after."""

from __future__ import annotations

import re

import pglast
from pglast import ast

from codemods.sql import Kind, Script, read

SCHEMA = "moved_zz"
PREFIX = "zz_"
_PLACES = ("stmt_len", "location", "list_start", "list_end")
_RENAMED = re.compile(rf'(?:\b{SCHEMA}\.)?"{PREFIX}((?:[^"]|"")*)"')


def renaming_trouble(sql: str, script: Script) -> str | None:
    """What does not hold once every relation of `sql` has a new name; None when all does."""
    pieces = rename_all(script)
    after = splice(sql, pieces)
    try:
        tree = pglast.parse_sql(after)
    except pglast.parser.ParseError as error:
        return f"the renamed statement does not parse: {error}"
    if not same_but_names(pglast.parse_sql(sql), tree):
        return f"the renamed statement has another tree: {' '.join(after.split())[:400]}"
    if again := rename_all(read(after)):
        return f"a second run changes {again}"
    return None if undo(after, pieces, sql) == sql else "the inverse does not restore the text"


def rename_all(script: Script) -> list[tuple[int, int, str]]:
    """What to replace: (start, end, new) in characters, sorted; names that are renamed already ask for nothing."""
    pieces: set[tuple[int, int, str]] = set()
    for statement in script.statements:
        for found in statement.references:
            name = found.parts[-1]
            if found.kind not in (Kind.RELATION, Kind.SEQUENCE, Kind.COLUMN) or name.partial:
                continue
            if script.text[name.start] == "%":  # put in by format: what is written here stays
                continue
            if name.name.startswith(PREFIX) and (found.bound or found.names[-2:-1] == (SCHEMA,)):
                continue
            new = '"{}"'.format((PREFIX + name.name).replace('"', '""'))
            new = new.replace("'", "''" if found.literal else "'")
            new += " " * script.text.startswith('"', found.end)
            pieces.add((found.start, found.end, new if found.bound else f"{SCHEMA}.{new}"))
    return sorted(pieces)


def splice(text: str, pieces: list[tuple[int, int, str]]) -> str:
    """The text with the pieces replaced."""
    for start, end, new in reversed(pieces):
        text = text[:start] + new + text[end:]
    return text


def undo(after: str, pieces: list[tuple[int, int, str]], before: str) -> str:
    """The text before the pieces were replaced, from their own places and what stood there."""
    shift = 0
    inverse = []
    for start, end, new in pieces:
        inverse.append((start + shift, start + shift + len(new), before[start:end]))
        shift += len(new) - (end - start)
    return splice(after, inverse)


def same_but_names(before: object, after: object) -> bool:
    """Whether two trees are equal but for relations whose new name is the old one behind SCHEMA and PREFIX."""
    if isinstance(before, tuple | list):
        if not isinstance(after, tuple | list):
            return False
        if all(isinstance(part, ast.String | ast.A_Star) for part in (*before, *after)):
            return _same_name(*([getattr(part, "sval", "*") for part in side] for side in (before, after)))
        return len(before) == len(after) and all(map(same_but_names, before, after))
    if isinstance(before, str) and isinstance(after, str):
        return before == after or after == PREFIX + before or _same_text(before, after)
    if not isinstance(before, ast.Node):
        return before == after
    if type(before) is not type(after):
        return False
    fields = [name for name in before if not name.endswith(_PLACES)]
    if isinstance(before, ast.RangeVar) and isinstance(after, ast.RangeVar) and before.relname != after.relname:
        fields = [name for name in fields if name not in ("catalogname", "schemaname", "relname")]
        if after.relname != PREFIX + before.relname or after.schemaname not in (None, SCHEMA):
            return False
    return all(same_but_names(getattr(before, name), getattr(after, name)) for name in fields)


def _same_name(before: list[str], after: list[str]) -> bool:
    if len(before) == len(after) and all(map(same_but_names, before, after)):
        return True
    if SCHEMA in after:
        at = after.index(SCHEMA) + 1
        rest = [after[at].removeprefix(PREFIX), *after[at + 1 :]]
        return after[at].startswith(PREFIX) and before[-len(rest) :] == rest and len(before) <= len(rest) + 2
    return before == [part.removeprefix(PREFIX) for part in after]


def _same_text(before: str, after: str) -> bool:
    """Whether two texts, of a body or of a name in a literal, differ in renamed relations only."""
    pattern = ""
    last = 0
    for found in _RENAMED.finditer(after):
        name = re.escape(found[1].replace('""', '"'))
        pattern += re.escape(after[last : found.start()]) + rf'(?:[^\s.\']+\.){{0,2}}(?:{name}|"{name}")'
        last = found.end()
    return bool(last) and re.fullmatch(pattern + re.escape(after[last:]), before, re.IGNORECASE) is not None

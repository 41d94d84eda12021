"""The call of psycopg2's `copy_expert` that does what a call of its `copy_from` or `copy_to` did.

Those two quote the table's name as one identifier since psycopg2 2.9, so they cannot be given a qualified one.
"""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from codemods.mapping import Relation
from codemods.python.additions import quotes
from codemods.python.brackets import call_brackets
from codemods.python.lexer import end_of_token

_KEYWORD = re.compile(r"(?P<name>\w+)\s*=(?!=)\s*")
_PARAMETERS = {
    "copy_from": ("file", "table", "sep", "null", "size", "columns"),
    "copy_to": ("file", "table", "sep", "null", "columns"),
}
# What is known to be a list by how it is written: a constant or a part of one, or what gives nothing else.
_LIST = re.compile(r"(?:\w+\.)*_?[A-Z][A-Z0-9_]*(?:\[[^\[\]]+\])?|(?:list|tuple|sorted)\([^()]*\)")
_COLUMNS = " columns"
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_DEFAULTS = {"sep": "\t", "null": "\\N"}
_OPTIONS = {"sep": "DELIMITER", "null": "NULL"}


class Replacement(NamedTuple):
    """Replace the characters from `start` to `end` (0-based) by `text`."""

    start: int
    end: int
    text: str


def copy_expert(text: str, at: int, relation: Relation) -> Replacement | None:
    """The new call for the one whose method's name begins at `at`; None when its arguments are written elsewhere."""
    name = text[at : end_of_token(text, at)]
    brackets = call_brackets(text, at)
    if name not in _PARAMETERS or brackets is None:
        return None
    given: dict[str, str] = {}
    for number, part in enumerate(brackets.parts):
        written = text[part.start : part.end]
        keyword = _KEYWORD.match(written)
        parameter = keyword.group("name") if keyword else (*_PARAMETERS[name], "")[min(number, len(_PARAMETERS[name]))]
        given[parameter] = written[keyword.end() :] if keyword else written
    known = {parameter: _literal(written) for parameter, written in given.items() if parameter not in ("file", "size")}
    if not {"file", "table"} <= given.keys() <= set(_PARAMETERS[name]) or "#" in text[at : brackets.closing]:
        return None
    columns = given.get("columns", "")
    if _LIST.fullmatch(columns) and not _may_be_none(columns, text):
        known["columns"] = (_COLUMNS,)
    statement = _statement(name, known, relation)
    if statement is None or "*" in given["file"][:1]:
        return None
    size = f", size={given['size']}" if "size" in given else ""
    quote = quotes(text, brackets.opening, brackets.closing)
    # psycopg2 puts every column in quotes.
    before, found, behind = statement.partition(f'"{_COLUMNS}"')
    written = _string(before + found, quote)
    if found:
        written = f"""{_string(f'{before}"', quote)} + '", "'.join({columns}) + {_string(f'"{behind}', quote)}"""
    return Replacement(at, brackets.closing + 1, f"copy_expert({written}, {given['file']}{size})")


def _may_be_none(columns: str, text: str) -> bool:
    """Whether `text` calls None what it calls `columns`: then psycopg2 takes all columns."""
    name = re.escape(columns.partition("[")[0].rpartition(".")[2])
    return re.search(rf"\b{name}\s*(?::[^=\n]*)?=\s*None\b", text) is not None


def _statement(name: str, known: dict[str, object], relation: Relation) -> str | None:
    columns = known.get("columns")
    if not isinstance(known["table"], str) or not all(isinstance(known.get(each, ""), str) for each in _OPTIONS):
        return None
    listed = ""
    if columns is not None:
        if not isinstance(columns, (list, tuple)) or not columns or not all(isinstance(each, str) for each in columns):
            return None
        listed = f" ({', '.join(map(_identifier, columns))})"
    options = [
        f"{_OPTIONS[each]} {_sql_string(str(known[each]))}"
        for each in _OPTIONS
        if each in known and known[each] != _DEFAULTS[each]
    ]
    direction = "FROM STDIN" if name == "copy_from" else "TO STDOUT"
    # relink: ignore[dynamic-table-name] the table is one of the mapping's
    return f"COPY {relation.qualified}{listed} {direction}" + (f" WITH ({', '.join(options)})" if options else "")


def _literal(written: str) -> object:
    """The value of a literal; the type `object` itself for what is none."""
    try:
        value: object = ast.literal_eval(written)
    except (ValueError, SyntaxError):
        return object
    return value


def _identifier(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def _sql_string(value: str) -> str:
    plain = "'" + value.replace("'", "''") + "'"
    if "\t" not in value and "\n" not in value:
        return plain
    return "E'" + value.replace("\\", r"\\").replace("'", "''").replace("\t", r"\t").replace("\n", r"\n") + "'"


def _string(value: str, quote: str) -> str:
    """A Python string literal, with `quote` unless the text holds it."""
    if quote in value:
        quote = '"' if quote == "'" else "'"
    return quote + value.replace("\\", r"\\").replace(quote, "\\" + quote) + quote

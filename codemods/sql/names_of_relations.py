"""The column of a query on `pg_class` that gives the names of relations, and what gives them with their schema."""

from __future__ import annotations

from .tokens import OPERATOR, WORD, Tokens, lex

_REGROUPS = frozenset({"DISTINCT", "GROUP", "HAVING", "UNION", "INTERSECT", "EXCEPT", "ORDER", "WITH", ";"})
_CASTS = ["::", "REGCLASS", "::", "TEXT"]
_AFTER_TABLE = frozenset({"WHERE", "JOIN", "INNER", "LEFT", ",", "\0"})


def qualified_names(text: str, column: str | int | None) -> tuple[int, int, str] | None:
    """What makes the `column` (0-based number or name) of `SELECT relname FROM pg_class` give qualified names.

    The start and end (0-based characters) of what to replace, and its replacement, under which the column keeps its
    name: `c.oid::regclass::text AS relname`. A name that the `search_path` finds stays bare, so the rows are those of
    before where all names were found that way. None for queries of any other shape. Source: PostgreSQL's
    documentation, "Object Identifier Types".
    """
    tokens = lex(text, script=False)
    words = tokens.words
    if tokens.trouble or words[0] != "SELECT" or not _REGROUPS.isdisjoint(words) or words.count("SELECT") > 1:
        return None
    items = _items(tokens)
    if items is None:
        return None
    first_table = items[-1][1] + 1
    found = [
        (start, end) for number, (start, end) in enumerate(items) if column in (number, _called(tokens, start, end))
    ]
    if len(found) != 1:
        return None
    start, end = found[0]
    alias = _class_alias(tokens, first_table)
    column_end = start + 1 if words[start] == "RELNAME" else start + 3
    owner = "" if column_end == start + 1 else tokens.slice(start)
    if words[column_end - 1] != "RELNAME" or not _is_kept(tokens, column_end, end):
        return None
    if owner.lower() != alias and (owner or not _is_alone(tokens, first_table)):
        return None
    name = "" if end > column_end else " AS relname"
    dotted = f"{owner}." if owner else ""
    return tokens.starts[start], tokens.ends[column_end - 1], f"{dotted}oid::regclass::text{name}"


def gives_qualified_names(text: str, column: str | int | None) -> bool:
    """Whether the `column` (0-based number or name) of a query gives names as `oid::regclass::text` does."""
    tokens = lex(text, script=False)
    items = _items(tokens) or []
    found = [item for number, item in enumerate(items) if column in (number, _called(tokens, *item))]
    return bool(found) and all(tokens.words[_value_end(tokens, end) - 4 : end][:4] == _CASTS for _, end in found)


def _value_end(tokens: Tokens, end: int) -> int:
    """The end of an item without its `AS name`."""
    return end - 2 if tokens.words[end - 2] == "AS" else end


def _items(tokens: Tokens) -> list[tuple[int, int]] | None:
    """The tokens of each item between SELECT and FROM; None when a parenthesis stands there."""
    items: list[tuple[int, int]] = []
    start = 1
    for index in range(1, tokens.count):
        word = tokens.words[index]
        if word in ("(", "*"):
            return None
        if word in (",", "FROM"):
            items.append((start, index))
            start = index + 1
        if word == "FROM":
            return items
    return None


def _called(tokens: Tokens, start: int, end: int) -> str:
    """The name of the column that an item gives."""
    return tokens.slice(end - 1).lower() if end > start else ""


def _is_kept(tokens: Tokens, index: int, end: int) -> bool:
    """Whether nothing but `AS name` follows the column."""
    return index == end or (tokens.words[index] == "AS" and index + 2 == end and tokens.kinds[index + 1] == WORD)


def _class_alias(tokens: Tokens, index: int) -> str | None:
    """What the query calls the `pg_class` that its first table is."""
    index = _after_class(tokens, index)
    if not index:
        return None
    index += tokens.words[index] == "AS"
    plain = tokens.words[index] in _AFTER_TABLE or tokens.kinds[index] == OPERATOR
    return "pg_class" if plain else tokens.slice(index).lower()


def _after_class(tokens: Tokens, index: int) -> int:
    if tokens.words[index] == "PG_CATALOG" and tokens.words[index + 1] == ".":
        index += 2
    return index + 1 if tokens.words[index] == "PG_CLASS" else 0


def _is_alone(tokens: Tokens, index: int) -> bool:
    """Whether `pg_class` is the only table, so that its columns need no qualifier."""
    after = _after_class(tokens, index)
    return bool(after) and "JOIN" not in tokens.words and "," not in tokens.words[after : after + 3]

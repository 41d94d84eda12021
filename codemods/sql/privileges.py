"""GRANT, REVOKE and the objects that COMMENT ON, SECURITY LABEL and ALTER … OWNER name by their kind."""

from __future__ import annotations

from .model import Kind, Role
from .query import QueryReader
from .routines import arguments, routine_list

RELATION_WORDS = frozenset(("TABLE", "VIEW"))
_ON_TABLE = frozenset(("TRIGGER", "POLICY", "RULE", "CONSTRAINT"))


def named_object(reader: QueryReader, index: int, end: int, role: Role) -> int:
    """`TABLE a, b`, `FUNCTION f(int)`, `TRIGGER t ON a`, …: one kind and its names; return the index after them."""
    words = reader.words
    index = reader.skip_words(index, "MATERIALIZED", "FOREIGN", "EVENT", "PROCEDURAL")
    word = words[index]
    if words[index - 1] == "EVENT" or word in ("SERVER", "DATA"):
        return end
    at = reader.skip_exists(reader.skip_words(index + 1, "CONCURRENTLY"))
    if word in RELATION_WORDS:
        return reader.take_list(at, Kind.RELATION, role)
    if word == "SEQUENCE":
        return reader.take_list(at, Kind.SEQUENCE, role)
    if word in ("TYPE", "DOMAIN"):
        return reader.take_list(at, Kind.TYPE, role)
    if word in ("FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE"):
        return routine_list(reader, at, role)
    if word == "OPERATOR":
        return arguments(reader, reader.find(at, end, "(") or end)
    if word == "INDEX":
        return reader.take_list(at, Kind.INDEX, Role.ALTER)
    if word == "SCHEMA":
        return reader.take_list(at, Kind.SCHEMA, role)
    if word == "DATABASE":
        return reader.take_list(at, Kind.DATABASE, role)
    if word == "COLUMN":
        parts, after = reader.name(at)
        reader.refer(parts[:-1], Kind.RELATION, role)
        return after
    if word in _ON_TABLE:
        on = reader.after(at, end, "ON")
        on += words[on] == "DOMAIN"
        return reader.take(on, Kind.TYPE if words[on - 1] == "DOMAIN" else Kind.RELATION, Role.ALTER)
    if word == "CAST":
        after = reader.take_type(at + 1)
        reader.take_type(reader.after(after, end, "AS"))
        return reader.skip_parens(at)
    return end


_GRANTED = {
    "SEQUENCE": Kind.SEQUENCE,
    "SCHEMA": Kind.SCHEMA,
    "DATABASE": Kind.DATABASE,
    "TYPE": Kind.TYPE,
    "DOMAIN": Kind.TYPE,
}


def grant(reader: QueryReader, start: int, end: int) -> str:
    """`GRANT … ON …`, `REVOKE … ON …`; return the verb."""
    words = reader.words
    on = reader.find(start, end, "ON")
    if not on:
        return words[start]
    index = on + 1
    word = words[index]
    if not reader.is_name(index + 1) or words[index + 1] in ("TO", "FROM"):
        reader.take_list(index, Kind.RELATION, Role.OTHER)
    elif word == "ALL":
        reader.take_list(reader.after(index, end, "SCHEMA"), Kind.SCHEMA, Role.OTHER)
    elif word in ("FUNCTION", "PROCEDURE", "ROUTINE"):
        routine_list(reader, index + 1, Role.OTHER)
    elif word in _GRANTED:
        reader.take_list(index + 1, _GRANTED[word], Role.OTHER)
    elif word not in ("FOREIGN", "LANGUAGE", "LARGE", "PARAMETER", "TABLESPACE"):
        reader.take_list(index, Kind.RELATION, Role.OTHER)
    return words[start]

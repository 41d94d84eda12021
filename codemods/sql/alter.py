"""ALTER and DROP."""

from __future__ import annotations

from . import definitions
from .automatic import constraint_indexes
from .create import publication_objects, sequence_options
from .model import Identifier, Kind, Role
from .privileges import named_object
from .query import QueryReader
from .routines import arguments, set_search_path
from .scope import PLAIN, Arm

_RELATIONS = {"TABLE": Kind.RELATION, "VIEW": Kind.RELATION, "SEQUENCE": Kind.SEQUENCE}
_ON_TABLE = frozenset(("TRIGGER", "POLICY", "RULE"))


def drop(reader: QueryReader, start: int, end: int) -> str:
    """Read `DROP …`; return its verb."""
    words = reader.words
    index = reader.skip_words(start + 1, "MATERIALIZED", "FOREIGN", "EVENT")
    named_object(reader, start + 1, end, Role.DROP)
    if words[index] == "INDEX" or words[start + 1] == "OWNED":
        return f"DROP {words[start + 1]}"
    return " ".join(["DROP", *words[start + 1 : index + 1]]).strip()


def alter(reader: QueryReader, start: int, end: int) -> str:
    """Read `ALTER …`; return its verb."""
    words = reader.words
    index = reader.skip_words(start + 1, "MATERIALIZED", "FOREIGN", "EVENT")
    word = words[index]
    verb = " ".join(["ALTER", *words[start + 1 : index + 1]]).strip()
    if words[index - 1] == "EVENT":
        return verb
    at = reader.skip_exists(index + 1)
    if word in _RELATIONS:
        if words[at] != "ALL" or words[at + 1] != "IN":
            _relation(reader, at, end, _RELATIONS[word])
    elif word in ("TYPE", "DOMAIN"):
        parts, after = reader.name(at)
        reader.refer(parts, Kind.TYPE, Role.ALTER)
        _renamed(reader, Kind.TYPE, parts, after)
        _type(reader, after, end)
    elif word in ("FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE"):
        parts, after = reader.name(at)
        reader.refer(parts, Kind.FUNCTION, Role.ALTER)
        after = arguments(reader, after)
        _renamed(reader, Kind.FUNCTION, parts, after)
        _options(reader, after, end)
    elif word == "OPERATOR":
        definitions.alter_operator(reader, at, end)
        _options(reader, at, end)
    elif word == "PUBLICATION":
        if words[at + 1] in ("ADD", "DROP", "SET"):
            publication_objects(reader, at + 2, end)
    elif word == "EXTENSION":
        _extension(reader, at + 1, end)
    elif word in _ON_TABLE or word in ("SCHEMA", "DATABASE"):
        named_object(reader, index, end, Role.ALTER)
        _options(reader, at, end)
        using = reader.find(at, end, "USING") or reader.find(at, end, "CHECK")
        if word == "POLICY" and using:
            reader.walk(using, end)
    elif word == "DATA":
        definitions.functions(reader, at, end)
    elif word == "DEFAULT":
        _default_privileges(reader, at, end)
    elif word == "INDEX" and (words[at] != "ALL" or words[at + 1] != "IN"):
        parts, after = reader.name(at)
        reader.refer(parts, Kind.INDEX, Role.ALTER)
        _renamed(reader, Kind.INDEX, parts, after)
        if words[after] == "ATTACH":
            reader.take(after + 2, Kind.INDEX, Role.ALTER)
    elif word in ("ROLE", "USER", "STATISTICS"):
        _options(reader, at + 1, end)
    return verb


def _renamed(reader: QueryReader, kind: Kind, parts: list[Identifier], index: int) -> None:
    """`RENAME TO new`, where it stands at `index`: what `parts` name keeps its schema."""
    if reader.words[index] == "RENAME" and reader.words[index + 1] == "TO":
        reader.own(kind, reader.name(index + 2)[0], parts, renamed=True)


def _options(reader: QueryReader, index: int, end: int) -> None:
    """`SET SCHEMA s`, `SET search_path = …`, `IN DATABASE d`"""
    at = reader.find(index, end, "SET")
    database = reader.find(index, at or end, "DATABASE")
    if database and reader.words[database - 1] == "IN":
        reader.take(database + 1, Kind.DATABASE, Role.OTHER)
    if at and reader.words[at + 1] == "SCHEMA":
        reader.take(at + 2, Kind.SCHEMA, Role.OTHER)
    elif at and reader.words[at + 1] == "SEARCH_PATH":
        set_search_path(reader, at + 2, end)


def _relation(reader: QueryReader, index: int, end: int, kind: Kind) -> None:
    parts, index = reader.table_name(index)
    reader.refer(parts, kind, Role.ALTER)
    reader.owner = parts
    arm = Arm()
    if parts:
        arm.exposed[parts[-1].name] = True
    if kind is Kind.SEQUENCE:
        sequence_options(reader, parts, index, end)
        _renamed(reader, kind, parts, index)
        _options(reader, index, end)
        return
    while index < end:
        rest = _action(reader, index)
        index = _end_of_action(reader, rest)
        if rest < index:
            reader.walk(rest, index, PLAIN, arm)
            arm = Arm(exposed=arm.exposed)
        index += 1


def _end_of_action(reader: QueryReader, index: int) -> int:
    """The index of the comma that ends an action, or of the end of the statement."""
    words, match = reader.words, reader.tokens.match
    while reader.kinds[index] and words[index] not in (",", ";"):
        index = match.get(index, index) + 1
    return index


def _action(reader: QueryReader, index: int) -> int:
    """The head of one action of ALTER TABLE; return the index after what was read of it."""
    words = reader.words
    word = words[index]
    if word == "ADD":
        index = reader.skip_exists(reader.skip_words(index + 1, "COLUMN"))
        if reader.owner:
            stop = _end_of_action(reader, index)
            for name in constraint_indexes(reader, reader.owner[-1], index, stop):
                reader.own(Kind.INDEX, [name], reader.owner, automatic=True)
        if words[index] == "(":
            reader.column_lists.add(index)
            return index
        return reader.column(index)
    if word == "ALTER":
        index = reader.identifier(reader.skip_words(index + 1, "COLUMN"))[1]
        if words[index] == "TYPE":
            return reader.take_type(index + 1)
        if words[index] == "SET" and words[index + 1] == "DATA":
            return reader.take_type(index + 3)
        return index
    if word in ("INHERIT", "OF"):
        return reader.take(index + 1, Kind.TYPE if word == "OF" else Kind.RELATION, Role.READ)
    if word == "NO" and words[index + 1] == "INHERIT":
        return reader.take(index + 2, Kind.RELATION, Role.READ)
    if word in ("ATTACH", "DETACH"):
        return reader.take(index + 2, Kind.RELATION, Role.ALTER)
    if word == "SET" and words[index + 1] == "SCHEMA":
        return reader.take(index + 2, Kind.SCHEMA, Role.OTHER)
    if word == "RENAME" and words[index + 1] == "TO":
        if len(reader.owner) == 1 and reader.owner[0].name in reader.temporary:
            reader.temporary.discard(reader.owner[0].name)
            reader.make(reader.name(index + 2)[0], Kind.RELATION, True)
        else:
            _renamed(reader, Kind.RELATION, reader.owner, index)
    if word in ("RENAME", "DROP", "VALIDATE", "CLUSTER", "OWNER", "ENABLE", "DISABLE", "REPLICA"):
        while reader.kinds[index] and words[index] not in (",", ";"):
            index += 1
    return index


def _type(reader: QueryReader, index: int, end: int) -> None:
    words = reader.words
    _options(reader, index, end)
    while index < end:
        if words[index] == "ATTRIBUTE" and words[index - 1] == "ADD":
            index = reader.take_type(reader.identifier(index + 1)[1])
        elif words[index] == "TYPE":
            index = reader.take_type(index + 1)
        elif words[index] == "(" and index in reader.tokens.match and words[index - 1] != "SET":
            close = reader.skip_parens(index)  # of the modifiers of a type
            reader.walk(index, close)
            index = close
        elif words[index] in ("CHECK", "DEFAULT"):
            reader.walk(index, end)
            return
        elif words[index] == "(" and words[index - 1] == "SET":
            definitions.options(reader, index, end)
            return
        else:
            index = reader.tokens.match.get(index, index) + 1


def _extension(reader: QueryReader, index: int, end: int) -> None:
    if reader.words[index] in ("ADD", "DROP"):
        named_object(reader, index + 1, end, Role.OTHER)
    else:
        _options(reader, index, end)


def _default_privileges(reader: QueryReader, index: int, end: int) -> None:
    at = reader.find(index, end, "SCHEMA")
    if at:
        reader.take_list(at + 1, Kind.SCHEMA, Role.OTHER)

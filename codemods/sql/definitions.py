"""CREATE AGGREGATE, OPERATOR, CAST and other definitions that are lists of functions and types."""

from __future__ import annotations

from .keywords import VALUE_WORDS, words
from .model import Kind, Role
from .query import QueryReader
from .routines import arguments

_FUNCTION_KEYS = words(
    """SFUNC SFUNC1 FINALFUNC COMBINEFUNC SERIALFUNC DESERIALFUNC MSFUNC MINVFUNC MFINALFUNC PROCEDURE FUNCTION RESTRICT
    JOIN INPUT OUTPUT RECEIVE SEND TYPMOD_IN TYPMOD_OUT ANALYZE SUBSCRIPT CANONICAL SUBTYPE_DIFF"""
)
_TYPE_KEYS = words("STYPE STYPE1 MSTYPE BASETYPE LEFTARG RIGHTARG SUBTYPE ELEMENT LIKE")


def aggregate(reader: QueryReader, index: int, end: int) -> None:
    """`CREATE AGGREGATE total (users) (sfunc = add, stype = money)`, from the name on"""
    index = reader.take(index, Kind.FUNCTION, Role.CREATE)
    if reader.skip_parens(index) < end:
        index = arguments(reader, index)
    options(reader, index, end)


def create_operator(reader: QueryReader, index: int, end: int) -> None:
    """`=== (leftarg = users, function = same)`, operator classes and families, from the name or the kind on"""
    if reader.words[index] in ("CLASS", "FAMILY"):
        _class(reader, index, end)
    else:
        options(reader, reader.find(index, end, "(") or end, end)


def alter_operator(reader: QueryReader, index: int, end: int) -> None:
    """`=== (users, users) SET (…)`, operator classes and families, from the name or the kind on"""
    if reader.words[index] in ("CLASS", "FAMILY"):
        _class(reader, index, end)
    else:
        after = arguments(reader, reader.find(index, end, "(") or end)
        options(reader, after + 1, end)


def _class(reader: QueryReader, index: int, end: int) -> None:
    words = reader.words
    while index < end:
        if words[index] == "STORAGE" or (words[index] == "TYPE" and words[index - 1] == "FOR"):
            index = reader.take_type(index + 1)
        elif words[index] == "OPERATOR":
            while index < end and words[index] not in ("(", ","):
                index += 1
            index = arguments(reader, index)
        elif words[index] == "FUNCTION":
            index = arguments(reader, index + 2)
            index = arguments(reader, reader.take(index, Kind.FUNCTION, Role.READ))
        else:
            index += 1


def options(reader: QueryReader, index: int, end: int) -> None:
    """A list `(key = value, …)` whose keys say which values are functions and which are types."""
    words, match = reader.words, reader.tokens.match
    if index >= end or words[index] != "(":
        return
    close = match.get(index, end)
    index += 1
    while index < close:
        key = words[index]
        if words[index + 2] == "NONE" or words[index + 2] in VALUE_WORDS:
            pass
        elif words[index + 1] == "=" and key in _FUNCTION_KEYS:
            reader.take(index + 2, Kind.FUNCTION, Role.READ)
        elif words[index + 1] == "=" and key in _TYPE_KEYS:
            reader.take_type(index + 2)
        while index < close and words[index] != ",":
            index = match.get(index, index) + 1
        index += 1


def cast(reader: QueryReader, index: int, end: int) -> None:
    """`CREATE CAST (users AS text) WITH FUNCTION show(users)`"""
    if reader.words[index] == "(":
        after = reader.take_type(index + 1)
        reader.take_type(reader.after(after, end, "AS"))
    functions(reader, reader.skip_parens(index), end)


def functions(reader: QueryReader, index: int, end: int) -> None:
    """What follows FUNCTION, HANDLER, VALIDATOR, INLINE or FROM in other definitions names a function."""
    words = reader.words
    while index < end:
        if words[index] in ("FUNCTION", "HANDLER", "VALIDATOR", "INLINE") and reader.is_name(index + 1):
            index = arguments(reader, reader.take(index + 1, Kind.FUNCTION, Role.READ))
        elif words[index] == "FOR" and words[index - 1] == "TRANSFORM":
            index = reader.take_type(index + 1)
        elif words[index] == "(" and words[index + 1] in ("FROM", "TO"):
            index += 1
        else:
            index = reader.tokens.match.get(index, index) + 1

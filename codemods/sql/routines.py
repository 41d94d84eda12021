"""CREATE FUNCTION and its relatives: arguments, results, options, and where the body is."""

from __future__ import annotations

from collections.abc import Iterator

from .keywords import BUILT_IN_TYPES
from .literals import read_search_path
from .model import Kind, Role
from .query import QueryReader

_MODES = ("IN", "OUT", "INOUT", "VARIADIC")
_TYPE_SUFFIXES = frozenset(("PRECISION", "VARYING", "WITH", "WITHOUT", "DEFAULT", "ARRAY", "ORDER"))


def function(reader: QueryReader, index: int, end: int) -> None:
    """`CREATE FUNCTION name (arguments) RETURNS type … AS body`, from the name on."""
    words = reader.words
    parts, index = reader.name(index)
    reader.refer(parts, Kind.FUNCTION, Role.CREATE)
    if parts:
        reader.naming.extend((parts[-1].name, argument) for argument in _naming(reader, index))
    known, opens = len(reader.references), index
    index = arguments(reader, index)
    types = [found.names for found in reader.references[known:] if found.kind is Kind.TYPE]
    if parts and len(types) == 1 and not reader.find(opens + 1, index - 1, ","):
        reader.of_rows.append((parts[-1].name, types[0]))
    language = "sql"
    bodies: list[int] = []
    while index < end:
        word = words[index]
        if word == "RETURNS":
            if words[index + 1] == "NULL":
                index += 5
                continue
            if words[index + 1] == "TABLE":
                reader.column_lists.add(index + 2)
                close = reader.skip_parens(index + 2)
                reader.walk(index + 2, close)
                index = close
            else:
                index = reader.take_type(index + 1)
            continue
        if word == "LANGUAGE":
            language = reader.tokens.slice(index + 1).strip("'\"").lower()
            index += 2
            continue
        if word == "AS" and reader.is_string(index + 1):
            bodies.append(index + 1)
            index += 2
            continue
        if word == "SET" and words[index + 1] == "SEARCH_PATH":
            index = set_search_path(reader, index + 2, end)
            continue
        if word == "RETURN":
            reader.walk(index + 1, end)
            break
        if word == "BEGIN" and words[index + 1] == "ATOMIC":
            reader.nested_range = (index + 2, end)
            break
        index = reader.tokens.match.get(index, index) + 1
    for body in bodies:
        reader.nested.append((((body, False),), language))


def set_search_path(reader: QueryReader, index: int, end: int) -> int:
    """The value after `SET search_path`; return the index after it."""
    words = reader.words
    if words[index] == "FROM":
        return index + 2
    index = reader.skip_words(index, "=", "TO")
    if words[index] == "DEFAULT":
        return index + 1
    first = index
    while index < end and (reader.is_name(index) or reader.is_string(index)):
        index += 1
        if words[index] != ",":
            break
        index += 1
    if index > first:
        read_search_path(reader, reader.starts[first], reader.ends[index - 1])
    return index


def arguments(reader: QueryReader, index: int) -> int:
    """The list of arguments that opens at `index`; return the index after it."""
    words, match = reader.words, reader.tokens.match
    close = match.get(index)
    if close is None:
        return index
    index += 1
    while index < close:
        index = _argument(reader, reader.skip_words(index, "ORDER", "BY"))
        default = index
        while index < close and words[index] not in (",", "ORDER"):
            index = match.get(index, index) + 1
        if default < index:
            reader.walk(default, index)
        index += words[index] == ","
    return close + 1


def _naming(reader: QueryReader, index: int) -> Iterator[int | str]:
    """The positions (0-based) and names of the arguments of type `regclass` in the list that opens at `index`."""
    words, match = reader.words, reader.tokens.match
    close = match.get(index, index)
    first, position = index + 1, 0
    for at in range(index + 1, close + 1):
        if words[at] == "REGCLASS" and words[at + 1] in (",", ")", "DEFAULT", "="):
            yield position
            if at > first:
                yield reader.identifier(at - 1)[0].name
        if words[at] == ",":
            first, position = at + 1, position + 1


def _argument(reader: QueryReader, index: int) -> int:
    """`[mode] [name] type`; return the index after the type."""
    words = reader.words
    index = reader.skip_words(index, *_MODES)
    if not reader.is_name(index):
        return index
    after = reader.name(index)[1]
    named = reader.is_name(after) and words[after] not in _TYPE_SUFFIXES
    if words[index] in ("NATIONAL", "SETOF") or (words[index] in BUILT_IN_TYPES and words[after] == "("):
        named = False
    if named and words[after] in _MODES:
        after += 1
    return reader.take_type(after if named else index)


def routine_list(reader: QueryReader, index: int, role: Role) -> int:
    """`f(int, text), g`, as DROP and GRANT name them; return the index after the list."""
    while True:
        after = reader.take(index, Kind.FUNCTION, role)
        if after == index:
            return index
        after = arguments(reader, after)
        if reader.words[after] != ",":
            return after
        index = after + 1


def execute_clause(reader: QueryReader, index: int, end: int) -> None:
    """The rest of a trigger: its condition, and `EXECUTE FUNCTION f(…)`."""
    at = reader.find(index, end, "EXECUTE")
    if not at:
        reader.fail("EXECUTE is missing")
        return
    when = reader.find(index, at, "WHEN")
    if when:
        reader.walk(when + 1, at)
    reader.take(at + 2, Kind.FUNCTION, Role.READ)

"""The names that PostgreSQL makes of others: `users_pkey`, `users_a_key`, `users_a_idx`, what belongs to a range type.

A name that PostgreSQL would shorten or number is left out. Sources: `ChooseIndexName` of its `indexcmds.c`,
`makeMultirangeTypeName` of its `pg_type.c`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .model import Identifier, Kind
from .query import QueryReader

_LONGEST = 63


def index_name(table: Identifier, columns: list[str], label: str) -> Identifier | None:
    """What PostgreSQL calls an index of `table`; at the table's own place, as it is written nowhere."""
    name = "_".join((table.name, *columns, label))
    known = not table.partial and len(name.encode("utf-8", "surrogatepass")) <= _LONGEST
    return Identifier(table.start, table.end, name, table.quoted) if known else None


def constraint_indexes(reader: QueryReader, table: Identifier, index: int, end: int) -> Iterator[Identifier]:
    """The names of the indexes of constraints without a name in `index:end`, a list of columns."""
    words, match = reader.words, reader.tokens.match
    column = None
    starts = True
    while index < end:
        word = words[index]
        if word in ("PRIMARY", "UNIQUE") and not _is_named(reader, index):
            at = index + 1 + (word == "PRIMARY")
            names = columns(reader, at) if words[at] == "(" else [column] if column else []
            found = index_name(table, [] if word == "PRIMARY" else names, "pkey" if word == "PRIMARY" else "key")
            if found and names:
                yield found
        elif word == "EXCLUDE" and not _is_named(reader, index):
            names = columns(reader, index + 1 + 2 * (words[index + 1] == "USING"))
            found = index_name(table, names, "excl")
            if found and names:
                yield found
        elif starts and reader.is_name(index):
            column = reader.identifier(index)[0].name
        starts = word == ","
        index = match.get(index, index) + 1


def range_names(of: Identifier, chosen: list[Identifier]) -> Iterator[tuple[Kind, Identifier]]:
    """The function that makes values of the range type `of`, its multirange type and that one's function.

    A multirange type with a name that the statement chose is where the search_path or its own schema says.
    """
    if chosen:
        yield from ((Kind.FUNCTION, of), (Kind.FUNCTION, chosen[-1]))
        return
    before, found, after = of.name.partition("range")
    multirange = replace(of, name=f"{before}multirange{after}" if found else f"{of.name}_multirange")
    yield from ((Kind.FUNCTION, of), (Kind.TYPE, multirange), (Kind.FUNCTION, multirange))


def columns(reader: QueryReader, index: int) -> list[str]:
    """The names in the list that opens at `index`, [] when one of them is no plain column."""
    close = reader.tokens.match.get(index, index)
    names: list[str] = []
    index += 1
    while index < close:
        if not reader.is_name(index):
            return []
        identifier, index = reader.identifier(index)
        if identifier.partial or not (index == close or reader.words[index] == "," or reader.is_name(index)):
            return []
        names.append(identifier.name)
        while index < close and reader.words[index] != ",":
            index += 1
        index += 1
    return names


def _is_named(reader: QueryReader, index: int) -> bool:
    return reader.words[index - 2] == "CONSTRAINT"

"""The tables of SQLAlchemy's metadata, and the names that they give: `for table in metadata.sorted_tables`."""

from __future__ import annotations

from codemods.python.values import TABLE, Hole, Items, Pairs, Text, Value
from codemods.sourcemap import TableName

_TABLES = Items((TABLE,))
FULL = TableName("full")


def tables(attribute: str, dotted: str) -> Value | None:
    """The table or tables that `attribute`, at the end of `dotted`, gives; None when it gives none."""
    if attribute == "sorted_tables":
        return _TABLES
    if attribute == "__table__":
        return TABLE
    if dotted.endswith("metadata.tables"):
        return Pairs(((named_table("a key of metadata.tables", FULL), TABLE),))
    return None


def named_table(called: str, given: TableName = FULL) -> Text:
    """The name of a table, which the code calls `called`."""
    return Text((Hole(called, None, given),))


def replaced(text: Text, old: str | None, new: str | None) -> Text | None:
    """What `text.replace(old, new)` makes of a table's full name; None of any other text."""
    piece = text.pieces[0] if len(text.pieces) == 1 else None
    if isinstance(piece, Hole) and piece.of_table == FULL and (old, new) == (".", '"."'):
        return named_table(piece.name, TableName("quoted"))
    return None

"""Tables as an ORM's classes and migrations define them.

Sources: https://docs.sqlalchemy.org/en/20/core/type_basics.html and
https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#orm-declarative-mapped-column-type-map
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from codemods.catalog.snapshot import Name
from codemods.catalog.tables import Table
from codemods.python.columns import Column, Columns, Key

_TYPES = {
    "int": "integer", "integer": "integer", "biginteger": "bigint", "bigint": "bigint", "smallinteger": "smallint",
    "smallint": "smallint", "str": "text", "string": "text", "varchar": "text", "char": "text", "unicode": "text",
    "text": "text", "unicodetext": "text", "enum": "text", "bool": "boolean", "boolean": "boolean",
    "datetime": "timestamp", "timestamp": "timestamp", "date": "date", "time": "time", "timedelta": "interval",
    "interval": "interval", "float": "double precision", "double": "double precision", "real": "real",
    "double_precision": "double precision", "numeric": "numeric", "decimal": "numeric", "json": "json",
    "dict": "json", "jsonb": "jsonb", "uuid": "uuid", "bytes": "bytea", "largebinary": "bytea", "bytea": "bytea",
    "inet": "inet", "cidr": "cidr", "macaddr": "macaddr", "tsvector": "tsvector", "money": "money", "oid": "oid",
}  # fmt: skip
"""PostgreSQL's types by the last word of SQLAlchemy's or Python's, in lower case; a project's own are not known."""


def mapped_table(name: Name, read: Columns, others: Mapping[str, Columns]) -> Table:
    """The table `name` with those of its columns whose types are known; `others` are the tables that keys refer to."""
    types = {column.name: _type(column, others) for column in read.columns}
    keys = [Key((column.name,), False) for column in read.columns if column.unique]
    keys += [*read.keys, Key(tuple(column.name for column in read.columns if column.key), True)]
    known = tuple((_quoted([column]), type_) for column, type_ in types.items() if type_)
    return Table(f'"{name.schema}"."{name.name}"', known, tuple(_key(each) for each in keys if each.names))


def _key(key: Key) -> str:
    return f"{'PRIMARY KEY' if key.primary else 'UNIQUE'} ({_quoted(key.names)})"


def _type(column: Column, others: Mapping[str, Columns]) -> str:
    if column.type.lower() == "array":
        item = _TYPES.get(column.item.lower(), "")
        return f"{item}[]" if item else ""
    if column.type or not column.target:
        return _TYPES.get(column.type.lower(), "")
    table, _, name = column.target.rpartition(".")
    return next(_referred(table, name, others), "")


def _referred(table: str, name: str, others: Mapping[str, Columns]) -> Iterator[str]:
    """The type of the column that a foreign key is on, as far as it says one itself."""
    for each in others.get(table.rpartition(".")[2], Columns(())).columns:
        if each.name == name:
            yield _TYPES.get(each.type.lower(), "")


def _quoted(names: Iterable[str]) -> str:
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)

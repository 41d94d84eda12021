"""Tables as a tree defines them, perhaps more than once: their columns and keys, without what holds them back.

What a server refuses of a definition (a reference to a table that is not there, a type of an extension) does not keep
its table out: a statement that names the table can be planned all the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from psycopg import Connection

_LIKE_ANY = "text"
"""The type of a column whose own type the server does not know."""
_DIALECT = "postgres"
_CREATE_TABLE = re.compile(r"CREATE\s+(?:UNLOGGED\s+)?TABLE\s", re.IGNORECASE)


class Table(NamedTuple):
    """A table's name as SQL, its columns as (name, type, as SQL), and its keys as lists of columns.

    A key begins with PRIMARY KEY or UNIQUE.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    keys: tuple[str, ...] = ()


def read_table(statement: str) -> Table | None:
    """The table of a CREATE TABLE with a list of columns; None for other statements and other databases' dialects."""
    if not _CREATE_TABLE.match(statement):
        return None
    try:
        parsed = sqlglot.parse_one(statement, dialect=_DIALECT)
    except (sqlglot.ParseError, sqlglot.TokenError):
        return None
    if not isinstance(parsed, exp.Create) or parsed.kind != "TABLE" or not isinstance(parsed.this, exp.Schema):
        return None
    if parsed.find(exp.AutoIncrementColumnConstraint):  # SQLite's and MySQL's
        return None
    columns, keys = [], []
    for each in parsed.this.expressions:
        if not isinstance(each, exp.ColumnDef):
            keys += [_sql(key) for key in each.find_all(exp.PrimaryKey, exp.UniqueColumnConstraint)]
            continue
        name = _sql(each.this)
        columns.append((name, _sql(each.kind) if each.kind else _LIKE_ANY))
        for constraint in each.constraints:
            if isinstance(constraint.kind, exp.PrimaryKeyColumnConstraint):
                keys.append(f"PRIMARY KEY ({name})")
            elif isinstance(constraint.kind, exp.UniqueColumnConstraint):
                keys.append(f"UNIQUE ({name})")
    return Table(_sql(parsed.this.this), tuple(columns), tuple(keys))


def _sql(expression: exp.Expression) -> str:
    return expression.sql(dialect=_DIALECT)


def exists(connection: Connection, table: Table) -> bool:
    """Whether there is a relation of the table's name."""
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table.name]).fetchone()
    return bool(row and row[0])


def extend(connection: Connection, table: Table) -> None:
    """Make the table, or add to it the columns that it lacks, and the keys that it can have."""
    attempt(connection, f"CREATE TABLE IF NOT EXISTS {table.name} ()")
    for name, type_ in table.columns:
        add = f"ALTER TABLE {table.name} ADD COLUMN IF NOT EXISTS {name}"
        if attempt(connection, f"{add} {type_}"):
            attempt(connection, f"{add} {_LIKE_ANY}")
    for key in table.keys:
        attempt(connection, f"ALTER TABLE {table.name} ADD {key}")


def attempt(connection: Connection, statement: str) -> str:
    """Run a statement; the first line of what the server says against it, "" when nothing."""
    import psycopg

    try:
        connection.execute(statement.encode())
    except UnicodeEncodeError:
        return "it has a character that no server takes"
    except psycopg.Error as error:
        return (str(error) or type(error).__name__).splitlines()[0]
    return ""

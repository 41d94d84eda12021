"""What the reader says about a text of SQL. All positions are characters of that text, 0-based, half-open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """What a name stands for where it is written."""

    RELATION = "relation"
    SEQUENCE = "sequence"
    FUNCTION = "function"
    TYPE = "type"
    SCHEMA = "schema"
    DATABASE = "database"
    COLUMN = "column"
    INDEX = "index"


class Role(str, Enum):
    """What the statement does with the thing named."""

    READ = "read"
    WRITE = "write"
    CREATE = "create"
    ALTER = "alter"
    DROP = "drop"
    TRUNCATE = "truncate"
    LITERAL = "literal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One part of a name: `start:end` with its quotes, `name` folded as PostgreSQL folds it.

    `partial`: a piece of it is only known at run time (a HOLE or a placeholder); `name` then contains that
    piece as written.
    """

    start: int
    end: int
    name: str
    quoted: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A name of something outside of the statement, as written: database, schema and name, the latter at least.

    `literal`: it stands inside a string that the server reads as a name (`'users'::regclass`).
    `argument`: all of a literal that the function of this name gets as the argument of this position (0-based) or name,
    which makes it a name only where that function says so.
    For kind `column` the parts are the qualifier without the column; `bound` says that it is the name of a
    table of the same statement that has no alias, so that it changes only when that table is renamed.
    """

    parts: tuple[Identifier, ...]
    kind: Kind
    role: Role
    literal: bool = False
    bound: bool = False
    argument: tuple[str, int | str] | None = None

    @property
    def start(self) -> int:
        """Where the first part starts."""
        return self.parts[0].start

    @property
    def end(self) -> int:
        """Where the last part ends."""
        return self.parts[-1].end

    @property
    def names(self) -> tuple[str, ...]:
        """The folded parts."""
        return tuple(part.name for part in self.parts)

    @property
    def partial(self) -> bool:
        """Whether any part is unknown until run time."""
        return any(part.partial for part in self.parts)


@dataclass(frozen=True, slots=True)
class CatalogFilter:
    """What one query of the catalogs asks for, from literals compared to their columns; places are inside the quotes.

    `schema` is the text of `table_schema = 'public'`, None when no schema is asked for; a query that asks for several
    has a filter for each. `relations` are the names of `table_name = 'users'`. `exact`: the query asks for these
    relations and no others. `of_trigger`: a trigger's function asks for its own table (`TG_TABLE_NAME = 'users'`).
    """

    schema: Identifier | None
    relations: tuple[Identifier, ...] = ()
    exact: bool = False
    of_trigger: bool = False


@dataclass(frozen=True, slots=True)
class SearchPath:
    """A place that sets `search_path`: `start:end` is the list of schemas as written, `schemas` its folded names."""

    start: int
    end: int
    schemas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owned:
    """What is called `name` and is in the schema of `owner`, which a statement ties it to.

    An index, a sequence or what a range type brings along; `renamed`: the owner itself under a new name.
    `automatic`: PostgreSQL makes the name from the table's.
    """

    kind: Kind
    name: str
    owner: tuple[str, ...]
    automatic: bool = False
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, without the semicolon that ends it.

    `verb` is upper-case (`SELECT`, `CREATE TABLE`), `FRAGMENT` for a clause without its statement.
    `naming` are the arguments of functions that it defines which are names of relations (`regclass`), by position and
    by name; `arguments` what it gives to functions that may have such. `of_rows` are functions that it defines whose
    only argument is of a type of the user's, with that type: SQL may call them like columns, `u.full_name`.
    `temporary` are the temporary tables that it makes in the session which runs it; those of a CREATE TRIGGER are the
    transition tables that its function sees.
    `problem` says why the statement was not fully understood; `references` may then be incomplete.
    """

    start: int
    end: int
    verb: str
    references: tuple[Reference, ...] = ()
    catalog_filters: tuple[CatalogFilter, ...] = ()
    search_paths: tuple[SearchPath, ...] = ()
    temporary: tuple[str, ...] = ()
    owned: tuple[Owned, ...] = ()
    naming: tuple[tuple[str, int | str], ...] = ()
    arguments: tuple[Reference, ...] = ()
    of_rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A text and the statements in it, in order."""

    text: str
    statements: tuple[Statement, ...]

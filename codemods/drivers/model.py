"""The words in which a driver's API is described."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Connect:
    """A call that opens a connection. Positions are 0-based; `settings` maps keywords to what they hold.

    `settings` values: "database" (a name), "dsn" (URL or libpq string), "options" (server options).
    """

    names: tuple[str, ...]
    engine: str
    dsn: int | None = None
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """A function or method that takes SQL at a 0-based position or by one of `keywords`.

    A name with a dot is a library's function; without, a method of a connection. `returns` says what comes
    back: "text" (the SQL, for wrappers such as `text()`), or "connection".
    """

    names: tuple[str, ...]
    position: int = 0
    keywords: tuple[str, ...] = ("query", "sql", "statement", "operation", "command", "clause")
    returns: str = "connection"


@dataclass(frozen=True, slots=True)
class TableArgument:
    """A function or method that takes a relation's name, which the library quotes.

    `schema` is the argument that takes the schema, None when the call has to be rewritten by hand; `way_out` says
    what to do, with `{schema}`, `{name}` and `{qualified}`; `rule` is the rule that reports it.
    """

    names: tuple[str, ...]
    position: int
    keywords: tuple[str, ...]
    schema: str | None
    way_out: str
    rule: str = "copy-needs-schema"


@dataclass(frozen=True, slots=True)
class Driver:
    """One library: its import name, what its types are, and its calls."""

    module: str
    engine: str
    connects: tuple[Connect, ...] = ()
    queries: tuple[Query, ...] = ()
    tables: tuple[TableArgument, ...] = ()
    connection_types: tuple[str, ...] = ()

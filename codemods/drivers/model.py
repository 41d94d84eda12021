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
    back: "text" (the SQL, for wrappers such as `text()`), or "connection". `around` is the SQL that the library itself
    writes before and behind what it is given. `connection` is where a function takes the connection. `engine` is what
    runs the SQL, "" for what the connection says; a method is meant where the code calls its object by a name with
    `receiver` in it.
    """

    names: tuple[str, ...]
    position: int = 0
    keywords: tuple[str, ...] = ("query", "sql", "statement", "operation", "command", "clause")
    returns: str = "connection"
    around: tuple[str, str] = ("", "")
    connection: int = 0
    engine: str = ""
    receiver: str = ""


@dataclass(frozen=True, slots=True)
class TableArgument:
    """A function or method that takes a relation's name, and its schema apart from it.

    `schema` is the keyword that takes the schema (also at `schema_position`), None when the call has to be rewritten
    by hand; `way_out` says what to do, with `{schema}`, `{name}` and `{qualified}`; `rule` is the rule that reports
    it. `default` is the name when the call gives none, "" for all tables of a schema; `kind` is what it names, as in
    `Mapping.resolve`. `registry` names the place where the library keeps the table by its name, so that what refers
    to it has to follow; `registry_position` is the argument that stands for that place. `key` is where in a dict the
    argument has the name. `or_object`: what is given may be something else than a name, `or_statement`: it is a name
    only where it is known to be one. `unsaid` is how a message calls the name when the call gives none but has a table
    all the same. `by_search_path`: the library finds its tables through `search_path` only; then
    `way_out` takes `{schemas}`, those of all such tables.
    """

    names: tuple[str, ...]
    position: int
    keywords: tuple[str, ...]
    schema: str | None
    way_out: str
    rule: str = "copy-needs-schema"
    schema_position: int = -1
    default: str | None = None
    kind: str = "relation"
    registry: str = ""
    registry_position: int = -1
    key: str = ""
    or_object: bool = False
    or_statement: bool = False
    unsaid: str = ""
    by_search_path: bool = False


@dataclass(frozen=True, slots=True)
class TableReference:
    """A function or method, or a look-up by key, that refers to a table by the text under which `registry` keeps it.

    `names` are plain ones: wherever they are imported from, the text counts when `registry` has such a table; from one
    of `modules` it always does. `has_column`: the text, or each text of a list, is `table.column`, else `table`;
    `is_expression`: it is code with `table.c.column` in it.
    """

    names: tuple[str, ...]
    position: int
    keywords: tuple[str, ...]
    registry: str
    modules: tuple[str, ...] = ()
    has_column: bool = False
    is_expression: bool = False


@dataclass(frozen=True, slots=True)
class MappedClass:
    """Classes that map a table each. A class is one when it or a base has `name`, or derives from one of `bases`.

    `name` is the attribute that holds the table's name, `options` the one that holds its options, and `key` the
    option for the schema; an options attribute called `Meta` is a class of its own, `keywords` are those of the class
    itself. `derived` says how the name is made of the class's when there is none: "lower", "snake", "application"
    (Django's), or "" when there is no such way.
    `older` is what earlier releases of the library called `name`.
    `marked` is the class keyword that makes a class one that maps, `argument` describes what is found as if it were a
    call. `columns` are the words of which a file with such a class has at least one. `enums` describes the type that a
    column gets whose annotation is an enumeration, if it gets one.
    """

    bases: tuple[str, ...]
    name: str
    options: str
    key: str
    derived: str
    argument: TableArgument
    marked: str = ""
    columns: tuple[str, ...] = ()
    older: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, self.older) if self.older else (self.name,)

    enums: TableArgument | None = None


@dataclass(frozen=True, slots=True)
class Driver:
    """One library: its import name, what its types are, and its calls.

    `instances` are classes and functions whose results have methods that are described here, as `name().method`.
    """

    module: str
    engine: str
    connects: tuple[Connect, ...] = ()
    queries: tuple[Query, ...] = ()
    tables: tuple[TableArgument, ...] = ()
    references: tuple[TableReference, ...] = ()
    classes: tuple[MappedClass, ...] = ()
    instances: tuple[str, ...] = ()
    connection_types: tuple[str, ...] = ()

"""What the evaluation of a tree's Python writes down for linking."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from codemods.drivers.model import TableArgument, TableReference
from codemods.drivers.redis_backends import Backend
from codemods.occurrences import Target
from codemods.python.uses import Uses
from codemods.python.values import FunctionKey, Literal, Value


class Place(NamedTuple):
    """A place in a file: 0-based character offset, and the dotted name of the function around it."""

    path: str
    at: int
    function: str = ""


class QueryCall(NamedTuple):
    """`value` is handed to a driver's call of `receiver`.

    `place` is where the code that knows the value makes its call, `driver_path` the file of the driver's call.
    `certain`: the literals of the value, where nothing but the name of a method says that the others reach the call.
    """

    value: Value
    receiver: Value
    place: Place
    driver_path: str
    certain: frozenset[Literal] | None = None


class Setting(NamedTuple):
    """`value` says which database a connection goes to; `role` as in `drivers.model.Connect.settings`.

    "pieces" are all that it is told, a dict by the keywords of libpq.
    """

    value: Value
    role: str
    engine: str
    place: Place


class TableUse(NamedTuple):
    """`value` is handed to `call`, which takes a relation's name, as `described`; `place` is where it is known.

    `schema` is what the code gives as its schema, `default` the schema that holds when it gives none, `target` where
    one can be added. `certain` as in `QueryCall`.
    """

    value: Value
    described: TableArgument
    place: Place
    call: Place
    schema: Value | None = None
    default: Value | None = None
    target: Target | None = None
    certain: frozenset[Literal] | None = None


class TableRef(NamedTuple):
    """`value` refers to a table by the text under which it is registered, at the call or look-up at `call`.

    `known`: the call is one of the library's, not merely one of the same name. `certain` as in `QueryCall`.
    """

    value: Value
    described: TableReference
    place: Place
    call: Place
    known: bool
    certain: frozenset[Literal] | None = None


class KeyUse(NamedTuple):
    """`value` is handed to a Redis `command` as a key; `role` is "key", "pattern" or "channel".

    `evidence`: "call" when the receiver is a Redis client or nothing else has such a method, "name" when it is called
    like one, "" when it counts only if it turns out to be one.
    """

    value: Value
    receiver: Value
    role: str
    command: str
    evidence: str
    place: Place


class BackendSetting(NamedTuple):
    """`value` is given to a setting of a library that keeps its own data in Redis; `role` as `Backend.role_of`."""

    backend: Backend
    role: str
    value: Value
    place: Place


class Compared(NamedTuple):
    """Values that are compared: if one is a Redis key, the others are what such a key is expected to be."""

    values: tuple[Value, ...]
    place: Place


class CommandLine(NamedTuple):
    """A list of arguments for a program such as `psql`."""

    arguments: tuple[Value, ...]
    place: Place


class Root(NamedTuple):
    """A text that stands by itself: what it is bound to (`label`) and what it is for (`context`).

    `context` is "" (a value), "message", "request", "key", "comparison", "part" or "documentation"; `top_level`
    says that a statement of the module itself evaluates it.
    """

    value: Value
    label: str
    context: str
    place: Place
    top_level: bool = False


class CallSite(NamedTuple):
    """Arguments given to a function of the tree, by parameter name; `complete` when these are all of them."""

    arguments: dict[str, Value]
    place: Place
    complete: bool = True


class Guess(NamedTuple):
    """A call of one of the tree's methods of some name, of too many to say which."""

    positional: tuple[Value, ...]
    named: dict[str, Value]
    place: Place


Event = QueryCall | Setting | TableUse | TableRef | KeyUse


@dataclass(slots=True)
class Records:
    """Everything that was seen, in the order of evaluation.

    `uses` says what else literals serve as, `escapes` how they get out of sight. `own_engines` are functions that make
    an SQLite engine and keep it for themselves, `handed_on` those that hand one to another function of the tree.
    `methods` are the parameters of each method of the tree behind its first, `guesses` the calls that may mean one, by
    its name. `replaceable` are defaults that the environment may replace; `variables` are the environment variables
    that defaults stand for; of those that are `renamed` the name that they are bound to says nothing.
    """

    events: list[Event] = field(default_factory=list)
    commands: list[CommandLine] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)
    sites: dict[FunctionKey, list[CallSite]] = field(default_factory=lambda: defaultdict(list))
    uses: Uses = field(default_factory=Uses)
    escapes: Uses = field(default_factory=Uses)
    defaults: dict[FunctionKey, dict[str, Value]] = field(default_factory=dict)
    methods: dict[FunctionKey, tuple[str, ...]] = field(default_factory=dict)
    guesses: dict[str, list[Guess]] = field(default_factory=lambda: defaultdict(list))
    compared: list[Compared] = field(default_factory=list)
    backend_settings: list[BackendSetting] = field(default_factory=list)
    variables: dict[Literal, str] = field(default_factory=dict)
    renamed: set[Literal] = field(default_factory=set)
    replaceable: set[Literal] = field(default_factory=set)
    sqlite_files: set[str] = field(default_factory=set)
    own_engines: set[FunctionKey] = field(default_factory=set)
    handed_on: set[FunctionKey] = field(default_factory=set)
    translates_schemas: bool = False

"""What rules look at: places in files that name a relation, a database or a Redis key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from codemods.drivers.model import TableArgument as Described
from codemods.model import Reason
from codemods.sourcemap import SourceMap


class Evidence(Enum):
    """How relink knows that a text is what it takes it for.

    It reaches a call; it says so itself, as a whole or only in part; it is compared, and counts when it is part of
    another; the kind of its file, or the name that it is bound to, says so.
    """

    CALL = "call"
    CONTENT = "content"
    FRAGMENT = "fragment"
    EXPECTED = "expected"
    FILE = "file"
    NAME = "name"


class Engine(Enum):
    """Which database runs a statement, as far as the code tells."""

    POSTGRESQL = "postgresql"
    SQLITE = "sqlite"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Query:
    """SQL text. `path` is the file that runs it, `database` the old database it runs in, where known.

    `sqlite_in_reach`: the file that runs or holds it also talks to SQLite. `request`: it is sent to a service
    as data, as a test of that service would. `expected`: it is compared with other text. `guessed` are the literals
    (file and 0-based character offset) of which only a method's name says that they are part of it. `at` is the
    0-based character offset of the call in `path`, `function` the dotted name of the function around it.
    """

    source: SourceMap
    evidence: Evidence
    engine: Engine
    path: str
    at: int
    database: str | None = None
    sqlite_in_reach: bool = False
    request: bool = False
    function: str = ""
    expected: bool = False
    guessed: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class ConnectionSetting:
    """Text that says which database to connect to: a name by itself (`is_name`), or a URL or libpq string.

    `switches`: the database is created or dropped, not connected to.
    """

    source: SourceMap
    evidence: Evidence
    is_name: bool
    path: str
    at: int
    switches: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionArguments:
    """What a connection is told piece by piece: texts by the keywords of libpq. Its database is a setting by itself."""

    parameters: tuple[tuple[str, SourceMap], ...]
    path: str
    at: int

    @property
    def source(self) -> SourceMap:
        return SourceMap([])


class Target(NamedTuple):
    """Where a schema can be written for a table: `at` is a 0-based character offset in the file `path`.

    `form`: "argument" or "first argument" (of the call whose name begins at `at`), "item" (of the display that the
    name at `at` is bound to or that the function of that name returns), "last item" (of the display at the end of
    that display), "key" (of the dict whose first key begins at `at`), "pair" (in place of the string that begins at
    `at`), "none" (in place of the None of the call's keyword), "around" (in place of the name that is assigned to the
    one at `at`, which `template` calls "…"), "below" (a statement under the one at `at`), "body" or "end" (a
    statement at the beginning or the end of the class whose
    name begins at `at`). `template` is what is written, with `{}` for the schema.
    """

    form: str
    path: str
    at: int
    template: str


@dataclass(frozen=True, slots=True)
class TableArgument:
    """A relation's name where a library takes the schema apart from it, as `described`; what run time makes is a hole.

    `schema` is the schema that the code gives, `default` the one that holds when it gives none (None: not known to be
    any), `target` where one can be added. `has_schema`: the code gives some schema, known or not. `doubt`: why a
    schema may be wrong there, because the tree makes SQLite engines for its ORM or gives schemas at run time.
    """

    source: SourceMap
    described: Described
    path: str
    at: int
    schema: SourceMap | None = None
    has_schema: bool = False
    default: str | None = None
    target: Target | None = None
    doubt: Reason | None = None


@dataclass(frozen=True, slots=True)
class TableReference:
    """Text that refers to a table by the name under which `registry` keeps it, at the call `at` in `path`.

    `has_column`: a column follows the table's name. `stands_alone`: no definition of the table has to be in sight.
    `known`: the call is one of the library's, not merely one of the same name. `doubt` as in `TableArgument`.
    """

    source: SourceMap
    registry: str
    has_column: bool
    path: str
    at: int
    stands_alone: bool = False
    known: bool = False
    doubt: Reason | None = None


@dataclass(frozen=True, slots=True)
class ModuleUrl:
    """A connection URL that a module binds to a name of its own. `source` is the URL, `name` what it is bound to."""

    source: SourceMap
    name: str
    path: str
    at: int


class DatabaseText(NamedTuple):
    """Text that says which Redis database a client uses: a URL, or the number by itself.

    With a `lead` nothing says it, which means 0: the lead and a number can be written behind `source`.
    """

    source: SourceMap
    is_url: bool
    lead: str = ""


@dataclass(frozen=True, slots=True)
class RedisDatabase:
    """The database of the Redis client that is made at the character `at` of `path` ("" when it is made out of sight).

    `texts` are what may choose it; none and not `at_run_time` means database 0. `variables` are the environment
    variables and settings that choose it at run time, `names` what settings may be called that do (in lower case, as
    `redis.names.setting_name`). `source` holds no text of its own.
    """

    source: SourceMap
    path: str
    at: int
    texts: tuple[DatabaseText, ...] = ()
    at_run_time: bool = False
    variables: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RedisSetting:
    """A Redis URL, or a number that may be a database's, of the setting `variable`.

    `names` are what it is called where it is used, in lower case, as `redis.names.setting_name`; without one the
    number is that of a database for sure, which the command `variable` takes.
    """

    source: SourceMap
    variable: str
    names: frozenset[str]
    path: str
    at: int


@dataclass(frozen=True, slots=True)
class RedisKey:
    """A text that reaches Redis.

    `role` is "key", "pattern", "channel", "script" (a Lua variable) or "prefix" (of keys that a library makes, perhaps
    without the sign at its end); a "cut" one loses a part by its number, of characters or of pieces at the sign
    `command`; a "text" shares a word with a key and does not reach Redis; an "expected" one is what a key is compared
    with.

    `clients` are those that may be meant, `command` the method or command.
    """

    source: SourceMap
    evidence: Evidence
    role: str
    clients: tuple[RedisDatabase, ...]
    command: str
    path: str
    at: int


@dataclass(frozen=True, slots=True)
class OtherUse:
    """A text that also serves as something else than what another occurrence takes it for, so that it has to stay."""

    source: SourceMap
    path: str
    at: int


@dataclass(frozen=True, slots=True)
class Prose:
    """Text for people: of a document, a docstring (`is_documentation`) or a message."""

    source: SourceMap
    path: str
    at: int
    is_documentation: bool = False


@dataclass(frozen=True, slots=True)
class Documented:
    """What would be an occurrence if it did not stand in the code of a document."""

    inner: Query | ConnectionSetting

    @property
    def source(self) -> SourceMap:
        return self.inner.source

    @property
    def path(self) -> str:
        return self.inner.path

    @property
    def at(self) -> int:
        return self.inner.at


Occurrence = (
    Query
    | ConnectionSetting
    | ConnectionArguments
    | TableArgument
    | TableReference
    | ModuleUrl
    | RedisDatabase
    | RedisKey
    | RedisSetting
    | OtherUse
    | Prose
    | Documented
)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A text of another format inside of a file; `name` is what a file of that format could be called."""

    name: str
    source: SourceMap

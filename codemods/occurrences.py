"""What rules look at: places in files that name a relation or a database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from codemods.sourcemap import SourceMap


class Evidence(Enum):
    """How relink knows that a text is what it takes it for."""

    CALL = "call"
    CONTENT = "content"
    FRAGMENT = "fragment"
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
    as data, as a test of that service would. `at` is the 0-based character offset of the call in `path`, `function`
    the dotted name of the function around it.
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
class TableArgument:
    """A relation's name given to the call `api`, which quotes it or takes the schema apart from it."""

    source: SourceMap
    api: str
    path: str
    at: int


@dataclass(frozen=True, slots=True)
class ModuleUrl:
    """A connection URL that a module binds to a name of its own. `source` is the URL, `name` what it is bound to."""

    source: SourceMap
    name: str
    path: str
    at: int


Occurrence = Query | ConnectionSetting | TableArgument | ModuleUrl

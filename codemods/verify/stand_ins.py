"""Tables and columns that a tree uses and nowhere defines, made so that a server can plan what names them.

What is planned on a stand-in shows that the statement names the right relations on both layouts; that they have such
columns, and of which types, it does not show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from codemods.catalog.snapshot import Name
from codemods.catalog.tables import attempt
from codemods.declarations import read_sql
from codemods.sql import HOLE, Kind, Reference, Role, Statement
from codemods.verify.ask import PLANNED, Answer, Server
from codemods.verify.placeholders import Filling, Sent, Unbindable, bind
from codemods.verify.verdict import UNTYPED

if TYPE_CHECKING:
    from psycopg import Connection

_MISTYPED = UNTYPED | {"42809"}
_NO_COLUMN, _NO_CONSTRAINT, _AMBIGUOUS, _NOT_GROUPED = "42703", "42P10", "42702", "42803"
_MISSING = re.compile(
    r'column (?:"(?P<bare>.+)" of relation "(?P<table>.+)"|"(?P<alone>.+)"|(?P<qualifier>.+)\.(?P<column>.+))'
    " does not exist"
)
_UNGROUPED = re.compile(r'column "(?P<qualifier>.+)\.(?P<column>.+)" must appear in the GROUP BY')
_GROUPED = re.compile(r"\bGROUP\s+BY\b", re.IGNORECASE)
_TARGET = re.compile(r"\bON\s+CONFLICT\s*\((?P<columns>[\w\s,\"]+)\)", re.IGNORECASE)
_ALIAS = re.compile(r'\s+(?:AS\s+)?"?(?P<alias>\w+)"?', re.IGNORECASE)
_WORD = re.compile(r"\w+")
_FOREIGN = re.compile(r"pg_|sqlite_|information_schema$")
"""Schemas and names that are not the tree's to define."""
_FIRST_TYPE = "text"
_TYPES = ("integer", "numeric", "timestamp with time zone", "boolean", "text[]", "jsonb", "date", "uuid", "interval")
_NAMED_TYPE = re.compile("|".join(map(re.escape, sorted(_TYPES, key=len, reverse=True))))


class _Column(NamedTuple):
    table: Name
    name: str


class _Asked(NamedTuple):
    """A statement, its own text, and that text as the server takes it."""

    text: str
    statement: Statement
    sent: Sent


class StandIns(NamedTuple):
    """The tables that were made, the columns that were added to those and to others, and the texts that need them."""

    tables: frozenset[Name] = frozenset()
    columns: frozenset[_Column] = frozenset()
    needed: frozenset[str] = frozenset()

    def under(self, text: str, tables: Iterable[Name]) -> str:
        """What of the `tables` that the statement `text` names is a stand-in, in words; "" when it needs none."""
        if text not in self.needed:
            return ""
        named, words = set(tables), {word.lower() for word in _WORD.findall(text)}
        for table in sorted(named & self.tables):
            return f"no definition of the tree makes {table}"
        for column in sorted(self.columns):
            if column.table in named and column.name in words:
                return f"no definition of the tree gives {column.table} a column {column.name}"
        return "no definition of the tree has all that it uses"


NOTHING = StandIns()


def add_stand_ins(connection: Connection, texts: Iterable[str]) -> StandIns:
    """Make in the database of `connection`, which has the old layout, what the statements `texts` lack there."""
    growing = _Growing(connection)
    lacking = [(text, each) for text in dict.fromkeys(texts) for each in read_sql(text).statements[:1]]
    lacking = [(text, statement) for text, statement in lacking if growing.lacks(text, statement)]
    # The fewer names a statement has, the surer it is whose its columns are.
    lacking.sort(key=lambda each: len(each[1].references))
    for _, statement in lacking:
        growing.make_tables(statement)
    before: dict[_Column, str] | None = None
    while growing.columns != before:  # a column's type that one statement shows can be what another needs
        before = dict(growing.columns)
        for text, statement in lacking:
            growing.fit(text, statement)
    return StandIns(frozenset(growing.tables), frozenset(growing.columns), frozenset(text for text, _ in lacking))


class _Growing:
    """A database that gets what statements lack. `columns` maps what was added to its type."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._server = Server(connection)
        self.tables: set[Name] = set()
        self.columns: dict[_Column, str] = {}

    def lacks(self, text: str, statement: Statement) -> bool:
        """Whether a statement uses what is not there."""
        if any(self._missing(statement)):
            return True
        sent = _sent(text, statement)
        return sent is not None and self._server.plan(sent).state in (_NO_COLUMN, _NO_CONSTRAINT, _NOT_GROUPED)

    def _missing(self, statement: Statement) -> Iterator[Name]:
        names = map(_name, _relations(statement))
        return (name for name in names if not self._server.exists(_quoted(name), "relation"))

    def make_tables(self, statement: Statement) -> None:
        """Make the relations that are not there, without a column."""
        for name in self._missing(statement):
            attempt(self._connection, f'CREATE SCHEMA IF NOT EXISTS "{name.schema}"')
            if not attempt(self._connection, f"CREATE TABLE {_quoted(name)} ()"):
                self.tables.add(name)

    def fit(self, text: str, statement: Statement) -> None:
        """Add the columns that a statement lacks and give them types, until it can be planned or nothing helps."""
        sent = _sent(text, statement)
        if sent is None:
            return
        asked = _Asked(text, statement, sent)
        changed: list[_Column] = []
        answer: Answer | None = self._server.plan(sent)
        while answer is not None and answer.relations is None:
            if answer.state == _NO_COLUMN:
                answer = self._add_column(asked, answer)
            elif answer.state == _NO_CONSTRAINT:
                answer = self._add_key(asked)
            elif answer.state == _NOT_GROUPED:
                answer = self._add_primary_key(asked, answer)
            elif answer.state in _MISTYPED:
                answer = self._change_type(asked, answer, changed)
            else:
                answer = None
        if answer is None:
            for column in changed:
                self._retype(column, _FIRST_TYPE)

    def _add_column(self, asked: _Asked, answer: Answer) -> Answer | None:
        """Add a column that is missing to the table that it helps to; None when it helps to none."""
        found = _MISSING.match(answer.message)
        if found is None:
            return None
        name = found["bare"] or found["alone"] or found["column"]
        for table in _owners(asked, answer.position or 0, found["table"], found["qualifier"]):
            column = _Column(table, name)
            if column in self.columns or self._alter(table, f'ADD COLUMN "{name}" {_FIRST_TYPE}'):
                continue
            after = self._server.plan(asked.sent)
            if after != answer and after.state != _AMBIGUOUS:
                self.columns[column] = _FIRST_TYPE
                return after
            self._alter(table, f'DROP COLUMN "{name}"')
        return None

    def _add_key(self, asked: _Asked) -> Answer | None:
        """Add the key that an ON CONFLICT names."""
        found = _TARGET.search(asked.text)
        written = next((_name(each) for each in _relations(asked.statement) if each.role is Role.WRITE), None)
        if found is None or written is None or self._alter(written, f"ADD UNIQUE ({found['columns']})"):
            return None
        for name in _WORD.findall(found["columns"]):
            self.columns.setdefault(_Column(written, name.lower()), "")
        after = self._server.plan(asked.sent)
        return None if after.state == _NO_CONSTRAINT else after

    def _add_primary_key(self, asked: _Asked, answer: Answer) -> Answer | None:
        """Make the column that a GROUP BY names the key, on which the table's others depend."""
        found = _UNGROUPED.match(answer.message)
        clauses = list(_GROUPED.finditer(asked.text))
        if found is None or not clauses:
            return None
        grouped = {word.lower() for word in _WORD.findall(asked.text, clauses[-1].end())}
        for table in _owners(asked, clauses[-1].start(), None, found["qualifier"]):
            for column in [each for each in self.columns if each.table == table and each.name in grouped]:
                if self._alter(table, f'ADD CONSTRAINT relink_key PRIMARY KEY ("{column.name}")'):
                    continue
                after = self._server.plan(asked.sent)
                if after.message != answer.message:
                    return after
                self._alter(table, "DROP CONSTRAINT relink_key")
        return None

    def _change_type(self, asked: _Asked, answer: Answer, changed: list[_Column]) -> Answer | None:
        """Give a column that was added, and has the first type still, the type that helps; None when none does."""
        types = dict.fromkeys([*_NAMED_TYPE.findall(answer.message), *_TYPES])
        for column in self._near(asked, answer.position or 0):
            for each in types:
                self._retype(column, each)
                after = self._server.plan(asked.sent)
                # At the same place the server still complains of the same.
                if after.relations is not None or after.position != answer.position:
                    changed.append(column)
                    return after
            self._retype(column, _FIRST_TYPE)
        return None

    def _near(self, asked: _Asked, position: int) -> Iterator[_Column]:
        """The added columns of the first type that the statement may mean, those nearest to `position` first."""
        tables = {_name(each) for each in _relations(asked.statement)}
        words = sorted(_WORD.finditer(asked.text), key=lambda word: abs(word.start() - position))
        for name in dict.fromkeys(word[0].lower() for word in words):
            for table in sorted(tables):
                if self.columns.get(_Column(table, name)) == _FIRST_TYPE:
                    yield _Column(table, name)

    def _retype(self, column: _Column, type_: str) -> None:
        if not self._alter(column.table, f'ALTER COLUMN "{column.name}" TYPE {type_} USING NULL'):
            self.columns[column] = type_

    def _alter(self, table: Name, change: str) -> str:
        return attempt(self._connection, f"ALTER TABLE {_quoted(table)} {change}")


def _sent(text: str, statement: Statement) -> Sent | None:
    """A statement as the server takes it; None when it does not plan such."""
    if statement.problem or statement.verb.split()[0] not in PLANNED or f".{HOLE}" in text:
        return None
    try:
        return bind(text, Filling.NULL)  # which is of every type
    except Unbindable:
        return None


def _relations(statement: Statement) -> Iterator[Reference]:
    """What the statement needs to be there, as far as a tree could define it."""
    for each in statement.references:
        if each.kind is not Kind.RELATION or each.role is Role.CREATE or each.literal or each.partial:
            continue
        if len(each.parts) <= 2 and not any(map(_FOREIGN.match, each.names)):
            yield each


def _name(reference: Reference) -> Name:
    return Name(*reference.names) if len(reference.names) == 2 else Name("public", reference.names[0])


def _quoted(name: Name) -> str:
    return f'"{name.schema}"."{name.name}"'


def _owners(asked: _Asked, position: int, table: str | None, qualifier: str | None) -> Iterator[Name]:
    """The tables of a statement that a column can be of: by their name, their alias, or how near they stand."""
    for reference in sorted(_relations(asked.statement), key=lambda each: abs(each.start - position)):
        alias = _ALIAS.match(asked.text, reference.end)
        called = {reference.names[-1], *([alias["alias"].lower()] if alias else [])}
        if (table or qualifier) is None or table == reference.names[-1] or qualifier in called:
            yield _name(reference)

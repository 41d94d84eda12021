"""Every statement of a tree, as it was written and as it will be, with the way back to the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly
from typing import NamedTuple

from codemods.catalog.snapshot import Name
from codemods.declarations import read_sql
from codemods.fixes.rename import replaced, replacements, unmoved
from codemods.mapping import Already, Ambiguous, Moved
from codemods.model import Finding, Safety, Span
from codemods.occurrences import Engine, Evidence, Query
from codemods.sql import Kind, Role, Statement
from codemods.workspace import Use, Workspace

_WORD = re.compile(r"\w+")


class Piece(NamedTuple):
    """A change of a statement's text: characters `start:end` of the old one become `new`."""

    start: int
    end: int
    new: str


class Subject(NamedTuple):
    """One statement of one query.

    `first` is the 0-based character of the query's text where `old` begins; `pieces` are in the characters of `old`;
    `left` says that a name in it moves and is left for a person; `schemas` are those that its relations live in,
    `hidden` is a temporary table of the same code that it names.
    """

    query: Query
    statement: Statement
    uses: tuple[Use, ...]
    first: int
    old: str
    new: str
    pieces: tuple[Piece, ...]
    left: bool
    schemas: frozenset[str]
    hidden: str

    def origin(self, position: int) -> int:
        """The character of the query's old text that character `position` of `new` came from."""
        shift = 0
        for piece in self.pieces:
            start = piece.start + shift
            if position < start:
                break
            if position < start + len(piece.new):
                return self.first + piece.start
            shift += len(piece.new) - (piece.end - piece.start)
        return self.first + position - shift

    @property
    def as_it_was(self) -> str:
        """The statement for the old layout, also where it says new names already."""
        return unmoved(self.old, self.uses, self.first)

    @property
    def tables(self) -> Iterator[Name]:
        """The relations that it names, by their old names."""
        for use in self.uses:
            if use.reference.kind is Kind.RELATION and use.reference.role is not Role.CREATE:
                known = use.resolution.relation if isinstance(use.resolution, (Moved, Already)) else None
                schema = ("public", *use.reference.names)[-2]
                yield Name(known.old_schema, known.old_name) if known else Name(schema, use.reference.names[-1])


def subjects(
    queries: Iterable[Query], workspace: Workspace, findings: Iterable[Finding], unsafe: bool
) -> Iterator[Subject]:
    """The statements of `queries` that PostgreSQL runs, changed as far as `findings` will be applied."""
    allowed = (Safety.SAFE, Safety.UNSAFE) if unsafe else (Safety.SAFE,)
    fixed = {(each.path, each.span): bool(each.fix and each.fix.safety in allowed) for each in findings}
    for query in queries:
        if query.engine in (Engine.SQLITE, Engine.OTHER) or query.evidence is Evidence.FRAGMENT or query.request:
            continue
        for statement in read_sql(query.source.text).statements:
            if statement.verb != "FRAGMENT":
                yield _subject(query, statement, workspace, fixed)


def _subject(
    query: Query, statement: Statement, workspace: Workspace, fixed: ReadOnly[tuple[str, Span], bool]
) -> Subject:
    uses = tuple(use for use in workspace.uses(query) if use.statement is statement)
    first = statement.start
    old = query.source.text[first : statement.end]
    pieces: set[Piece] = set()
    left = False
    schemas = set()
    for use in uses:
        if isinstance(use.resolution, Ambiguous):
            left = True
        if use.resolution is None or isinstance(use.resolution, Ambiguous):
            continue
        schemas.add(use.resolution.relation.schema)
        if isinstance(use.resolution, Moved):
            place = workspace.place(query, use.reference)
            if place is not None and fixed.get((place.path, workspace.span(place)), False):
                changes = replacements(use.reference, use.resolution.relation)
                pieces.update(Piece(start - first, end - first, new) for start, end, new in changes)
            elif replacements(use.reference, use.resolution.relation):
                left = True
    temporary = {name for each in read_sql(query.source.text).statements for name in each.temporary}
    words = (word.lower() for word in _WORD.findall(old))
    hidden = next((word for word in words if word in temporary or workspace.declarations.temporary(query, word)), "")
    ordered = tuple(sorted(pieces))
    new = replaced(old, pieces)
    return Subject(query, statement, uses, first, old, new, ordered, left, frozenset(schemas), hidden)

"""Text that is compared with statements: a test's expectation changes exactly as the statements that hold it do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.fixes.doubt import doubt
from codemods.mapping import Moved
from codemods.occurrences import Engine, Query
from codemods.sql.tokens import HOLE

if TYPE_CHECKING:
    from codemods.workspace import Use, Workspace


def quoted_uses(query: Query, workspace: Workspace) -> tuple[Use, ...] | None:
    """What `query` names, as the statements of the tree say in which its text stands.

    None when it stands in none, when these would not all be changed in the same way, or when one of them is in doubt.
    Those in which it ends inside of a longer name that moved, too, do not count: they will not hold it any more.
    """
    text = query.source.text
    if HOLE in text:
        return None
    found: tuple[Use, ...] | None = None
    for other in workspace.queries:
        if other.expected or other.engine in (Engine.SQLITE, Engine.OTHER):
            continue
        for start in _starts(text, other.source.text):
            if _cuts_moved_name(other, start + len(text), workspace):
                continue
            uses = tuple(_within(other, start, len(text), workspace))
            if any(doubt(other, use.statement, workspace) for use in uses) or (
                found is not None and not _same_names(uses, found)
            ):
                return None
            found = uses
    return found


def is_part(query: Query, workspace: Workspace) -> bool:
    """Whether the text of `query` is part of any statement of the tree."""
    text = query.source.text
    return HOLE not in text and any(
        text in other.source.text
        for other in workspace.queries
        if not other.expected and other.engine not in (Engine.SQLITE, Engine.OTHER)
    )


def _cuts_moved_name(other: Query, end: int, workspace: Workspace) -> bool:
    """Whether the character `end` of `other` is inside of a name that moved."""
    return any(
        isinstance(use.resolution, Moved) and use.reference.start < end < use.reference.end
        for use in workspace.uses(other)
    )


def _same_names(some: tuple[Use, ...], others: tuple[Use, ...]) -> bool:
    """Whether two statements name the same in the same places, whatever they do with it."""
    return [(use.reference.parts, use.resolution) for use in some] == [
        (use.reference.parts, use.resolution) for use in others
    ]


def _starts(text: str, whole: str) -> Iterator[int]:
    start = whole.find(text)
    while start >= 0:
        yield start
        start = whole.find(text, start + 1)


def _within(other: Query, start: int, length: int, workspace: Workspace) -> Iterator[Use]:
    """What `other` names in a stretch of it and has to name otherwise, as if that stretch were all."""
    for use in workspace.uses(other):
        reference = use.reference
        if not isinstance(use.resolution, Moved) or reference.start < start or reference.end > start + length:
            continue
        parts = tuple(replace(part, start=part.start - start, end=part.end - start) for part in reference.parts)
        statement = replace(use.statement, start=0, end=length, references=(), problem=None)
        yield replace(use, statement=statement, reference=replace(reference, parts=parts))

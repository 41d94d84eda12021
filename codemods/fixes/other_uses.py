"""What a name that stands in a statement serves as besides naming a relation, seen from the statements themselves."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from codemods.fixes.destruction import destroys_moved_data
from codemods.mapping import Moved
from codemods.occurrences import Engine, Query
from codemods.sql.tokens import HOLE

if TYPE_CHECKING:
    from codemods.workspace import Use, Workspace

_BETWEEN = re.compile(r"[\s(),;]")
_LONGEST = 40


class OtherUse(NamedTuple):
    """The literal (`path`, `literal`) also serves as `what`."""

    path: str
    literal: int
    what: str


def is_bare_name(text: str) -> bool:
    """Whether a literal with this text can only be a name or a part of one."""
    return len(text.split()) <= 1 and "(" not in text


def other_uses(
    query: Query, uses: Sequence[Use], workspace: Workspace, known: Container[tuple[str, int]]
) -> Iterator[OtherUse]:
    """The bare names in `query` that do not name a relation which `uses` would re-point; not those of `known`."""
    foreign = query.engine in (Engine.SQLITE, Engine.OTHER)
    named = [] if foreign else [_extent(use) for use in uses if _is_to_move(query, use, workspace)]
    for start, end, run in query.source.literals():
        text = query.source.text[start:end]
        if (
            (run.path, run.literal) in known
            or not is_bare_name(text)
            or any(first < end and start < last for first, last in named)
        ):
            continue
        if foreign:
            what = "a name in a statement of another database"
        else:
            what = next((f"the table of {use.statement.verb}" for use in uses if _extent(use) == (start, end)), "")
        yield OtherUse(run.path, run.literal, what or f"part of {_around(query.source.text, start, end)}")


def _is_to_move(query: Query, use: Use, workspace: Workspace) -> bool:
    moved = use.resolution
    return isinstance(moved, Moved) and not destroys_moved_data(query, use, moved.relation, workspace)


def _extent(use: Use) -> tuple[int, int]:
    return use.reference.parts[0].start, use.reference.parts[-1].end


def _around(text: str, start: int, end: int) -> str:
    """The word of the statement around a range of it."""
    while start > 0 and not _BETWEEN.match(text[start - 1]):
        start -= 1
    while end < len(text) and not _BETWEEN.match(text[end]):
        end += 1
    return text[start:end].replace(HOLE, "…")[:_LONGEST]

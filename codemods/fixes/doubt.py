"""Why a change of a name in a statement may be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.model import Reason
from codemods.occurrences import Engine, Evidence, Query
from codemods.sql import Statement

if TYPE_CHECKING:
    from codemods.workspace import Workspace


def doubt(query: Query, statement: Statement, workspace: Workspace) -> Reason | None:
    """Why a change of a name in `statement` is not safe; None when it is."""
    if query.expected and workspace.quoted(query) is not None:
        return None
    if query.request or query.evidence in (Evidence.FRAGMENT, Evidence.EXPECTED):
        return Reason.UNPROVEN_CALL
    if query.engine is Engine.UNKNOWN and query.sqlite_in_reach:
        return Reason.SQLITE_IN_REACH
    if statement.problem:
        return Reason.UNREADABLE_SQL
    return None

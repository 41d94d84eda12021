"""A statement that names a relation of the mapping could not be read to its end.

What it does: reports statements that relink's reader gave up on.

Why is this bad: names in the unread part are not found, so nobody has looked at them.

Example: `SELECT * FROM users WHERE (id = 1`

Use instead: look at the statement; correct it, or change its names by hand.

Fix safety: always manual (`unreadable-sql`).
"""

import re
from collections.abc import Iterator

from codemods.declarations import read_sql
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import Evidence, Query
from codemods.workspace import Workspace

GROUP = "sql"
LOOKS_AT = (Query,)
_WORD = re.compile(r"\w+")


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    if query.evidence in (Evidence.FRAGMENT, Evidence.EXPECTED) or (
        query.expected and workspace.quoted(query) is not None
    ):
        return
    text = query.source.text
    for statement in read_sql(text).statements:
        if not statement.problem:
            continue
        written = text[statement.start : statement.end].lower()
        named = sorted(workspace.mapping.words.intersection(_WORD.findall(written)))
        place = query.source.locate(statement.start, statement.start + 1) or query.source.first()
        if named and place is not None:
            yield workspace.finding(
                "unparsed-sql",
                place,
                f"a statement that mentions {', '.join(named)} could not be read: {statement.problem}",
                "look at it yourself: names in it were not all found",
                fix=Fix(Safety.MANUAL, _reason(statement.problem)),
            )


def _reason(problem: str) -> Reason:
    return Reason.FOREIGN_LANGUAGE if "written in" in problem else Reason.UNREADABLE_SQL

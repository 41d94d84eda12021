"""A document, a docstring or a message still says an old name.

What it does: reads the code in Markdown and reStructuredText (blocks, and code inside of lines) and in docstrings as
the other rules read statements, commands and settings, and looks for names that are no plain words
(`user_sessions`, `public.users`, the Redis key `saju:chart:1`) in prose and in messages.

Why is this bad: people copy what documents say, and search logs for what messages say.

Example: `SELECT count(*) FROM users` in a README

Use instead: `SELECT count(*) FROM shared_common.users`

Fix safety: in code as for the rule that would report it elsewhere; names in prose and messages, and keys of Redis, are
manual (`prose`).
Off unless its group `docs` is selected.
"""

import re
from collections.abc import Iterator
from functools import cache

from codemods.mapping import Moved
from codemods.model import Finding, Fix, Impact, Reason, Safety
from codemods.occurrences import Prose
from codemods.workspace import Workspace

GROUP = "docs"
LOOKS_AT = (Prose,)
_NAME = re.compile(r"(?<![\w.@/\-:])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?(?![\w@/\-]|\.\w)")
_NO_WORD = re.compile(r"[_.\d]|db$")


def check(prose: Prose, workspace: Workspace) -> Iterator[Finding]:
    for found in _NAME.finditer(prose.source.text):
        said = _now(found.group(), prose.path, workspace)
        place = prose.source.locate(*found.span()) if said else None
        if place is not None:
            yield workspace.finding(
                "old-name-in-docs",
                place,
                f"{found.group()} is now {said}",
                f"write {said}, if it is meant",
                Impact.LOW,
                Fix(Safety.MANUAL, Reason.PROSE),
            )
    for namespace in workspace.mapping.redis:
        for key in _key(namespace.old).finditer(prose.source.text) if namespace.old != namespace.new else ():
            place = prose.source.locate(*key.span())
            if place is not None:
                said = f"{namespace.old} of Redis is now {namespace.new}"
                help, fix = f"write {namespace.new}, if it is meant", Fix(Safety.MANUAL, Reason.PROSE)
                yield workspace.finding("old-name-in-docs", place, said, help, Impact.LOW, fix)


@cache
def _key(prefix: str) -> re.Pattern[str]:
    """A key that begins with `prefix`, in running text; a word and a colon alone may be any."""
    return re.compile(rf"(?<![\w:/.\-]){re.escape(prefix)}(?=[\w{{<*$%]|\Z)")


def _now(name: str, path: str, workspace: Workspace) -> str | None:
    """What a name that cannot be a plain word is called now."""
    if _NO_WORD.search(name) is None:
        return None
    database = workspace.mapping.new_database(name)
    if database is not None and database.database != name:
        return database.database
    resolution = workspace.mapping.resolve(tuple(name.split(".")), "relation", None, path)
    return resolution.relation.qualified if isinstance(resolution, Moved) else None

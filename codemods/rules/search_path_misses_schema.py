"""A `search_path` lacks a schema that the file's queries need.

What it does: looks at `SET search_path`, `set_config(\'search_path\', ...)` and their like, and compares the schemas
with those of the relations that the same file's queries name; for a file of settings, those of its folder. Django's
models find their tables through `search_path` only: their schemas go into DATABASES where that has none, or below it
where a call makes it.

Why is this bad: a name that is still bare, or is put together at run time, is not found through this path.

Example: `SET search_path TO public`, before queries of `users`

Use instead: `SET search_path TO shared_common, public`; keep `public` where extensions live there

Fix safety: manual (`meaning-widens`): the order of the schemas decides which table wins. For DATABASES safe, as long as
no two of the schemas have a table of one name; for another database than `default` unsafe beside others of its file.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from codemods.declarations import read_sql
from codemods.fixes.schema_argument import argument_place
from codemods.fixes.search_path import give_search_path, schemas_to_find
from codemods.model import Finding, Fix, Impact, Reason, Safety
from codemods.occurrences import Evidence, Query, TableArgument
from codemods.workspace import Workspace

RULE = "search-path-misses-schema"
GROUP = "connections"
LOOKS_AT = (Query, TableArgument)


def check(occurrence: Query | TableArgument, workspace: Workspace) -> Iterator[Finding]:
    if isinstance(occurrence, Query):
        yield from _of_statements(occurrence, workspace)
    elif occurrence.described.rule == RULE and not _is_given(occurrence, workspace):
        schemas = schemas_to_find(workspace)
        if schemas:
            message = f"models find their tables in {', '.join(schemas)} now, and no search_path is given"
            help = occurrence.described.way_out.format(schemas=",".join(schemas))
            fix = give_search_path(occurrence, schemas, workspace)
            yield workspace.finding(RULE, argument_place(occurrence, workspace), message, help, fix=fix)


def _is_given(settings: TableArgument, workspace: Workspace) -> bool:
    """Whether a search_path is given below settings that are computed."""
    target = settings.target
    return target is not None and target.form == "below" and "search_path" in workspace.sources[target.path].text


def _of_statements(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for statement in read_sql(query.source.text).statements:
        for search_path in statement.search_paths:
            missing = sorted(_needs(query, workspace) - set(search_path.schemas))
            place = query.source.locate(search_path.start, search_path.end)
            whose = "queries of this file" if query.source.is_written(0) else "the queries that it may be for"
            if missing and place is not None:
                yield workspace.finding(
                    RULE,
                    place,
                    f"this search_path lacks {', '.join(missing)}, where {whose} find their tables",
                    "add what bare names need, in the order that decides between equal names",
                    Impact.MEDIUM,
                    Fix(Safety.MANUAL, Reason.MEANING_WIDENS),
                )


def _needs(query: Query, workspace: Workspace) -> frozenset[str]:
    if query.evidence is Evidence.FILE and not query.source.is_written(0):
        return workspace.needs_under(PurePosixPath(query.path).parent.as_posix())
    return workspace.needs(query.path)

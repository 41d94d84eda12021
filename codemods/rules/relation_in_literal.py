"""A string inside SQL names a relation that moved, or filters a catalog by the old schema.

What it does: finds names in `'users'::regclass`, `nextval('users_id_seq')`, `create_hypertable('users', 'time')` and
the like, and gives them their new schema; also what functions of the tree take as `regclass`. So it does with a filter
that names its tables, all of which moved to one schema: `table_schema = 'public' AND table_name = 'users'`, or
`TG_TABLE_SCHEMA = 'public'` in a trigger's function. Other filters by the old schema are reported.

Why is this bad: the name is looked up when the statement runs, and fails then. A catalog filter silently finds
nothing.

Example: `SELECT nextval('users_id_seq')`

Use instead: `SELECT nextval('shared_common.users_id_seq')`

Fix safety: as for `unprefixed-table`; a catalog filter that does not say which tables it is about, or is about tables
of several schemas, is manual (`meaning-widens`), because one schema has become several.
"""

from collections.abc import Iterator

from codemods.fixes.catalogs import MovedFilter, moved_filters
from codemods.fixes.doubt import doubt
from codemods.fixes.rename import other_use, renamed
from codemods.mapping import Moved
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import Query
from codemods.workspace import Workspace

GROUP = "sql"
LOOKS_AT = (Query,)


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for use in workspace.uses(query):
        if not use.reference.literal or not isinstance(use.resolution, Moved):
            continue
        relation = use.resolution.relation
        message = f"the text names {use.reference.parts[-1].name}, which is now {relation.qualified}"
        yield from renamed("relation-in-literal", message, query, use, relation, workspace)
    for found in moved_filters(query, workspace):
        asked = found.condition.schema or found.condition.relations[0]
        place = query.source.locate(asked.start, asked.end)
        if place is not None:
            yield workspace.finding(
                "relation-in-literal",
                place,
                f"the catalog filter {asked.name!r} no longer finds the tables that moved",
                _help(found),
                fix=_fix(query, found, workspace),
            )


def _help(found: MovedFilter) -> str:
    if not found.changes:
        return "name the schemas that the question is about"
    return f"ask for {', '.join(new for _, new in found.changes)}"


def _fix(query: Query, found: MovedFilter, workspace: Workspace) -> Fix:
    if not found.changes:
        return Fix(Safety.MANUAL, Reason.MEANING_WIDENS)
    edits = []
    for old, new in found.changes:
        place = query.source.locate(old.start, old.end)
        if place is None:
            return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
        if other := other_use(query, old.start, workspace):
            return Fix(Safety.MANUAL, Reason.CONFLICTING_USES, note=f"the text is also {other}")
        edits.append(workspace.edit(place, new))
    reason = doubt(query, found.statement, workspace)
    return Fix(Safety.UNSAFE if reason else Safety.SAFE, reason, tuple(edits))

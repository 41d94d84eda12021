"""A string inside SQL names a relation that moved, or filters a catalog by the old schema.

What it does: finds names in `'users'::regclass`, `nextval('users_id_seq')`, `pg_total_relation_size('users')` and
the like, and gives them their new schema. Filters such as `table_schema = 'public'` are reported.

Why is this bad: the name is looked up when the statement runs, and fails then. A catalog filter silently finds
nothing.

Example: `SELECT nextval('users_id_seq')`

Use instead: `SELECT nextval('shared_common.users_id_seq')`

Fix safety: names as for `unprefixed-table`; catalog filters are manual (`meaning-widens`), because one schema has
become several.
"""

from collections.abc import Iterator

from codemods.mapping import Moved
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import Query
from codemods.rename import renamed
from codemods.workspace import Workspace, read_sql

GROUP = "sql"
LOOKS_AT = (Query,)


def check(query: Query, workspace: Workspace) -> Iterator[Finding]:
    for use in workspace.uses(query):
        if not use.reference.literal or not isinstance(use.resolution, Moved):
            continue
        relation = use.resolution.relation
        message = f"the text names {use.reference.parts[-1].name}, which is now {relation.qualified}"
        yield from renamed("relation-in-literal", message, query, use, relation, workspace)
    for statement in read_sql(query.source.text).statements:
        for condition in statement.catalog_filters:
            place = query.source.locate(condition.start, condition.end)
            if place is not None and condition.value in workspace.mapping.old_schemas:
                yield workspace.finding(
                    "relation-in-literal",
                    place,
                    f"the catalog filter {condition.value!r} no longer finds the tables that moved",
                    "name the schemas that the question is about",
                    fix=Fix(Safety.MANUAL, Reason.MEANING_WIDENS),
                )

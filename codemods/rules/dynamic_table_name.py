"""A statement whose relation is only known at run time.

What it does: reports queries that put a value where a relation's name stands, when relink cannot tell the names
that the value can have; and calls that take a table's name apart from its schema.

Why is this bad: if one of the names moved, the statement fails and no search finds it.

Example: `cursor.execute(f"DELETE FROM {table}")`, `frame.to_sql(table, engine)`

Use instead: names with their schema at the place where the value is made.

The same holds for what `EXECUTE` or `format('… %I')` puts together on the server, unless it is a literal, and for
variables of psql.

Names that a query of `pg_class` gives are followed: where all of them only name relations, the query is to give them
with their schema, `SELECT oid::regclass::text AS relname`.

A table of SQLAlchemy's metadata gives its name with `.name`, and with `.fullname` the schema too.

Fix safety: manual (`runtime-value`); for a query of `pg_class` as for `unprefixed-table`; for the name of a table of a
metadata safe where a relation's name is all that it is for, and the statement is not to empty or drop it outside of
tests.
"""

import re
from collections.abc import Iterator

from codemods.declarations import read_sql
from codemods.fixes.catalog_names import is_qualified, qualifying_edit
from codemods.fixes.doubt import doubt
from codemods.fixes.schema_argument import argument_place
from codemods.fixes.table_name import give_full_name, is_full_name
from codemods.mapping import Ambiguous, Moved
from codemods.model import Finding, Fix, Impact, Reason, Safety
from codemods.occurrences import Evidence, Query, TableArgument
from codemods.sourcemap import Range
from codemods.sql import Identifier, Kind, Reference, qualified_names
from codemods.sql.tokens import HOLE
from codemods.workspace import Workspace

GROUP = "sql"
LOOKS_AT = (Query, TableArgument)
_PIECES = re.compile(rf"{HOLE}|%(?:\d+\$)?[il]")
_PIECES_OF_FILES = re.compile(rf"{HOLE}|%(?:\d+\$)?[isl]|^:")
_KINDS = (Kind.RELATION, Kind.SEQUENCE, Kind.INDEX)


def check(occurrence: Query | TableArgument, workspace: Workspace) -> Iterator[Finding]:
    if isinstance(occurrence, Query):
        yield from _check_query(occurrence, workspace)
    elif HOLE in occurrence.source.text and _may_have_moved(occurrence, workspace):
        names = " and ".join(occurrence.source.unknown(0, len(occurrence.source.text))) or "a value"
        what = "table" if occurrence.described.kind == "relation" else occurrence.described.kind
        yield workspace.finding(
            "dynamic-table-name",
            argument_place(occurrence, workspace),
            f"the name of a {what} comes from {names}, which relink cannot follow, and no schema is given for it",
            "make sure that each name it can have is given its schema",
            Impact.MEDIUM,
            Fix(Safety.MANUAL, Reason.RUNTIME_VALUE),
        )


def _may_have_moved(argument: TableArgument, workspace: Workspace) -> bool:
    """Whether a name that run time makes may be one that moved, by what is known of it."""
    if argument.has_schema or (argument.default and argument.default not in workspace.mapping.old_schemas):
        return False
    may_be = re.compile(".*".join(map(re.escape, argument.source.text.split(HOLE))))
    kind = argument.described.kind
    return any(
        isinstance(workspace.mapping.resolve((name,), kind, None, argument.path), (Moved, Ambiguous))
        for name in workspace.mapping.words
        if may_be.fullmatch(name)
    )


def _check_query(query: Query, workspace: Workspace) -> Iterator[Finding]:
    if query.evidence is Evidence.CALL:
        yield from _names_from_catalog(query, workspace)
    elif query.evidence not in (Evidence.CONTENT, Evidence.FILE) or query.expected:
        return
    for statement in read_sql(query.source.text).statements:
        for reference in statement.references:
            parts = reference.parts
            if not any(_is_filled(part, query) for part in parts) or not _is_of_interest(reference, query, workspace):
                continue
            of_schema = len(parts) > 1 and not _is_filled(parts[-2], query)
            if of_schema and not _may_have_left(parts[-2].name, workspace):
                continue
            origin = query.source.run_at(parts[-1].start).origin
            if origin is not None and is_qualified(origin, workspace):
                continue
            place = _place(query, parts[0].start)
            if place is not None and not is_full_name(reference, query):
                fix = give_full_name(reference, query, workspace) or Fix(Safety.MANUAL, Reason.RUNTIME_VALUE)
                written = query.source.text[parts[0].start : parts[-1].end].replace(HOLE, "…")
                what = "table" if reference.kind is Kind.RELATION else reference.kind.value
                names = " and ".join(query.source.unknown(parts[0].start, parts[-1].end)) or "a value"
                yield workspace.finding(
                    "dynamic-table-name",
                    place,
                    f"{statement.verb} takes its {what} {written} from {names}, which "
                    + ("gives no schema" if fix.edits else "relink cannot follow"),
                    "write .fullname" if fix.edits else "make sure that the names it can have carry their schema",
                    Impact.MEDIUM,
                    fix,
                )


def _may_have_left(schema: str, workspace: Workspace) -> bool:
    """Whether relations may have moved out of a schema."""
    return schema in workspace.mapping.old_schemas and schema not in workspace.mapping.schemas


def _is_of_interest(reference: Reference, query: Query, workspace: Workspace) -> bool:
    """Whether the name may be one that moved; that of a type or function, mostly PostgreSQL's own, has to be one."""
    if reference.kind in _KINDS:
        return True
    name = (reference.parts[-1].name,)
    kind = reference.kind.value
    return isinstance(workspace.mapping.resolve(name, kind, query.database, query.path), (Moved, Ambiguous))


def _names_from_catalog(query: Query, workspace: Workspace) -> Iterator[Finding]:
    statements = read_sql(query.source.text).statements
    for origin in {origin.column: origin for _, _, origin in workspace.answered.get(query.source.first(), ())}.values():
        change = qualified_names(query.source.text, origin.column)
        edit = qualifying_edit(origin, workspace)
        place = query.source.locate(*change[:2]) if change else None
        if change is None or edit is None or place is None:
            continue
        reason = doubt(query, statements[0], workspace)
        yield workspace.finding(
            "dynamic-table-name",
            place,
            "statements take names from this query, which gives them without their schema",
            f"ask for {change[2]}",
            Impact.MEDIUM,
            Fix(Safety.UNSAFE if reason else Safety.SAFE, reason, (edit,)),
        )


def _is_filled(part: Identifier, query: Query) -> bool:
    """Whether run time puts in a piece of the name; in files, which no driver fills in, psql does so too."""
    pieces = _PIECES_OF_FILES if query.evidence is Evidence.FILE else _PIECES
    return part.partial and pieces.search(part.name) is not None


def _place(query: Query, start: int) -> Range | None:
    """The last written character before the name, since the name itself is written elsewhere."""
    for index in range(start, -1, -1):
        place = query.source.locate(index, index + 1)
        if place is not None:
            return place
    return query.source.first()

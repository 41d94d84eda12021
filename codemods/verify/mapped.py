"""The tables that a tree's ORM classes and migrations define, as they were on the old layout."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.catalog.mapped import mapped_table
from codemods.catalog.snapshot import Name
from codemods.catalog.tables import Table
from codemods.mapping import Already
from codemods.python.columns import ColumnReader
from codemods.sql import HOLE
from codemods.workspace import Workspace


def mapped_tables(workspace: Workspace, reader: ColumnReader) -> Iterator[Table]:
    """A table for each class or call that names one and has columns."""
    found = []
    for each in workspace.tables:
        columns = reader.read(each.path, each.at)
        if each.described.kind == "relation" and columns.columns and HOLE not in each.source.text:
            found.append((each, columns))
    by_name = {each.source.text: columns for each, columns in found}
    for each, columns in found:
        schema = each.schema.text if each.schema else each.default or "public"
        place = workspace.mapping.resolve((schema, each.source.text), "relation", None, each.path)
        old = place.relation if isinstance(place, Already) else None
        name = Name(old.old_schema, old.old_name) if old else Name(schema, each.source.text)
        yield mapped_table(name, columns, by_name)

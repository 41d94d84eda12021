"""The plan's table of what is affected: as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from codemods.rollout.steps import Row

_WHAT = {
    "connections": "connection settings",
    "sql": "SQL table paths",
    "orm": "ORM classes and query builders",
    "redis": "Redis keys and databases",
    "docs": "documents, logs and comments",
    "tool": "what relink could not look at",
}
_HEADINGS = ("impact", "what", "files", "places", "automatic", "on request", "by hand")


def _cells(row: Row) -> tuple[str, ...]:
    what = _WHAT.get(row.group, row.group)
    return (row.impact.value, what, *map(str, (row.files, row.places, row.safe, row.unsafe, row.manual)))


def render(rows: Sequence[Row]) -> str:
    """The table, columns aligned."""
    table = [_HEADINGS, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(_HEADINGS))]
    lines = (
        "  ".join(cell.ljust(width) if column < 2 else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(line, widths, strict=True)))
        for line in table
    )  # fmt: skip
    return "".join(f"{line.rstrip()}\n" for line in lines)


def render_markdown(rows: Sequence[Row]) -> str:
    """The table for a pull request or a plan."""
    lines = [_HEADINGS, ("---", "---", *["---:"] * 5), *map(_cells, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def render_json(rows: Sequence[Row]) -> str:
    """A list of objects with the fields of `Row`."""
    return json.dumps([{**row._asdict(), "impact": row.impact.value} for row in rows], indent=1) + "\n"

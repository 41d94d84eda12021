"""Jupyter notebooks: cells of Python through the same door as files of Python; outputs and metadata stay.

Lines of magic are masked for Python and read here: `%sql`, `%%sql`, `%%bash`, `!psql`.
Source: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemods.configuration.tree import Items, Node, Scalar, Table
from codemods.excerpts import Excerpt, in_json
from codemods.formats.json_file import tree, values
from codemods.occurrences import Embedded, Engine, Evidence, Occurrence, Query
from codemods.source import NOTEBOOK_SUFFIX, Source, Unparsable, Unreadable
from codemods.sourcemap import Run, SourceMap, joined
from codemods.sql import looks_like_sql

NAMES = (f"*{NOTEBOOK_SUFFIX}",)

__all__ = ["NAMES", "read", "tree", "values", "view"]

_BETWEEN = "\n\f\n"
_CELL = re.compile(r"(?:\A|\f\n)(?P<cell>(?:(?!\n\f\n)[\s\S])*)")
_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+)[^\n]*(?:\n|\Z)")
_LINE_MAGIC = re.compile(r"^[ \t]*(?:[\w, \t]+=[ \t]*)?(?P<sign>!|%(?P<name>\w+)[ \t])(?P<rest>[^\n]*)", re.MULTILINE)
_ASSIGNED = re.compile(r"^(?P<target>[ \t]*[\w, \t]+=[ \t]*)(?P<magic>[!%][^\n]*)", re.MULTILINE)
_MAGIC = re.compile(r"^([ \t]*)[!%?][^\n]*", re.MULTILINE)
_HELP = re.compile(r"^[ \t]*[\w.]+\?+[ \t]*$", re.MULTILINE)
_LETTER = re.compile(r"[^\n]")
_NOT_PYTHON = frozenset(
    ["sql", "bash", "sh", "script", "html", "javascript", "js", "latex", "markdown", "writefile", "R"]
)
_SHELL = ("bash", "sh", "script")


def read(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in the magic of the cells that a view shows."""
    for found in _CELL.finditer(text.text):
        cell = text.slice(*found.span("cell"))
        magic = _CELL_MAGIC.match(cell.text)
        if magic:
            yield from _magic(magic["name"], cell.slice(magic.end(), len(cell.text)), path)
            continue
        for line in _LINE_MAGIC.finditer(cell.text):
            yield from _magic(line["name"] or "sh", cell.slice(*line.span("rest")), path)


def _magic(name: str, text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    if name in _SHELL:
        yield Embedded("cell.sh", text)
    elif name == "sql" and looks_like_sql(text.text):
        first = text.first()
        yield Query(text, Evidence.CONTENT, Engine.UNKNOWN, path, first.start if first else 0)


def view(source: Source) -> Excerpt | Unreadable:
    """The code of all cells as one text, with a form feed between them."""
    try:
        cells = list(_cells(tree(SourceMap([Run(source.path, source.text)]))))
    except Unparsable as error:
        return Unreadable(source.path, str(error))
    shown = _BETWEEN.join(cell.text for cell in cells)
    places: list[int] = []
    end = 0
    for cell in cells:
        places += [end] * (len(_BETWEEN) if places else 0)
        for run in cell.runs:
            places += [run.place(index) for index in range(len(run.text))]
            end = run.place(len(run.text))
    return Excerpt(
        source.path, source.data, source.encoding, source.mark, source.name, source.is_template,
        file=source, shown=shown, places=(*places, end), masked=_masked(shown), escape=in_json,
    )  # fmt: skip


def _cells(root: Node) -> Iterator[SourceMap]:
    """The text of each cell of code; none when the notebook speaks another language."""
    if _find(root, "metadata", "language_info", "name") not in (None, "python"):
        return
    cells = next((node for key, node in root.items if key == "cells"), None) if isinstance(root, Table) else None
    for cell in cells.nodes if isinstance(cells, Items) else ():
        if isinstance(cell, Table) and cell.scalar("cell_type") == "code":
            for key, node in cell.items:
                if key == "source":
                    parts = node.nodes if isinstance(node, Items) else (node,)
                    text = joined(part.text for part in parts if isinstance(part, Scalar))
                    if text.text:
                        yield text


def _find(node: Node, *keys: str) -> str | None:
    for key in keys:
        if not isinstance(node, Table):
            return None
        found = next((value for name, value in node.items if name == key), None)
        if found is None:
            return None
        node = found
    return node.text.text if isinstance(node, Scalar) else None


def _masked(shown: str) -> str:
    """The cells as Python, in as many characters: magic becomes comments, or a number where it has a value."""
    cells = []
    for cell in shown.split(_BETWEEN):
        magic = _CELL_MAGIC.match(cell)
        if magic and magic["name"] in _NOT_PYTHON:
            cells.append(_LETTER.sub("#", cell))
            continue
        text = _ASSIGNED.sub(lambda found: f"{found['target']}0{'#' * (len(found['magic']) - 1)}", cell)
        text = _HELP.sub(lambda found: "#" * len(found.group()), text)
        cells.append(_MAGIC.sub(lambda found: found[1] + "#" * (len(found.group()) - len(found[1])), text))
    return _BETWEEN.join(cells)

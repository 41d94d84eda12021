"""`.env` files: a setting a line, perhaps quoted, perhaps exported."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemods.configuration.read import read as read_tree
from codemods.configuration.tree import Node, Scalar, Table
from codemods.occurrences import Embedded, Occurrence
from codemods.sourcemap import SourceMap

NAMES = (".env", ".env.*", "*.env", ".env-*", "env.example", ".flaskenv", "*.env.*")

_SETTING = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][\w.\-]*)[ \t]*=[ \t]*"
    r"(?:'(?P<single>[^']*)'|\"(?P<double>(?:[^\"\\]|\\[\s\S])*)\""
    r"|(?P<plain>[^\r\n]*?)(?=[ \t]*(?:[ \t]#[^\r\n]*)?\r?$))",
    re.MULTILINE,
)
_ESCAPE = re.compile(r"\\([\\\"$`nrt])")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t"}


def read(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in the settings of a file; lines that are none are passed over, as every reader of them does."""
    yield from read_tree(tree(text), path)


def tree(text: SourceMap) -> Node:
    """The settings, in order."""
    return Table(tuple((match["key"], Scalar(_value(text, match))) for match in _SETTING.finditer(text.text)))


def _value(text: SourceMap, match: re.Match[str]) -> SourceMap:
    group = next(name for name in ("single", "double", "plain") if match[name] is not None)
    value = text.slice(*match.span(group))
    if group == "double":
        return value.replace(_ESCAPE, lambda escape: _SIMPLE.get(escape[1], escape[1]))
    return value

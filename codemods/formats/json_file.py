"""JSON files, with the comments and last commas that settings of editors have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from codemods.configuration.read import read as read_tree
from codemods.configuration.tree import Items, Node, Scalar, Table
from codemods.occurrences import Embedded, Occurrence
from codemods.source import Unparsable
from codemods.sourcemap import SourceMap

NAMES = ("*.json", "*.jsonc", "*.json5", ".babelrc", "*.webmanifest")
LARGEST = 2_000_000

_TOKEN = re.compile(
    r"(?:[ \t\r\n\ufeff]|//[^\r\n]*(?![^\r\n])|/\*(?:(?!\*/)[\s\S])*\*/)*"
    r"(?:(?:\"(?P<string>[^\"\\]*(?:\\[\s\S][^\"\\]*)*)\"|(?P<word>[^\s\[\]{}:,\"/]+))(?P<colon>[ \t\r\n]*:)?"
    r"|(?P<sign>[\[\]{}:,])|(?P<end>\Z))"
)
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|(?P<simple>[\s\S]))"
)
_DEEPEST = 200
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def read(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in the values of a file. Raises `Unparsable`."""
    yield from read_tree(tree(text), path)


def tree(text: SourceMap) -> Node:
    """The whole value, or a list of them where several stand in a row. Raises `Unparsable`."""
    nested: list[tuple[str, list[tuple[str, Node]]]] = [("", [])]
    keys = [""]
    for match in _tokens(text.text):
        sign = match["sign"]
        if sign in ("{", "["):
            if len(nested) > _DEEPEST:
                raise Unparsable("JSON", "it is nested too deeply", text.text.count("\n", 0, match.start()) + 1)
            nested.append((sign, []))
            keys.append("")
            continue
        opening, items = nested[-1]
        if sign in ("}", "]"):
            if opening + sign not in ("{}", "[]"):
                raise _error(text.text, match.start("sign"))
            nested.pop()
            keys.pop()
            node: Node = Table(tuple(items)) if sign == "}" else Items(tuple(node for _, node in items))
        elif sign is not None:
            continue
        else:
            node = Scalar(_value(text, match))
            if opening == "{" and match["colon"]:
                keys[-1] = node.text.text
                continue
        nested[-1][1].append((keys[-1], node))
    if len(nested) != 1:
        raise _error(text.text, len(text.text))
    found = tuple(node for _, node in nested[0][1])
    return found[0] if len(found) == 1 else Items(found)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while match := _TOKEN.match(text, position):
        if match["end"] is not None:
            return
        yield match
        position = match.end()
    raise _error(text, position)


def _error(text: str, position: int) -> Unparsable:
    return Unparsable("JSON", "a value or a bracket is missing", text.count("\n", 0, position) + 1)


def _value(text: SourceMap, match: re.Match[str]) -> SourceMap:
    if match["string"] is None:
        return text.slice(*match.span("word"))
    return text.slice(*match.span("string")).replace(_ESCAPE, _unescaped)


def _unescaped(match: re.Match[str]) -> str:
    if match["simple"]:
        return _SIMPLE.get(match["simple"], match["simple"])
    said = str(json.loads(f'"{match.group()}"'))
    return "\ufffd" if "\ud800" <= said <= "\udfff" else said  # half a pair is no character


def values(text: str) -> Any:
    """What the parser of the standard library makes of `text`. Raises `Unparsable`."""
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: [list(pair) for pair in pairs])
    except (ValueError, RecursionError) as error:
        raise Unparsable("JSON", "it cannot be read") from error

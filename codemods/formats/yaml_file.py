"""YAML files: Compose, Kubernetes, Helm, CI and settings of all kinds; comments, anchors and layout stay.

Libyaml parses, and its marks say where a value is written. Templates (`{{ … }}`, `{% … %}`) are masked before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import yaml

from codemods.configuration.read import read as read_tree
from codemods.configuration.tree import Items, Node, Scalar, Table
from codemods.occurrences import Embedded, Occurrence
from codemods.source import Unparsable
from codemods.sourcemap import Run, SourceMap, joined
from codemods.sql import HOLE

NAMES = ("*.yaml", "*.yml")
READS_TEMPLATES = True
LARGEST = 2_000_000
_LOADER: type = getattr(yaml, "CLoader", yaml.Loader)

_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_NOT_A_BREAK = re.compile(r"[^\r\n]")
_ONLY_TEMPLATE = re.compile(rf"^([ \t]*){HOLE}(?=[{HOLE} \t]*\r?$)", re.MULTILINE)
_BREAKS = r"[ \t]*(?:\r\n|\r|\n)[ \t]*(?:(?:\r\n|\r|\n)[ \t]*)*"
_BREAK = re.compile(r"\r\n|\r|\n")
_PLAIN = re.compile(_BREAKS)
_SINGLE = re.compile(rf"(?P<quote>'')|{_BREAKS}")
_DOUBLE = re.compile(
    rf"\\(?:(?P<line>(?:\r\n|\r|\n)[ \t]*)|x(?P<x>[0-9a-fA-F]{{2}})|u(?P<u>[0-9a-fA-F]{{4}})|U(?P<U>[0-9a-fA-F]{{8}})"
    rf"|(?P<simple>.))|{_BREAKS}",
    re.DOTALL,
)
_SIMPLE = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_PROPERTIES = re.compile(r"(?:[&!]\S*\s*)+")
_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|\r|\n|\Z)")
_FIRST_INDENT = re.compile(r"[|>][^\r\n]*(?:\r\n|\r|\n)(?:[ \t]*(?:\r\n|\r|\n))*(?P<indent> *)(?=[^ \r\n])")
_FOLD = re.compile(r"^(?P<line>[^ \t\n][^\n]*)\n(?P<more>\n*)(?=[^\n \t])", re.MULTILINE)
_NEWLINES = re.compile(r"\n+")


def read(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in the documents of a file. Raises `Unparsable`."""
    yield from read_tree(tree(text), path)


def tree(text: SourceMap) -> Node:
    """The list of the documents. Raises `Unparsable`."""
    plain = masked(text.text)
    try:
        return Items(tuple(_Documents(text, plain).nodes))
    except yaml.YAMLError as error:
        if plain != text.text:  # What looked like templates may be none.
            with suppress(yaml.YAMLError):
                return Items(tuple(_Documents(text, text.text).nodes))
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise Unparsable("YAML", problem, mark.line + 1 if mark else None) from error


def values(text: str) -> list[object]:
    """What PyYAML makes of `text`: the type and the value of each scalar. Raises `Unparsable`."""
    seen: set[int] = set()

    def value(node: yaml.Node) -> object:
        if id(node) in seen:
            return ""
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return [[value(key), value(item)] for key, item in node.value]
        return [value(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else [node.tag, node.value]

    try:
        documents = list(yaml.compose_all(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise Unparsable("YAML", "it cannot be read") from error
    return [value(document) for document in documents]


def masked(text: str) -> str:
    """`text` with words of equal length for its templates, or a comment for one that fills its lines."""
    if "{{" not in text and "{%" not in text:
        return text
    holes = _TEMPLATE.sub(lambda found: _NOT_A_BREAK.sub(HOLE, found.group()), text)
    return _ONLY_TEMPLATE.sub(r"\1#", holes)


class _Documents:
    """Builds the trees of a text from the parser's events."""

    def __init__(self, text: SourceMap, plain: str) -> None:
        self._text = text
        self._masked = text if plain == text.text else SourceMap([Run("", plain)])
        self._anchors: dict[str, Node] = {}
        self._events = iter(yaml.parse(plain, Loader=_LOADER))
        self.nodes = []
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
                self.nodes.append(self._node(next(self._events)))

    def _node(self, event: yaml.Event) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(event.anchor or "", Table(()))
        if isinstance(event, yaml.ScalarEvent):
            node: Node = Scalar(self._scalar(event))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Items(tuple(self._node(each) for each in self._until(yaml.SequenceEndEvent)))
        else:
            node = Table(tuple(self._pair(each) for each in self._until(yaml.MappingEndEvent)))
        anchor = getattr(event, "anchor", None)
        if anchor:
            self._anchors[anchor] = node
        return node

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _pair(self, event: yaml.Event) -> tuple[str, Node]:
        key = self._node(event)
        return (key.text.text if isinstance(key, Scalar) else ""), self._node(next(self._events))

    def _scalar(self, event: yaml.ScalarEvent) -> SourceMap:
        if event.start_mark is None or event.end_mark is None:
            return SourceMap([Run("", event.value)])
        start, end = event.start_mark.index, event.end_mark.index
        properties = _PROPERTIES.match(self._masked.text, start, end) if event.anchor or event.tag else None
        start = properties.end() if properties else start
        written = self._text.slice(start, end)
        if written.text == event.value:
            return written
        for decode in _decoders(event.style, written.text):
            if decode(self._masked.slice(start, end)).text == event.value:
                return decode(written)
        return written


def _decoders(style: str | None, written: str) -> Iterator[Callable[[SourceMap], SourceMap]]:
    """Every way in which a scalar of this style may have to be decoded, the usual one first."""
    if style not in ("|", ">"):
        yield {"'": _single, '"': _double}.get(style or "", _plain)
        return
    first = _FIRST_INDENT.match(written)
    width = len(first["indent"]) if first else 0
    for indent in range(width, -1, -1):  # The header may say that less of it is indentation.
        if style == ">":
            yield partial(_folded, indent=indent)
        yield partial(_literal, indent=indent)


def _break(match: re.Match[str]) -> str:
    """What a folded line break says: a space, or one break less than there are."""
    return "\n" * (len(_BREAK.findall(match.group())) - 1) or " "


def _plain(raw: SourceMap) -> SourceMap:
    return raw.replace(_PLAIN, _break)


def _single(raw: SourceMap) -> SourceMap:
    inner = raw.slice(1, len(raw.text) - 1)
    return inner.replace(_SINGLE, lambda match: "'" if match["quote"] else _break(match))


def _double(raw: SourceMap) -> SourceMap:
    return raw.slice(1, len(raw.text) - 1).replace(_DOUBLE, _unescaped)


def _unescaped(match: re.Match[str]) -> str:
    if match["line"] is not None:
        return ""
    code = match["x"] or match["u"] or match["U"]
    if code:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else match.group()
    return _break(match) if match["simple"] is None else _SIMPLE.get(match["simple"], match["simple"])


def _literal(raw: SourceMap, indent: int) -> SourceMap:
    header = _HEADER.match(raw.text)
    sign = header.group() if header else ""
    body = raw.slice(len(sign), len(raw.text))
    margin = rf"|^ {{1,{indent}}}" if indent else ""
    lines = body.replace(re.compile(rf"\r\n?{margin}", re.MULTILINE), _line_start)
    if "+" in sign:
        return lines
    kept = len(lines.text.rstrip("\n"))
    return lines.slice(0, kept if "-" in sign else min(kept + 1, len(lines.text)))


def _line_start(match: re.Match[str]) -> str:
    return "" if match.group().startswith(" ") else "\n"


def _folded(raw: SourceMap, indent: int) -> SourceMap:
    lines = _literal(raw, indent)

    def new(match: re.Match[str]) -> SourceMap:
        breaks = lines.slice(match.end("line"), match.end())
        return joined([lines.slice(*match.span("line")), breaks.replace(_NEWLINES, lambda _: match["more"] or " ")])

    return lines.replace(_FOLD, new)

"""SQL inside of string literals: the text they stand for, and the way back to where it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .cursor import unescape_unicode
from .model import CatalogFilter, Identifier, Reference, SearchPath
from .tokens import DOLLAR, HOLE, META, Tokens, lex

_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|''", re.DOTALL)


Piece = tuple[int, bool]
"""A token of a text that is put together: its index, and whether it is unknown until run time."""


def join(tokens: Tokens, pieces: Sequence[Piece]) -> tuple[str, Sequence[int]]:
    """What the pieces stand for one after the other, with a HOLE for what is unknown; places as in `decode`."""
    if len(pieces) == 1:
        return decode(tokens, pieces[0][0])
    texts: list[str] = []
    places: list[int] = []
    end = 0
    for index, unknown in pieces:
        if unknown:
            texts.append(HOLE)
            places.append(tokens.starts[index])
            end = tokens.ends[index]
        else:
            text, inner = decode(tokens, index)
            texts.append(text)
            places.extend(inner[:-1])
            end = inner[-1]
    return "".join(texts), [*places, end]


def decode(tokens: Tokens, index: int) -> tuple[str, Sequence[int]]:
    r"""What the literal at `index`, or the query of a `\copy (…)`, stands for, and for each character its place.

    The places have one more entry: where the literal's text ends.
    """
    start, end = tokens.starts[index], tokens.ends[index]
    text = tokens.text
    if tokens.kinds[index] == DOLLAR:
        tag = text.index("$", start + 1) + 1 - start
        return text[start + tag : end - tag], range(start + tag, end - tag + 1)
    if tokens.kinds[index] == META:
        opens = text.index("(", start)
        query = lex(text[opens:end], script=False)
        return text[opens + 1 : opens + query.starts[query.match[0]]], range(opens + 1, end + 1)
    quote = text.index("'", start)
    body = text[quote + 1 : end - 1]
    if start < quote and text[start] in "uU":
        body = unescape_unicode(body) if len(unescape_unicode(body)) == len(body) else ""
    escapes = start < quote and text[start] in "eE"
    if "'" not in body and not (escapes and "\\" in body):
        return body, range(quote + 1, quote + 2 + len(body))
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for found in _ESCAPE.finditer(body):
        if found[0] != "''" and not escapes:
            continue
        pieces.append(body[at : found.start()])
        places.extend(range(quote + 1 + at, quote + 1 + found.start()))
        pieces.append(_character(found[1]))
        places.append(quote + 1 + found.start())
        at = found.end()
    pieces.append(body[at:])
    places.extend(range(quote + 1 + at, quote + 2 + len(body)))
    return "".join(pieces), places


def _character(escape: str | None) -> str:
    if escape is None:
        return "'"
    if escape[0] in "xuU" and len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code <= 0x10FFFF else "?"
    if escape[0] in "01234567":
        return chr(int(escape, 8) & 0xFF)
    return _SIMPLE_ESCAPES.get(escape, escape)


class Lift:
    """Moves what was read in a literal's text to where it is written in the text around it."""

    def __init__(self, places: Sequence[int], inner: str, outer: str) -> None:
        self.places = places
        self.inner = inner
        self.outer = outer
        self.lossy = False
        self._exact = True

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The outer span; notes when the text there is written with escapes."""
        if end <= start:
            return self.places[start], self.places[start]
        first, last = self.places[start], self.places[end - 1] + 1
        inner = self.inner[start:end]
        if self.outer[first:last] != inner and HOLE not in inner:
            self._exact = False
        return first, last

    def identifier(self, part: Identifier) -> Identifier:
        """The identifier at its outer place."""
        start, end = self.span(part.start, part.end)
        return replace(part, start=start, end=end)

    def references(self, found: Iterable[Reference]) -> Iterator[Reference]:
        """The references at their outer places, without those that are written with escapes."""
        for reference in found:
            lifted = replace(reference, parts=tuple(self.identifier(part) for part in reference.parts))
            if self._settle():
                yield lifted

    def filters(self, found: Iterable[CatalogFilter]) -> Iterator[CatalogFilter]:
        """The filters at their outer places, without those that are written with escapes."""
        for item in found:
            schema = self.identifier(item.schema) if item.schema else None
            relations = tuple(self.identifier(part) for part in item.relations)
            if self._settle():
                yield replace(item, schema=schema, relations=relations)

    def paths(self, found: Iterable[SearchPath]) -> Iterator[SearchPath]:
        """The search paths at their outer places, without those that are written with escapes."""
        for path in found:
            start, end = self.span(path.start, path.end)
            if self._settle():
                yield SearchPath(start, end, path.schemas)

    def _settle(self) -> bool:
        """Whether all spans since the last call were exact; `lossy` remembers when they were not."""
        exact, self._exact = self._exact, True
        self.lossy |= not exact
        return exact

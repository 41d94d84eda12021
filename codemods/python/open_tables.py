"""Which parameters of a statement give it a table that may have moved, as far as the callers in sight say."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache

from codemods.python.passed import PassedNames
from codemods.python.values import Chunk, Hole, Parameter, Piece, Text, describe, source_map
from codemods.sql.tokens import HOLE

_TABLE = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE|USING|TABLE|REFERENCES|TRUNCATE|EXISTS|ON)\s+(?:ONLY\s+)?(?:\"?\w+\"?\.)?\"?"
    rf"(?P<name>\w*{HOLE}[\w{HOLE}]*)",
    re.IGNORECASE,
)
MOST_CALLERS = 100
"""Of a function with more the parameters stay open."""


class OpenTables:
    """Looks at statements that nothing is seen to run; `names` are the old names, in lower case."""

    def __init__(self, names: Set[str], passed: PassedNames) -> None:
        self._names = names
        self._passed = passed
        self._may_fit = cache(self._fits)

    def keep(self, text: Text) -> Text:
        """`text` with those parameters only that can give such a name; what others give is a hole."""
        if not any(isinstance(piece, Parameter) for piece in text.pieces):
            return text
        spans = [found.span("name") for found in _TABLE.finditer(source_map(text).text) if self._may_fit(found["name"])]
        pieces: list[Piece] = []
        at = 0
        for piece in text.pieces:
            if isinstance(piece, Parameter):
                span = next(((start, end) for start, end in spans if start <= at < end), None)
                is_open = span is not None and (span != (at, at + 1) or self._passed.may_give(piece))
                pieces.append(piece if is_open else Hole(describe(piece)))
            else:
                pieces.append(piece)
            at += len(piece.text) if isinstance(piece, Chunk) else 1
        return Text(tuple(pieces))

    def _fits(self, name: str) -> bool:
        """Whether an old name is like `name`, which has holes."""
        pattern = re.compile(re.escape(name).replace(re.escape(HOLE), r"[\w.]*"), re.IGNORECASE)
        return any(map(pattern.fullmatch, self._names))

"""Which parameters of a statement give it a table that may have moved, as far as the callers in sight say."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache

from codemods.python.evaluate import Follow
from codemods.python.link import versions
from codemods.python.operations import known_text
from codemods.python.records import Place, QueryCall, Records
from codemods.python.values import Chunk, Hole, Parameter, Piece, Text, Unknown, describe, source_map, texts
from codemods.sql.tokens import HOLE

_TABLE = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE|USING|TABLE|REFERENCES|TRUNCATE|EXISTS|ON)\s+(?:ONLY\s+)?(?:\"?\w+\"?\.)?\"?"
    rf"(?P<name>\w*{HOLE}[\w{HOLE}]*)",
    re.IGNORECASE,
)
_NOWHERE = Place("", 0)
MOST_CALLERS = 100
"""Of a function with more the parameters stay open."""


class OpenTables:
    """Looks at statements that nothing is seen to run; `names` are the old names, in lower case."""

    def __init__(self, records: Records, follow: Follow, names: Set[str]) -> None:
        self._records = records
        self._follow = follow
        self._names = names
        self._may_fit = cache(self._fits)
        self._may_give = cache(self._gives)

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
                is_open = span is not None and (span != (at, at + 1) or self._may_give(piece))
                pieces.append(piece if is_open else Hole(describe(piece)))
            else:
                pieces.append(piece)
            at += len(piece.text) if isinstance(piece, Chunk) else 1
        return Text(tuple(pieces))

    def _fits(self, name: str) -> bool:
        """Whether an old name is like `name`, which has holes."""
        pattern = re.compile(re.escape(name).replace(re.escape(HOLE), r"[\w.]*"), re.IGNORECASE)
        return any(map(pattern.fullmatch, self._names))

    def _gives(self, parameter: Parameter) -> bool:
        """Whether a caller passes an old name."""
        call = QueryCall(Text((parameter,)), Unknown(), _NOWHERE, "")
        return any(
            known.lower().rpartition(".")[2].strip('"') in self._names
            for version in versions(call, self._records, self._follow, MOST_CALLERS)
            for text in texts(version.value)
            if (known := known_text(text)) is not None
        )

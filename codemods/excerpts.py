"""Files whose text is written inside of another format: what a reader sees, and where each character stands.

A view counts characters in the text that it shows, and bytes in the file.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from codemods.source import Source


@dataclass(frozen=True)
class Excerpt(Source):
    """A file seen through `shown`; `places` are the characters of `file` where each of its characters stands.

    `places` has one more, for the end, and never falls. `masked` is `shown` with what is no Python made harmless, of
    equal length.
    """

    file: Source = field(kw_only=True)
    shown: str = field(kw_only=True)
    places: tuple[int, ...] = field(kw_only=True)
    masked: str = field(kw_only=True)
    escape: Callable[[str], str] = field(kw_only=True, default=str)

    @cached_property
    def text(self) -> str:
        return self.shown

    @property
    def python(self) -> str:
        return self.masked

    @property
    def lines(self) -> int:
        return self.file.lines

    def is_masked(self, character: int) -> bool:
        """Whether Python does not see the character as it is written."""
        return character < len(self.shown) and self.masked[character] != self.shown[character]

    def byte_offset(self, character: int) -> int:
        return self.file.byte_offset(self.places[character])

    def character_offset(self, byte: int) -> int:
        found = bisect_right(self.places, self.file.character_offset(byte)) - 1
        return max(found, 0)

    def line_column(self, byte: int) -> tuple[int, int]:
        return self.file.line_column(byte)

    def line_text(self, line: int) -> str:
        return self.file.line_text(line)

    def encode(self, text: str) -> bytes:
        return self.file.encode(self.escape(text))


def in_json(text: str) -> str:
    """`text` as it stands between the quotes of a string of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]

"""Which files can matter at all: a word scan over bytes, the first step of the funnel.

It may let through too much, never too little: a file is kept when it has a word of the mapping, an escape that
could hide one, or, in Python, a word of a driver's API that could hand on a name from another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from codemods.drivers.redis import ORDINARY, methods
from codemods.drivers.registry import Registry
from codemods.source import Source

_WORD = re.compile(rb"\w+")
_HIDING = re.compile(rb"\\(?:x[0-9a-fA-F]|u[0-9a-fA-F]|U[0-9a-fA-F]|N\{|[0-7]{2}|\r?\n)")
_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_REDIS_METHODS = frozenset(name.encode() for name in methods() if name not in ORDINARY)
_REDIS_HINTS = (b"redis", b"valkey", b"cache")


class Prefilter:
    """Says which files are candidates; `words` are names of the mapping, `prefixes` those of Redis keys."""

    def __init__(self, words: Iterable[str], registry: Registry, prefixes: Sequence[str] = ()) -> None:
        parts = {part for word in words for part in _WORD.findall(word.lower().encode())}
        firsts = [part for prefix in prefixes for part in _WORD.findall(prefix.lower().encode())[:1]]
        # An ORM's class UserSession maps the table user_session.
        self._words = frozenset({*parts, *(part.replace(b"_", b"") for part in parts), *firsts})
        self._starts = tuple(first for first in firsts if first.endswith(b"_"))
        self._needs_redis = len(firsts) > 0
        columns = (name for mapped in registry.classes for name in mapped.columns)
        keywords = (
            word
            for references in registry.references.values()
            for each in references
            for word in (each.names if each.position >= 0 else each.keywords)
        )
        names = (*registry.connects, *registry.queries, *registry.tables, *columns, *keywords)
        self._calls = frozenset(name.rsplit(".", 1)[-1].strip("[]").lower().encode() for name in names)
        self._needs_text = len(firsts) < len(prefixes) or any(not _ASCII.issuperset(word.lower()) for word in words)

    def keeps(self, source: Source, is_python: bool) -> bool:
        """Whether a file can name something of the mapping."""
        data = source.text.encode() if source.encoding.startswith(("utf-16", "utf-32")) else source.data
        lowered = data.lower()
        found = set(_WORD.findall(lowered))
        if not self._words.isdisjoint(found) or self._needs_text:
            return True
        if any(word.endswith(b"_seq") for word in found):  # A table's own sequence moves with it.
            return True
        if self._starts and any(word.startswith(self._starts) for word in found):
            return True
        if is_python and self._needs_redis and _speaks_redis(lowered, found):
            return True
        return is_python and (not self._calls.isdisjoint(found) or _HIDING.search(data) is not None)


def _speaks_redis(data: bytes, words: Set[bytes]) -> bool:
    return any(hint in data for hint in _REDIS_HINTS) or not _REDIS_METHODS.isdisjoint(words)

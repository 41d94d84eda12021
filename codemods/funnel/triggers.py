"""The first step of the funnel: which bytes could matter at all, decided without importing anything.

A scan for whole words at the speed of the interpreter's own C code. It runs before anything else of relink is
imported when a hook checks a file (see `hook`), so this module must stay free of imports.
"""

from __future__ import annotations

_TO_WORDS = bytes(
    c + 32 if 65 <= c <= 90 else c if 48 <= c <= 57 or c == 95 or 97 <= c <= 122 or c > 127 else 32 for c in range(256)
)
_LOUD = (b"FROM", b"INTO", b"JOIN", b"UPDATE", b"TABLE", b"TRUNCATE")
_ENDS = (b" ", b"\n", b"\r", b"\\", b'"', b"'")
_PHRASES = (b"select ", b"insert into", b"delete from", b"update {", b"update %", b'update "', b"update '")
_OF_SCHEMAS = (b"search_path", b"search-path", b"pg_dump", b"pg_restore")
_OWNED = frozenset((b"index", b"sequence", b"schema", b"nextval", b"setval", b"currval", b"regnamespace"))
_DONE_TO = frozenset((b"drop", b"alter", b"reindex", b"comment", b"grant", b"revoke", b"select"))
_HIDING = frozenset(b"\n\r01234567xu")


class Triggers:
    """What a mapping makes worth a look; all words are in lower case.

    `names`: old names. `classes`: names of classes that Django may make an old name of. `new_names`: for a word of an
    old name the qualified new names that it is part of. `calls`: words near which SQL or settings stand. `context`:
    words of files that others may need; so are `common` ones beside `topics`. `everything`: no file may be passed over.
    `key_starts` and `key_calls`: first words of Redis keys, and methods of clients. `mentioned` grows to those of
    `rows`, the words of all rows of the mapping, that were seen in some file.
    """

    def __init__(self, **sets: frozenset[bytes]) -> None:
        self.names = sets["names"]
        self.classes = sets["classes"]
        self.calls = sets["calls"]
        self.context = sets["context"]
        self.common = sets["common"]
        self.topics = sets["topics"]
        self.rows = sets["rows"]
        self.new_names: dict[bytes, list[bytes]] = {}
        self.key_starts: list[bytes] = []
        self.key_calls: frozenset[bytes] = frozenset()
        self.everything = False
        self.mentioned: set[bytes] = set()

    def look(self, data: bytes, is_python: bool) -> tuple[bool, bool]:
        """Whether a file with these bytes could hold a finding (too often yes, never wrongly no), and whether others
        may need it to be understood.
        """
        low = data.lower()
        words = words_of(low)
        self.mentioned |= self.rows.intersection(words)
        # Methods whose names mean many other things too say little by themselves.
        is_context = is_python and (
            not self.context.isdisjoint(words)
            or (not self.common.isdisjoint(words) and not self.topics.isdisjoint(words))
        )
        if not is_python and b"\\" in low:
            for escape in (b"\\n", b"\\t", b"\\r"):  # The letter of an escape is no part of the word behind it.
                low = low.replace(escape, b"  ")
            words |= words_of(low)
        may_report = self.everything or self.in_words(low, words) or self.in_keys(low, words)
        if not is_python and not may_report:
            may_report = any(word in low for word in _OF_SCHEMAS) or any(
                piece[:1] in (b"x", b"u") for piece in low.split(b"\\")[1:]
            )
        # Indexes and sequences move with their tables, whatever they are called.
        may_report = may_report or (not _OWNED.isdisjoint(words) and not _DONE_TO.isdisjoint(words))
        if is_python and not may_report:
            may_report = (
                self.in_classes(low, words)
                or not self.calls.isdisjoint(words)
                or any(phrase in low for phrase in _PHRASES)
                or any(word in data and any(word + end in data for end in _ENDS) for word in _LOUD)
                or any((piece[:1] and piece[0] in _HIDING) or piece[:2] == b"n{" for piece in low.split(b"\\")[1:])
            )
        return may_report, is_context

    def in_classes(self, low: bytes, words: frozenset[bytes]) -> bool:
        """Whether lower-case text defines a class whose name is the end of an old name."""
        return any(b"class %s" % word in low for word in self.classes.intersection(words))

    def in_keys(self, low: bytes, words: frozenset[bytes]) -> bool:
        """Whether lower-case text may have to do with the keys of Redis that the mapping moves."""
        return bool(self.key_starts) and (
            any(word in low for word in (b"redis", b"valkey", b"cache"))
            or not self.key_calls.isdisjoint(words)
            or any(start in words and _in_string(low, start) for start in self.key_starts)
            or any(word.startswith(start) for start in self.key_starts if start.endswith(b"_") for word in words)
        )

    def in_words(self, low: bytes, words: frozenset[bytes]) -> bool:
        """Whether lower-case text names something by its old name: mentions with the new schema do not count."""
        found = self.names.intersection(words)
        if found:
            for word in found:
                for new in self.new_names.get(word, ()):
                    low = low.replace(new, b" ")
            found = self.names.intersection(low.translate(_TO_WORDS).split())
        # A table's own sequence moves with it.
        return bool(found) or any(word.endswith(b"_seq") for word in words)


def _in_string(low: bytes, start: bytes) -> bool:
    """Whether the first word of a key can stand in a string, and not as a name with its type."""
    if low.count(start + b":") > low.count(start + b": ") + low.count(start + b":\n"):
        return True
    return any(start + end in low for end in (b'"', b"'", b"{", b"%", b"\\"))


def words_of(low: bytes) -> frozenset[bytes]:
    """The words of lower-case bytes: letters, digits, `_` and whatever is not ASCII."""
    return frozenset(low.translate(_TO_WORDS).split())

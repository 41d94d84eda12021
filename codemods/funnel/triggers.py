"""The first step of the funnel: which bytes could matter at all, decided without importing anything.

A scan for whole words at the speed of the interpreter's own C code. It runs before anything else of relink is
imported when a hook checks a file (see `hook`), so this module must stay free of imports.
"""

from __future__ import annotations

_TO_WORDS = bytes(
    c + 32 if 65 <= c <= 90 else c if 48 <= c <= 57 or c == 95 or 97 <= c <= 122 or c > 127 else 32 for c in range(256)
)
_ENDS = (b" ", b"\n", b"\r", b"\\", b'"', b"'")
# What a table's name stands behind; `from` alone says nothing in Python, nor do these in lower case.
_ANCHORS = frozenset(
    b"from join into update table using truncate references only exists view sequence index lock copy analyze vacuum"
    b" cluster reindex".split()
)
_STATEMENTS = ((b"select", b"from"), (b"insert", b"into"), (b"delete", b"from"), (b"update", b"set"))
_VERBS = frozenset(b"select insert update delete with merge drop alter create truncate copy lock".split())
_SEARCH_PATH = (b"search_path", b"currentschema")
_OF_SCHEMAS = (*_SEARCH_PATH, b"search-path", b"pg_dump", b"pg_restore")
_SEQUENCES = frozenset(b"sequence nextval setval currval regclass".split())
_REDIS = (b"redis", b"valkey", b"walrus", b"birdisle")
_CACHES = (b"redis", b"valkey", b"cache")
_OF_TABLES = (b"_seq", b"_pkey", b"_idx")
# Those that constraints get are words of many other things, so what takes a name as text has to be near.
_OF_CONSTRAINTS = (b"_key", b"_excl")
_NAMING = (b"regclass", b"pg_", b"bt_index")
_OWNED = _SEQUENCES | {b"index", b"schema", b"regnamespace", b"constraints"}
_DONE_TO = frozenset(b"drop alter reindex comment grant revoke select deferred immediate".split())
# Escapes of letters, digits and `_` by their first two characters (octal ones may lead with a zero).
_HIDING = frozenset(b"x3 x4 x5 x6 x7 u0 n{ 06 07 10 11 12 13 14 15 16 17 60 61 62 63 64 65 66 67".split()) | frozenset(
    b"70 71 72 73 74 75 76 77".split()
)
_LONGEST_NAME = 64
_SHORTENED = 28  # what PostgreSQL leaves of a table's long name in that of its sequence, at least


class Look:
    """What the words of a file tell of it; where one is not true, nothing of its kind is in the file.

    `names_something`: something by its old name, or what hides such a name. In Python: `is_loud`, SQL in capitals;
    `has_statement`, words of a whole one; `runs_something`, calls that take SQL. `is_context`: others may need the
    file to be understood.
    """

    __slots__ = ("has_statement", "is_context", "is_loud", "names_something", "runs_something")

    def __init__(self) -> None:
        self.names_something = self.is_loud = self.has_statement = self.runs_something = self.is_context = False


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
        self._known: frozenset[bytes] = frozenset()

    def words(self, low: bytes) -> frozenset[bytes]:
        """The words of lower-case bytes that mean something here."""
        if not self._known:
            own = (
                self.names,
                self.classes,
                self.calls,
                self.context,
                self.common,
                self.topics,
                self.rows,
                self.key_calls,
            )
            self._known = _OWNED.union(_DONE_TO, _ANCHORS, _VERBS, *_STATEMENTS, self.key_starts, *own)
        return self._known.intersection(low.translate(_TO_WORDS).split())

    def look(self, data: bytes, is_python: bool) -> Look:
        """What these bytes of a file say by their words."""
        look = Look()
        low = data.lower()
        words = self.words(low)
        pieces = low.split(b"\\") if b"\\" in low else []
        if pieces:  # The letter of an escape is no part of the word behind it.
            words |= self.words(b" ".join([piece[1:_LONGEST_NAME] for piece in pieces[1:]]))
        seen = self.rows & words
        self.mentioned |= seen
        # Methods whose names mean many other things too say little by themselves.
        look.is_context = is_python and (
            bool(seen)
            or not self.context.isdisjoint(words)
            or (not self.common.isdisjoint(words) and not self.topics.isdisjoint(words))
            or (bool(self.key_starts) and b"cache" in low)
        )
        look.names_something = (
            self.everything
            or self.in_words(low, words)
            or self.in_keys(low, words, is_python)
            or self.owns(words)
            or (is_python and self.in_classes(low, words))
            or _hides(pieces)
            or any(word in low for word in (_SEARCH_PATH if is_python else _OF_SCHEMAS))
        )
        if is_python:
            look.runs_something = not self.calls.isdisjoint(words)
            look.is_loud = _is_loud(data, words)
            look.has_statement = any(map(words.issuperset, _STATEMENTS)) or (
                look.runs_something and not _VERBS.isdisjoint(words)
            )
        return look

    def owns(self, words: frozenset[bytes]) -> bool:
        """Whether these words may speak of indexes and sequences, which move with their tables, whatever they are."""
        return not _OWNED.isdisjoint(words) and not _DONE_TO.isdisjoint(words)

    def in_classes(self, low: bytes, words: frozenset[bytes]) -> bool:
        """Whether lower-case text defines a class whose name is the end of an old name."""
        return any(b"class %s" % word in low for word in self.classes.intersection(words))

    def in_keys(self, low: bytes, words: frozenset[bytes], is_python: bool) -> bool:
        """Whether lower-case text may have to do with the keys of Redis that the mapping moves."""
        return bool(self.key_starts) and (
            any(word in low for word in (_REDIS if is_python else _CACHES))
            or not self.key_calls.isdisjoint(words)
            or any(start in words and _in_string(low, start) for start in self.key_starts)
            or any(start in low for start in self.key_starts if start.endswith(b"_"))
        )

    def in_words(self, low: bytes, words: frozenset[bytes]) -> bool:
        """Whether lower-case text, which has these words, names something by its old name.

        Mentions with the new schema do not count.
        """
        if any(not self._is_moved(word, low) for word in self.names & words):
            return True
        ends: tuple[bytes, ...] = _OF_TABLES
        if any(end in low for end in _OF_CONSTRAINTS) and any(word in low for word in _NAMING):
            ends += _OF_CONSTRAINTS
        if not any(end in low for end in ends):
            return False
        # A table's own sequences and indexes move with it.
        named = not _SEQUENCES.isdisjoint(words)
        return any(
            word.endswith(ends) and ((named and word.endswith(b"_seq")) or self._is_owned(word))
            for word in words_of(low)
        )

    def _is_owned(self, sequence: bytes) -> bool:
        return any(sequence.startswith(row[:_SHORTENED]) for row in self.rows)

    def _is_moved(self, word: bytes, low: bytes) -> bool:
        news = self.new_names.get(word, ())
        if len(news) == 1 and word in news[0] and low.count(word) == low.count(news[0]):
            return True
        for new in news:
            low = low.replace(new, b" ")
        if word not in low:
            return True
        return word not in low.translate(_TO_WORDS).split() and b"\\" not in low


def _is_loud(data: bytes, words: frozenset[bytes]) -> bool:
    loud = [word.upper() for word in _ANCHORS & words]
    return any(word in data and any(word + end in data for end in _ENDS) for word in loud)


def _hides(pieces: list[bytes]) -> bool:
    """Whether text, split at its backslashes, may have parts of names as escapes or over continued lines."""
    if not _HIDING.isdisjoint([piece[:2] for piece in pieces[1:]]):
        return True
    before = b""
    for piece in pieces:
        if piece[:1] in (b"\n", b"\r") and words_of(before[-1:]) and words_of(piece.strip(b"\r\n")[:1]):
            return True
        before = piece
    return False


def _in_string(low: bytes, start: bytes) -> bool:
    """Whether the first word of a key can stand in a string, and not as a name with its type."""
    if low.count(start + b":") > low.count(start + b": ") + low.count(start + b":\n"):
        return True
    return any(start + end in low for end in (b'"', b"'", b"{", b"%", b"\\"))


def words_of(low: bytes) -> frozenset[bytes]:
    """The words of lower-case bytes: letters, digits, `_` and whatever is not ASCII."""
    return frozenset(low.translate(_TO_WORDS).split())

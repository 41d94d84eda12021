"""Turn what was seen of Redis in a tree into occurrences: keys first, then the databases of their clients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from codemods.checkout.paths import is_test
from codemods.occurrences import Evidence, RedisDatabase, RedisKey, RedisSetting
from codemods.python.evaluate import Follow
from codemods.python.link_keys import KeyLinker
from codemods.python.records import KeyUse, Records
from codemods.python.redis import FROM_REDIS
from codemods.python.redis_databases import Databases, source_of_number
from codemods.python.values import (
    Chunk,
    External,
    Items,
    Literal,
    Number,
    Parameter,
    RedisClient,
    Text,
    Unknown,
    Value,
    choices,
    literals,
    source_map,
    texts,
)  # fmt: skip
from codemods.redis.names import role_of, says_redis
from codemods.sourcemap import SourceMap, hole

_HEAD = 2
_WORD = re.compile(r"\w+")
_NOT_TEXTS = frozenset({"documentation", "message", "part"})


def redis_occurrences(records: Records, follow: Follow) -> Iterator[RedisDatabase | RedisKey | RedisSetting]:
    """What is seen of Redis: keys, the clients they are used with, other texts that have a bare word of theirs.

    Then the databases that no client in sight was seen to take.
    """
    uses = list(KeyLinker(records, follow).link())
    databases = Databases(records, uses)
    words: set[Literal] = set()
    keys: set[Literal] = set()
    heads: set[str] = set()
    claimed: set[Literal] = set()
    yield from _other_databases(uses)
    for use in (*uses, *_without_keys(uses)):
        for key in _keys(use, databases):
            yield key
            words.update(_bare_words(use.value))
            claimed.update(_beginnings(use.value))
            if key.evidence is Evidence.CALL:
                keys.update(_beginnings(use.value))
                heads.update(_heads(use.value))
    yield from _cut(uses, keys)
    yield from _expected(keys, heads, records)
    yield from _labelled(claimed, records)
    yield from databases.made()
    yield from databases.settings()
    yield from _texts_with(words, records)


def _keys(use: KeyUse, databases: Databases) -> Iterator[RedisKey]:
    receivers = choices(use.receiver)
    clients = _clients(use)
    vague = [option for option in receivers if isinstance(option, (Parameter, Unknown, External))]
    if use.role in ("database", "other database", "made", "cut") or (not clients and not (vague and use.evidence)):
        return
    of = tuple(dict.fromkeys(map(databases.of, clients)))
    evidence = Evidence.CALL if use.evidence == "call" or any(each.path for each in clients) else Evidence.FRAGMENT
    for option in choices(use.value):
        source = source_map(option) if isinstance(option, Text) else SourceMap([hole("a key")])
        if not isinstance(option, Number):
            yield RedisKey(source, evidence, use.role, of, use.command, use.place.path, use.place.at)


def _clients(use: KeyUse) -> list[RedisClient]:
    return [option for option in choices(use.receiver) if isinstance(option, RedisClient)]


def _without_keys(uses: Iterable[KeyUse]) -> Iterator[KeyUse]:
    """For the clients that are not used for anything in sight: they may be used for every key."""
    used = {client[:2] for use in uses if use.role != "made" for client in _clients(use)}
    for use in uses:
        if use.role == "made" and used.isdisjoint(client[:2] for client in _clients(use)):
            yield use._replace(role="pattern")


def _other_databases(uses: Iterable[KeyUse]) -> Iterator[RedisSetting]:
    """The numbers of other databases than the client's own."""
    for use in uses:
        for option in choices(use.value) if use.role == "other database" and use.evidence == "call" else ():
            if isinstance(option, Number):
                source = source_of_number(option)
                yield RedisSetting(source, use.command.upper(), frozenset(), use.place.path, use.place.at)


def _beginnings(value: Value) -> Iterator[Literal]:
    """The literals that keys begin with."""
    for option in choices(value):
        if isinstance(option, Text) and option.pieces and isinstance(option.pieces[0], Chunk):
            yield option.pieces[0].literal


def _labelled(claimed: set[Literal], records: Records) -> Iterator[RedisKey]:
    """Texts whose keyword, name or dictionary key says that they are Redis keys, such as `key_prefix=`."""
    for root in dict.fromkeys(records.roots):
        label = root.label.lower()
        if not isinstance(root.value, Text) or root.context in _NOT_TEXTS or _is_key(root.value, claimed):
            continue
        role = role_of(label)
        if role:
            evidence = Evidence.FRAGMENT if says_redis(label) else Evidence.NAME
            yield RedisKey(source_map(root.value), evidence, role, (), root.label, root.place.path, root.place.at)


def _cut(uses: Iterable[KeyUse], keys: set[Literal]) -> Iterator[RedisKey]:
    """Keys of which a part is taken by its number."""
    for use in uses:
        for text in texts(use.value) if use.role == "cut" else ():
            if not keys.isdisjoint(_beginnings(text)):
                yield RedisKey(source_map(text), Evidence.CALL, "cut", (), use.command, use.place.path, use.place.at)


def _heads(value: Value) -> Iterator[str]:
    """The first characters of texts, where they are written."""
    for option in choices(value):
        if isinstance(option, Text) and option.pieces and isinstance(option.pieces[0], Chunk):
            yield option.pieces[0].text[:_HEAD]


def _expected(keys: set[Literal], heads: set[str], records: Records) -> Iterator[RedisKey]:
    """Texts that are compared with a key, as tests do, and those that tests compare with what may hold one.

    The latter begin as some key does (`heads`).
    """
    known = set(keys)
    for compared in records.compared:
        singles = [each for value in compared.values for each in _texts_in(value)]
        if not any(_is_key(text, keys) for text in singles):
            continue
        for text in singles:
            if not _is_key(text, keys):
                known.update(_beginnings(text))
                yield RedisKey(
                    source_map(text), Evidence.CALL, "expected", (), "", compared.place.path, compared.place.at
                )
    for root in dict.fromkeys(records.roots) if heads else ():
        if root.context != "comparison" or heads.isdisjoint(_heads(root.value)) or not is_test(root.place.path):
            continue
        if known.isdisjoint(_beginnings(root.value)):
            for text in texts(root.value):
                yield RedisKey(source_map(text), Evidence.EXPECTED, "expected", (), "", root.place.path, root.place.at)


def _texts_in(value: Value) -> Iterator[Text]:
    for option in choices(value):
        if isinstance(option, Items):
            for item in option.values:
                yield from _texts_in(item)
        elif isinstance(option, Text):
            yield option


def _is_key(text: Text, keys: set[Literal]) -> bool:
    first = text.pieces[0] if text.pieces else None
    return first in FROM_REDIS.pieces or (isinstance(first, Chunk) and first.literal in keys)


def _bare_words(value: Value) -> Iterator[Literal]:
    """The literals of keys that hold a word only, which may well mean something else elsewhere."""
    for option in choices(value):
        if isinstance(option, Text) and len(option.pieces) > 1:
            for piece in option.pieces:
                if isinstance(piece, Chunk) and _WORD.fullmatch(piece.text):
                    yield piece.literal


def _texts_with(words: set[Literal], records: Records) -> Iterator[RedisKey]:
    for root in dict.fromkeys(records.roots):
        value = root.value
        if root.context in _NOT_TEXTS or not isinstance(value, Text) or len(value.pieces) < 2:
            continue
        if words.isdisjoint(literals(value)):
            continue
        yield RedisKey(source_map(value), Evidence.CONTENT, "text", (), "", root.place.path, root.place.at)

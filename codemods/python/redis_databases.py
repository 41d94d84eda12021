"""Which databases the Redis clients of a tree use, as far as its Python says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from codemods.occurrences import DatabaseText, RedisDatabase, RedisSetting
from codemods.python.records import KeyUse, Records, Root
from codemods.python.values import (
    Chunk,
    External,
    Hole,
    Items,
    Literal,
    Number,
    RedisClient,
    Text,
    Unknown,
    Value,
    choices,
    literals,
    source_map,
)  # fmt: skip
from codemods.redis.names import says_redis_database, setting_name, setting_of
from codemods.redis.url import find_redis_database
from codemods.sourcemap import Run, SourceMap, hole

_NOWHERE = SourceMap([])
_NOT_SETTINGS = frozenset({"documentation", "message", "part", "comparison", "key", "request"})


class Databases:
    """The databases of clients, each made once."""

    def __init__(self, records: Records, uses: Iterable[KeyUse]) -> None:
        self._records = records
        self._known: dict[RedisClient, RedisDatabase] = {}
        self._labels: dict[Literal, set[str]] = defaultdict(set)
        for root in records.roots:
            if root.label and not root.top_level:
                for literal in literals(root.value):
                    self._labels[literal].add(root.label)
        self._selected: dict[RedisClient, list[Value]] = defaultdict(list)
        for use in uses:
            if use.role == "database":
                for option in choices(use.receiver):
                    if isinstance(option, RedisClient):
                        self._selected[_plain(option)].append(use.value)

    def of(self, client: RedisClient) -> RedisDatabase:
        """The database of `client`."""
        client = _plain(client)
        known = self._known.get(client)
        if known is None:
            known = self._known[client] = self._read(client)
        return known

    def made(self) -> Iterator[RedisDatabase]:
        """Those of the clients that are made in sight, of what was asked for so far."""
        return (database for database in self._known.values() if database.path)

    def settings(self) -> Iterator[RedisSetting]:
        """URLs and numbers that are bound to a name and that no client was asked for takes."""
        places = {text.source.first() for database in self._known.values() for text in database.texts}
        for root in dict.fromkeys(self._records.roots):
            if not root.label or root.context in _NOT_SETTINGS or not _may_say_database(root.value):
                continue
            source = _source(root.value)
            if source is not None and source.first() not in places and _says_database(source, root):
                names = frozenset({setting_name([root.label])})
                yield RedisSetting(source, root.label, names, root.place.path, root.place.at)

    def _read(self, client: RedisClient) -> RedisDatabase:
        texts: list[DatabaseText] = []
        unknown = not client.path
        variables: set[str] = set()
        bases: set[str] = set()
        labels: set[str] = set()
        selected = [(value, False) for value in self._selected[client]]
        for value, is_url in ((client.database, False), (client.url, True), *selected):
            for option in _each(value) if value is not None else ():
                source = _source(option)
                if isinstance(option, Text) and option.pieces and isinstance(option.pieces[0], Hole):
                    bases.add(option.pieces[0].name)
                if source is not None:
                    texts.append(DatabaseText(source, is_url))
                    for literal in literals(option):
                        if literal not in self._records.renamed:
                            labels |= self._labels[literal]
                        if literal in self._records.variables:
                            variables.add(self._records.variables[literal])
                elif not isinstance(option, External) or option.name != "None":
                    unknown = True
                    if selected:  # It has several.
                        texts.append(DatabaseText(SourceMap([hole("a database")]), is_url))
                    if isinstance(option, (Unknown, External)) and setting_of(option.name):
                        variables.add(option.name)
        names = frozenset({*map(setting_of, (*variables, *labels))} - {""})
        variables |= {base for base in bases if setting_of(base)}
        return RedisDatabase(_NOWHERE, client.path, client.at, tuple(texts), unknown, frozenset(variables), names)


def _each(value: Value) -> Iterator[Value]:
    """The alternatives of a value, and the items of lists among them."""
    for option in choices(value):
        if isinstance(option, Items):
            for item in option.values:
                yield from _each(item)
        else:
            yield option


def _plain(client: RedisClient) -> RedisClient:
    return client._replace(pipelined=False)


def source_of_number(value: Number) -> SourceMap:
    """`value` as text with places."""
    return SourceMap([Run(value.literal.path, value.text, value.literal.at, None, value.literal.at)])


def _source(value: Value) -> SourceMap | None:
    if isinstance(value, Number):
        return source_of_number(value)
    return source_map(value) if isinstance(value, Text) else None


def _may_say_database(value: Value) -> bool:
    """Whether a text has a URL, or the value is a number; cheap, for there are very many."""
    pieces = value.pieces if isinstance(value, Text) else ()
    return isinstance(value, Number) or any(isinstance(each, Chunk) and "://" in each.text for each in pieces)


def _says_database(source: SourceMap, root: Root) -> bool:
    if source.text.isdecimal():
        return says_redis_database(setting_name([root.label]))
    return find_redis_database(source.text) is not None

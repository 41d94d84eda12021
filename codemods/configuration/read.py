"""From a tree of settings to what rules look at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from codemods import programs
from codemods.configuration.holes import mask
from codemods.configuration.keys import Meaning, connection_pieces, is_prose, meaning
from codemods.configuration.tree import Entry, Node, Scalar, Table, entries, lists, secrets
from codemods.dsn import find_urls, is_libpq
from codemods.occurrences import (
    ConnectionArguments,
    ConnectionSetting,
    Embedded,
    Engine,
    Evidence,
    Occurrence,
    OtherUse,
    Query,
    RedisKey,
    RedisSetting,
)
from codemods.redis import command_line
from codemods.redis.names import role_of, says_redis, setting_name
from codemods.redis.url import find_redis_database
from codemods.sourcemap import Run, SourceMap
from codemods.sql import looks_like_sql

_FILE_NAME = re.compile(r"[\w.\-]*\.\w+")
_ASSIGNMENT = re.compile(r"(?P<key>[A-Za-z_][\w.\-]*)=(?P<value>.*)", re.DOTALL)
_NAME = re.compile(r"[^\s,:/=]+")
_LISTED = re.compile(r"[^\s,;]+")
_REDIS = re.compile(r"redis|valkey|cache|broker|queue|session|db|database", re.IGNORECASE)
_SCHEMAS = re.compile(r"\s*(?P<schemas>[\w$\"]+(?:\s*,\s*[\w$\"]+)*)\s*")
_SEARCH_PATH = re.compile(r"\b(?:search_path|currentSchema)\s*(?:=|%3D)\s*(?P<schemas>[\w$]+(?:,[\w$]+)*)")


def read(root: Node, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in the settings under `root`, which the file `path` holds."""
    uses: dict[Scalar, list[Entry]] = defaultdict(list)
    for entry in entries(root):
        uses[entry.scalar].append(entry)
    commands = {scalar for _, scalars in lists(root) if _is_command(scalars) for scalar in scalars}
    for _, scalars in lists(root):
        if _is_command(scalars):
            words = [[mask(scalar.text.as_literal())] for scalar in scalars]
            command = programs.read_command(words)
            if command is not None:
                yield from programs.occurrences(command, path, place(scalars[0].text))
            yield from command_line.read(words, (), path)
    for scalar, found in uses.items():
        yield from _value(scalar, found, path, scalar in commands)
    for key, value in secrets(root):
        yield from setting(key, value, path)


def setting(key: str, value: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in one setting."""
    yield from read(Table(((key, Scalar(value)),)), path)


def _is_command(scalars: tuple[Scalar, ...]) -> bool:
    return any(map(_is_program, (scalar.text.text for scalar in scalars)))


def _is_program(text: str) -> bool:
    return programs.is_program(text) or command_line.is_program(text)


def _value(scalar: Scalar, uses: list[Entry], path: str, is_argument: bool) -> Iterator[Occurrence | Embedded]:
    raw = scalar.text.as_literal()
    keys = uses[0].keys
    if keys and _FILE_NAME.fullmatch(keys[-1]) and "\n" in raw.text:
        yield Embedded(keys[-1], raw)
        return
    if programs.COMMAND.search(raw.text) and not is_prose(keys):
        yield Embedded("command.sh", raw)
        return
    text = mask(raw)
    at = place(text)
    yield from urls(text, path)
    assignment = _ASSIGNMENT.fullmatch(text.text)
    if assignment and not is_argument:
        yield from setting(assignment["key"], text.slice(*assignment.span("value")), path)
    else:
        yield from _redis_settings(text, uses, path)
        yield from _redis_keys(text, uses, path)
    yield from search_paths(text, path)
    meanings = [meaning(entry) for entry in uses]
    if Meaning.DATABASE in meanings and _NAME.fullmatch(text.text.strip()) and not text.text.strip().isdecimal():
        yield ConnectionSetting(_stripped(text), Evidence.FILE, True, path, at)
        around = {name: _stripped(mask(each.text)) for name, each in connection_pieces(uses[0]).items()}
        if around:
            yield ConnectionArguments((("dbname", _stripped(text)), *around.items()), path, at)
    elif Meaning.DATABASES in meanings:
        for item in _LISTED.finditer(text.text):
            yield ConnectionSetting(text.slice(*item.span()), Evidence.FILE, True, path, at)
    elif Meaning.SEARCH_PATH in meanings:
        found = _SCHEMAS.fullmatch(text.text)
        if found:
            yield _set_search_path(text.slice(*found.span("schemas")), path, at)
    elif looks_like_sql(text.text):
        evidence = Evidence.CONTENT if Meaning.SQL in meanings else Evidence.FRAGMENT
        yield Query(text, evidence, Engine.UNKNOWN, path, at)
    named = {Meaning.DATABASE, Meaning.DATABASES} & {*meanings}
    if named and any(each not in named and not _is_extension(use) for each, use in zip(meanings, uses, strict=True)):
        yield OtherUse(text, path, at)


def _redis_settings(text: SourceMap, uses: list[Entry], path: str) -> Iterator[RedisSetting]:
    named = [entry for entry in uses if entry.keys]
    is_number = text.text.strip().isdecimal() and any(map(_may_name_database, (entry.keys[-1] for entry in named)))
    if is_number or find_redis_database(text.text):
        names = frozenset(setting_name(entry.keys) for entry in named)
        yield RedisSetting(_stripped(text), ".".join(named[0].keys[-2:]) if named else "", names, path, place(text))


def _may_name_database(key: str) -> bool:
    """Whether a number of this key may be a database of Redis; a variable of any name may, when a client reads it."""
    return _REDIS.search(key) is not None or key.isupper()


def _redis_keys(text: SourceMap, uses: list[Entry], path: str) -> Iterator[RedisKey]:
    """What the keys around a value say to be a key of Redis, or a prefix of some."""
    for role in {role_of(name) for name in (setting_name(entry.keys) for entry in uses if says_redis(_all(entry)))}:
        if role and len(text.text.split()) == 1:
            yield RedisKey(_stripped(text), Evidence.FRAGMENT, role, (), uses[0].keys[-1], path, place(text))


def _all(entry: Entry) -> str:
    return "_".join(entry.keys).lower()


def urls(text: SourceMap, path: str) -> Iterator[ConnectionSetting]:
    """The connection URLs in `text`, and the libpq string that it may be."""
    spans = list(find_urls(text.text))
    if not spans and is_libpq(text.text):
        spans = [(0, len(text.text))]
    for start, end in spans:
        found = text.slice(start, end)
        yield ConnectionSetting(found, Evidence.FILE, False, path, place(found))


def search_paths(text: SourceMap, path: str) -> Iterator[Query]:
    """The schemas that options such as `-c search_path=…` name, read as the statement that does the same."""
    for found in _SEARCH_PATH.finditer(text.text):
        yield _set_search_path(text.slice(*found.span("schemas")), path, place(text))


def _set_search_path(schemas: SourceMap, path: str, at: int) -> Query:
    source = SourceMap([Run("", "SET search_path TO "), *schemas.runs])
    return Query(source, Evidence.FILE, Engine.POSTGRESQL, path, at)


def _is_extension(use: Entry) -> bool:
    """Whether the place only holds an anchor for others (`x-…` in Compose files, hidden jobs of CI)."""
    return bool(use.keys) and use.keys[0].startswith(("x-", "."))


def _stripped(text: SourceMap) -> SourceMap:
    start = len(text.text) - len(text.text.lstrip())
    return text.slice(start, start + len(text.text.strip()))


def place(text: SourceMap) -> int:
    first = text.first()
    return first.start if first else 0

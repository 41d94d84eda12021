"""Read the arguments of `redis-cli`, wherever a command is written: its database, its keys and patterns.

Source: https://redis.io/docs/latest/develop/tools/cli/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from codemods.drivers.redis import OF_ALL_KEYS, database_words, key_words
from codemods.occurrences import DatabaseText, Evidence, RedisDatabase, RedisKey, RedisSetting
from codemods.sourcemap import Run, SourceMap

PROGRAM = re.compile(r"(?<![\w.-])(?:redis|valkey)-cli(?![\w./-]|\.\w)")
"""The program's name in running text."""
_NAMES = ("redis-cli", "valkey-cli")
_WITH_VALUE = frozenset(
    {
        "-h", "-p", "-t", "-s", "-a", "-u", "-r", "-i", "-n", "-d", "-D", "-X", "--user", "--pass", "--sni", "--cacert",
        "--cacertdir", "--cert", "--key", "--tls-ciphers", "--tls-ciphersuites", "--show-pushes", "--pattern",
        "--quoted-pattern", "--count", "--cursor", "--intrinsic-latency", "--rdb", "--functions-rdb", "--pipe-timeout",
        "--memkeys-samples", "--lru-test", "--eval", "--cluster",
    }
)  # fmt: skip
_WORD = re.compile(r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<plain>\S+)")
_OF_ALL_KEYS = frozenset({"--scan", "--bigkeys", "--memkeys", "--hotkeys"})
_NOWHERE = SourceMap([])
_ALL_KEYS = SourceMap([Run("", "*")])


def is_program(text: str) -> bool:
    """Whether `text` is the name of the program, perhaps with its folder."""
    return text.rsplit("/", 1)[-1] in _NAMES


def read(
    words: Sequence[Sequence[SourceMap]], given: Iterable[SourceMap], path: str
) -> Iterator[RedisDatabase | RedisKey | RedisSetting]:
    """What a call of the program says of Redis; each word is one of several texts.

    `given` are the lines that it reads, if any.
    """
    at = next((index for index, word in enumerate(words) if word and is_program(word[0].text)), None)
    name = words[at][0].first() if at is not None else None
    if at is None or name is None:
        return
    texts: list[DatabaseText] = []
    patterns: list[SourceMap] = []
    scans = False
    index = at + 1
    while index < len(words) and (option := _text(words[index])).startswith("-"):
        value = words[index + 1] if option in _WITH_VALUE and index + 1 < len(words) else ()
        if option in ("-n", "-u"):
            texts += [DatabaseText(each, option == "-u") for each in value]
        elif option in ("--pattern", "--quoted-pattern"):
            patterns += value
        scans = scans or option in _OF_ALL_KEYS
        index += 1 + (option in _WITH_VALUE)
    commands = [[list(word) for word in words[index:]]] if index < len(words) else list(map(_split, given))
    texts += [DatabaseText(each, False) for command in commands for each in _selected(command)]
    if not texts and (at + 1 == len(words) or _follows(words[at + 1], words[at][0])):
        texts.append(DatabaseText(words[at][0], False, " -n "))
    keys = [(pattern, "pattern", "scan") for pattern in patterns]
    keys += [found for command in commands for found in _keys(command)]
    if not keys and (scans or any(_text(word).lower() in OF_ALL_KEYS for word, *_ in filter(None, commands))):
        keys = [(_ALL_KEYS, "pattern", "scan")]
    if keys:
        program = name.start + (words[at][0].text.rfind("/") + 1)
        database = RedisDatabase(_NOWHERE, path, program, tuple(texts))
        yield database
        for source, role, command_name in keys:
            yield RedisKey(source, Evidence.CALL, role, (database,), command_name, path, program)
    for command in commands:
        for position in database_words([_text(word) for word in command]):
            for source in command[position]:
                yield RedisSetting(source, _text(command[0]).upper(), frozenset(), path, name.start)


def _follows(word: Sequence[SourceMap], program: SourceMap) -> bool:
    """Whether only a blank is between the program's name and `word`, so that an option can stand between the two.

    Of a quote more nothing says whose it is: in `"redis-cli" get` an option would become part of the name.
    """
    first, end = word[0].first() if word else None, program.locate(len(program.text) - 1, len(program.text))
    return first is not None and end is not None and first.path == end.path and first.start - end.end == 1


def _split(line: SourceMap) -> list[list[SourceMap]]:
    found = _WORD.finditer(line.text)
    return [[line.slice(*each.span(each.lastgroup or 0))] for each in found]


def _selected(command: Sequence[Sequence[SourceMap]]) -> Sequence[SourceMap]:
    return command[1] if len(command) > 1 and _text(command[0]).lower() == "select" else ()


def _keys(command: Sequence[Sequence[SourceMap]]) -> Iterator[tuple[SourceMap, str, str]]:
    words: list[str | None] = [_text(word) for word in command]
    for position, role in key_words(words):
        for source in command[position]:
            yield source, role, words[0] or ""


def _text(word: Sequence[SourceMap]) -> str:
    return word[0].text if word else ""

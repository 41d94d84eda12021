"""From the commands of a script to what rules look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codemods import programs
from codemods.configuration.keys import Meaning, meaning
from codemods.configuration.read import place, search_paths, setting, urls
from codemods.configuration.tree import Entry, Scalar, Table
from codemods.occurrences import Embedded, Engine, Evidence, Occurrence, OtherUse, Query, RedisKey
from codemods.redis import command_line
from codemods.shell.variables import Variables, assignment, every
from codemods.shell.words import SimpleCommand, Variable, Word, read_script
from codemods.sourcemap import SourceMap
from codemods.sql import looks_like_sql

_RESERVED = frozenset(
    [
        "if",
        "then",
        "else",
        "elif",
        "do",
        "while",
        "until",
        "!",
        "{",
        "time",
        "exec",
        "export",
        "local",
        "declare",
        "readonly",
        "typeset",
        "env",
        "-",
        "@",
        "+",
    ]
)
_SPEAKS = ("echo", "printf", "log", "info", "warn", "error", "die", "fail", "print", "notice", "say", "logger", "debug")
_FOREIGN = frozenset(
    ["sqlite3", "mysql", "mysqldump", "mariadb", "clickhouse-client", "sqlcmd", "sqlplus", "mongosh", "duckdb", "bq"]
)
_USERS = ("-U", "-O", "-h", "--username", "--owner", "--host")
_LINE = re.compile(r"[^\r\n]+")
_SETTING = re.compile(r"(?:--\w[\w-]*=)?(?P<key>[A-Za-z_][\w.]*)=(?P<value>[\s\S]*)")


def read(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in a script of the file `path`."""
    commands = [each for each in every(read_script(text)) if each.words or each.redirections or each.arrays]
    yield from _Script(commands, path).occurrences()


def says_database(name: str) -> bool:
    """Whether a variable's name says that it holds the name of a database."""
    return meaning(Entry((name,), Scalar(SourceMap([])), Table(()))) is Meaning.DATABASE


class _Script:
    def __init__(self, commands: Sequence[SimpleCommand], path: str) -> None:
        self._commands = commands
        self._variables = Variables(commands)
        self._path = path
        self._keys: list[SourceMap] = []
        """The patterns of the keys that the pipe up to here can hand on."""

    def occurrences(self) -> Iterator[Occurrence | Embedded]:
        before: SimpleCommand | None = None
        for command in self._commands:
            yield from self._assignments(command)
            if before is None or not before.pipe:
                self._keys = []
            yield from self._command(command, before if before and before.pipe else None)
            before = command

    def _assignments(self, command: SimpleCommand) -> Iterator[Occurrence | Embedded]:
        for word in command.words:
            found = assignment(word)
            for text in self._variables.texts(found[1]) if found else ():
                yield from setting(found[0] if found else "", text, self._path)

    def _command(self, command: SimpleCommand, feeder: SimpleCommand | None) -> Iterator[Occurrence | Embedded]:
        words = _without_lead(command.words)
        if any(word.start.rsplit("/", 1)[-1] in _FOREIGN for word in words):
            return
        speaks = bool(words) and words[0].start.lower().startswith(_SPEAKS)
        if words and words[0].start == ":":
            yield from self._defaults(words)
            return
        texts = [self._variables.texts(word) for word in words]
        if not speaks and any(command_line.is_program(word.start) for word in words):
            lines = [line for text in self._input(command, feeder) for line in _lines(text)]
            takes = self._keys if words[0].start == "xargs" else []
            found = [*command_line.read([*texts, *([key] for key in takes)], lines, self._path)]
            self._keys += [each.source for each in found if isinstance(each, RedisKey) and each.role == "pattern"]
            yield from found
            return
        called = None if speaks else programs.read_command(texts)
        claimed: set[int] = set()
        if called is not None:
            yield from programs.occurrences(called, self._path, place(texts[0][0]))
            claimed = {argument.word for argument in called.arguments}
            for text in self._input(command, feeder) if called.reads_input else ():
                yield Query(text, Evidence.CALL, Engine.POSTGRESQL, self._path, place(text), called.database)
        elif not speaks:
            yield from self._documents(command)
        for index, word in enumerate(words):
            if index not in claimed:
                yield from self._word(word, speaks, bool(command.redirections))
                if not speaks:
                    is_user = index > 0 and words[index - 1].start in _USERS
                    yield from self._other_uses(word, even_of_databases=is_user)
        for redirection in command.redirections:
            if not redirection.sign.startswith("<<"):
                yield from self._other_uses(redirection.target)

    def _defaults(self, words: Sequence[Word]) -> Iterator[Occurrence | Embedded]:
        """What `: "${NAME:=default}"` gives to a variable that has no value yet."""
        for word in words:
            for piece in word.pieces:
                if isinstance(piece, Variable) and piece.default is not None:
                    for text in self._variables.texts(piece.default):
                        yield from setting(piece.name, text, self._path)

    def _input(self, command: SimpleCommand, feeder: SimpleCommand | None) -> Iterator[SourceMap]:
        """What psql reads: a here-document of its own, or what the command in front of the pipe prints."""
        documents = [each.target for each in command.redirections if each.sign.startswith("<<")]
        if not documents and feeder is not None:
            documents = [each.target for each in feeder.redirections if each.sign.startswith("<<")]
            words = _without_lead(feeder.words)
            if words and words[0].start in ("echo", "printf"):
                documents += [word for word in words[1:] if not word.start.startswith("-")]
        for document in documents:
            yield from self._variables.texts(document)

    def _documents(self, command: SimpleCommand) -> Iterator[Occurrence | Embedded]:
        """Here-documents of other programs: files that are written, scripts for another shell, statements."""
        for redirection in command.redirections:
            if not redirection.sign.startswith("<<"):
                continue
            target = next((each.target.start for each in command.redirections if each.sign in (">", ">>")), "")
            target = target or (command.words[-1].start if command.words and command.words[0].start == "tee" else "")
            for text in self._variables.texts(redirection.target):
                if target and "." in target:
                    yield Embedded(target, text)
                else:
                    yield from self._text(text)

    def _word(self, word: Word, speaks: bool, is_written: bool) -> Iterator[Occurrence | Embedded]:
        """A word that no program is known to take: a setting for a container, a script or statement for a wrapper."""
        for text in self._variables.texts(word):
            found = _SETTING.fullmatch(text.text)
            if found and assignment(word) is None:
                yield from setting(found["key"], text.slice(*found.span("value")), self._path)
            elif speaks and not is_written:
                yield from urls(text, self._path)
            else:
                yield from self._text(text)

    def _text(self, text: SourceMap) -> Iterator[Occurrence | Embedded]:
        if " " in text.text and (programs.PROGRAM.search(text.text) or command_line.PROGRAM.search(text.text)):
            yield Embedded("command.sh", text)
            return
        yield from urls(text, self._path)
        yield from search_paths(text, self._path)
        if looks_like_sql(text.text):
            yield Query(text, Evidence.CONTENT, Engine.UNKNOWN, self._path, place(text))

    def _other_uses(self, word: Word, even_of_databases: bool = False) -> Iterator[OtherUse]:
        """That a variable in `word` serves as something else too; one called a database's name may be in any text."""
        if any(isinstance(piece, Variable) for piece in word.pieces) and assignment(word) is None:
            for text in self._variables.texts(word, (lambda _: False) if even_of_databases else says_database):
                if text.first() is not None:
                    yield OtherUse(text, self._path, place(text))


def _lines(text: SourceMap) -> Iterator[SourceMap]:
    return (text.slice(*found.span()) for found in _LINE.finditer(text.text))


def _without_lead(words: Sequence[Word]) -> list[Word]:
    """The words of a command without reserved words and assignments in front of it."""
    for index, word in enumerate(words):
        if word.start not in _RESERVED and assignment(word) is None:
            return list(words[index:])
    return []

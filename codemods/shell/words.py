"""The lexer: a script as simple commands of words, each word decoded with the places of its characters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from codemods.sourcemap import SourceMap, joined

_BLANK = re.compile(r"(?:[ \t]+|\\\r?\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_OPERATOR = re.compile(r"\|&|\|\||&&|;;&?|;&|\r?\n|[;|()]|&(?![>&])")
_REDIRECTION = re.compile(r"\d*(?P<sign><<<|<<-|<<|<>|<&|>>|>&|>\||&>>|&>|<(?!\()|>(?!\())")
_PLAIN = re.compile(r"[^\s'\"`$\\;&|()<>]+")
_IN_QUOTES = re.compile(r"[^\"`$\\]+")
_IN_DOCUMENT = re.compile(r"[^`$\\]+")
_SINGLE = re.compile(r"'([^']*)'")
_ANSI = re.compile(r"\$'((?:[^'\\]|\\[\s\S])*)'")
_BACKTICKS = re.compile(r"`((?:[^`\\]|\\[\s\S])*)`")
_ESCAPE = re.compile(r"\\(\r?\n|[\s\S])")
_ANSI_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([\s\S]))")
_ANSI_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_NAME = re.compile(r"\$([A-Za-z_]\w*|[0-9@*#?$!\-])")
_BRACED = re.compile(r"\$\{([#!]?)([A-Za-z_]\w*|\d+|[@*#?$!\-])(?:\[[^\]]*\])?(:?[-=])?")
_BRACE_EDGE = re.compile(r"\$\{|\}|'[^']*'|\\[\s\S]")
_ARRAY = re.compile(r"([A-Za-z_]\w*)\+?=\Z")


class Variable(NamedTuple):
    """`$name`; `default` stands for it when it is not set. `name` is "" when only a part of its value is used."""

    name: str
    default: Word | None = None


class Substitution(NamedTuple):
    """`$(…)`: what these commands print."""

    commands: list[SimpleCommand]


Piece = SourceMap | Variable | Substitution


@dataclass(slots=True)
class Word:
    """The pieces of a word, in order; two texts never follow each other."""

    pieces: list[Piece] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        """Put a piece at the end."""
        last = self.pieces[-1] if self.pieces else None
        if isinstance(piece, SourceMap) and isinstance(last, SourceMap):
            self.pieces[-1] = joined([last, piece])
        else:
            self.pieces.append(piece)

    @property
    def start(self) -> str:
        """The text in front of anything that is put in."""
        return self.pieces[0].text if self.pieces and isinstance(self.pieces[0], SourceMap) else ""


class Redirection(NamedTuple):
    """`sign` as written; `target` is the file, or the text of a here-document or here-string."""

    sign: str
    target: Word


@dataclass(slots=True)
class SimpleCommand:
    """Words up to an operator. `pipe`: its output goes into the next one. `arrays` are `NAME=(…)`."""

    words: list[Word] = field(default_factory=list)
    redirections: list[Redirection] = field(default_factory=list)
    arrays: list[tuple[str, list[Word]]] = field(default_factory=list)
    pipe: bool = False


def read_script(text: SourceMap) -> list[SimpleCommand]:
    """The simple commands of a script, in order; in what the lexer cannot read, every character stands for itself."""
    return _Lexer(text).commands("")


class _Lexer:
    def __init__(self, text: SourceMap) -> None:
        self._source = text
        self._text = text.text
        self._at = 0
        self._waiting: list[tuple[Word, str, bool, bool]] = []

    def commands(self, end: str) -> list[SimpleCommand]:
        """Commands up to the bracket `end`, or to the end of the text."""
        found: list[SimpleCommand] = []
        command = SimpleCommand()
        while self._at < len(self._text):
            self._skip(_BLANK)
            if self._skip(_COMMENT) or self._at >= len(self._text):
                continue
            redirection = _REDIRECTION.match(self._text, self._at)
            operator = None if redirection else _OPERATOR.match(self._text, self._at)
            if redirection:
                self._redirect(command, redirection)
            elif operator:
                self._at = operator.end()
                command.pipe = operator.group() in ("|", "|&")
                found.append(command)
                command = SimpleCommand()
                if operator.group().endswith("\n"):
                    self._here_documents()
                if operator.group() == end:
                    return found
            else:
                self._word_of(command)
        return [*found, command]

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return match is not None

    def _word_of(self, command: SimpleCommand) -> None:
        word = self._word()
        array = _ARRAY.fullmatch(word.start) if len(word.pieces) == 1 else None
        if array and self._text.startswith("(", self._at):
            self._at += 1
            items = [word for each in self.commands(")") for word in each.words]
            command.arrays.append((array[1], items))
        else:
            command.words.append(word)

    def _redirect(self, command: SimpleCommand, match: re.Match[str]) -> None:
        self._at = match.end()
        self._skip(_BLANK)
        sign = match["sign"]
        start = self._at
        word = self._word()
        if sign in ("<<", "<<-"):
            written = self._text[start : self._at]
            delimiter = re.sub(r"['\"\\]", "", written)
            word = Word()
            self._waiting.append((word, delimiter, sign == "<<-", delimiter != written))
        command.redirections.append(Redirection(sign, word))

    def _here_documents(self) -> None:
        for word, delimiter, strips, is_quoted in self._waiting:
            tabs = r"\t*" if strips else ""
            last = re.compile(rf"^{tabs}{re.escape(delimiter)}\r?$", re.MULTILINE).search(self._text, self._at)
            end = last.start() if last else len(self._text)
            body = self._source.slice(self._at, end)
            if strips:
                body = body.replace(re.compile(r"^\t+", re.MULTILINE), lambda _: "")
            self._at = last.end() if last else end
            word.pieces = _as_literal(Word([body]) if is_quoted else in_document(body)).pieces
        self._waiting = []

    def _word(self) -> Word:
        word = Word()
        while self._at < len(self._text):
            match = _PLAIN.match(self._text, self._at)
            sign = self._text[self._at]
            if match:
                self._take(word, match, 0)
            elif sign == '"' or self._text.startswith('$"', self._at):
                self._at += 1 if sign == '"' else 2
                self.quoted(word, _IN_QUOTES, '"')
            elif single := _SINGLE.match(self._text, self._at):
                self._take(word, single, 1)
            elif ansi := _ANSI.match(self._text, self._at):
                self._at = ansi.end()
                word.add(self._source.slice(*ansi.span(1)).replace(_ANSI_ESCAPE, _unescaped))
            elif sign in "$`":
                self._expansion(word)
            elif sign in "<>" and self._text.startswith("(", self._at + 1):
                self._at += 2
                word.add(Substitution(self.commands(")")))
            elif sign == "\\":
                self._escape(word, "")
            elif sign in " \t\r\n;&|()<>":
                if not word.pieces and sign == "\r":
                    self._at += 1
                    continue
                break
            else:
                word.add(self._one())
        return _as_literal(word)

    def quoted(self, word: Word, plain: re.Pattern[str], end: str) -> None:
        """Put what stands in double quotes, or in a here-document, into `word`."""
        while self._at < len(self._text):
            match = plain.match(self._text, self._at)
            if match:
                self._take(word, match, 0)
            elif end and self._text.startswith(end, self._at):
                self._at += 1
                word.add(SourceMap([]))
                return
            elif self._text[self._at] == "\\":
                self._escape(word, f"$`\\{end}")
            else:
                self._expansion(word)

    def _escape(self, word: Word, only: str) -> None:
        """An escape; where `only` some characters can be escaped, the backslash in front of others stays."""
        match = _ESCAPE.match(self._text, self._at)
        if match is None:
            word.add(self._one())
            return
        said = match[1]
        self._at = match.end()
        if said.endswith("\n"):
            return
        kept = said if not only or said in only else match.group()
        word.add(self._source.slice(*match.span()).replace(_ESCAPE, lambda _: kept))

    def _expansion(self, word: Word) -> None:
        text, at = self._text, self._at
        if text.startswith("$((", at):
            end = text.find("))", at)
            self._at = end + 2 if end >= 0 else len(text)
            word.add(Variable(""))
        elif text.startswith("$(", at):
            self._at += 2
            inner = _Lexer(self._source)
            inner._at = self._at
            word.add(Substitution(inner.commands(")")))
            self._at = inner._at
        elif text.startswith("${", at):
            self._braced(word)
        elif ticks := _BACKTICKS.match(text, at):
            self._at = ticks.end()
            word.add(Substitution(read_script(self._source.slice(*ticks.span(1)))))
        elif name := _NAME.match(text, at):
            self._at = name.end()
            word.add(Variable(name[1]))
        else:
            word.add(self._one())

    def _braced(self, word: Word) -> None:
        start, end, depth = self._at, len(self._text), 0
        for edge in _BRACE_EDGE.finditer(self._text, self._at):
            depth += (edge.group() == "${") - (edge.group() == "}")
            if depth == 0:
                end = edge.end()
                break
        self._at = end
        match = _BRACED.match(self._text, start, end)
        if match is None:
            word.add(Variable(""))
            return
        changed, name, operator = match.groups()
        if operator:
            default = self._source.slice(match.end(), end - 1)
            if default.text[:1] in ('"', "'") and default.text[1:].endswith(default.text[0]):
                default = default.slice(1, len(default.text) - 1)
            word.add(Variable(name, in_document(default)))
        else:
            word.add(Variable(name if not changed and match.end() == end - 1 else ""))

    def _take(self, word: Word, match: re.Match[str], group: int) -> None:
        self._at = match.end()
        word.add(self._source.slice(*match.span(group)))

    def _one(self) -> SourceMap:
        self._at += 1
        return self._source.slice(self._at - 1, self._at)


def _as_literal(word: Word) -> Word:
    """The word with all its text in one literal; a word without anything has an empty text."""
    places = [place for piece in word.pieces if isinstance(piece, SourceMap) and (place := piece.first())]
    for index, piece in enumerate(word.pieces):
        if isinstance(piece, SourceMap) and places:
            word.pieces[index] = SourceMap(run._replace(literal=places[0].start) for run in piece.runs)
    return word if word.pieces else Word([SourceMap([])])


def in_document(text: SourceMap) -> Word:
    """The text of a here-document as one word."""
    word = Word()
    _Lexer(text).quoted(word, _IN_DOCUMENT, "")
    return word


def _unescaped(match: re.Match[str]) -> str:
    octal, short, long, simple = match.groups()
    if simple is not None:
        return _ANSI_SIMPLE.get(simple, simple)
    return chr(int(octal, 8) if octal else int(short or long, 16))

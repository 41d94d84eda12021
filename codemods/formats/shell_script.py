"""Scripts of the shell, and the files that it reads when it starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from codemods.configuration.tree import Items, Node, Scalar
from codemods.redis.command_line import is_program
from codemods.shell.script import read
from codemods.shell.variables import every
from codemods.shell.words import SimpleCommand, Variable, Word, read_script
from codemods.sourcemap import Run, SourceMap, joined

NAMES = ("*.sh", "*.bash", "*.zsh", "*.ksh", "*.bats", ".bashrc", ".bash_profile", ".profile", ".zshrc", ".envrc")

__all__ = ["NAMES", "read", "tree"]


def tree(text: SourceMap) -> Node:
    """The words of all commands, in order."""
    return Items(tuple(Items(tuple(_words(command))) for command in every(read_script(text))))


def _words(command: SimpleCommand) -> Iterator[Node]:
    for name, items in command.arrays:
        yield Items((_name(name), *_pieces(items)))
    yield from _pieces(_with_database(command.words))
    for redirection in command.redirections:
        yield Items((_name(redirection.sign), *_pieces([redirection.target])))


def _with_database(words: Sequence[Word]) -> list[Word]:
    """The words; `redis-cli -n 1` counts as one, for the option may be what a change adds."""
    found = list(words)
    for at in range(len(words) - 3, -1, -1):
        if is_program(words[at].start) and words[at + 1].start == "-n" and words[at + 2].start.isdecimal():
            number = words[at + 2].pieces[0]
            if isinstance(number, SourceMap) and isinstance(name := words[at].pieces[0], SourceMap):
                found[at : at + 3] = [Word([joined([name, SourceMap([Run("", " -n ")]), number])])]
    return found


def _pieces(words: Iterable[Word]) -> Iterator[Node]:
    for word in words:
        for piece in word.pieces:
            if isinstance(piece, SourceMap):
                yield Scalar(piece)
            elif isinstance(piece, Variable):
                yield Items((_name(piece.name), *_pieces([piece.default] if piece.default else [])))


def _name(text: str) -> Scalar:
    return Scalar(SourceMap([Run("", text)]))

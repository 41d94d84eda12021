"""Scripts of the shell, and the files that it reads when it starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codemods.configuration.tree import Items, Node, Scalar
from codemods.shell.script import read
from codemods.shell.variables import every
from codemods.shell.words import SimpleCommand, Variable, Word, read_script
from codemods.sourcemap import Run, SourceMap

NAMES = ("*.sh", "*.bash", "*.zsh", "*.ksh", "*.bats", ".bashrc", ".bash_profile", ".profile", ".zshrc", ".envrc")

__all__ = ["NAMES", "read", "tree"]


def tree(text: SourceMap) -> Node:
    """The words of all commands, in order."""
    return Items(tuple(Items(tuple(_words(command))) for command in every(read_script(text))))


def _words(command: SimpleCommand) -> Iterator[Node]:
    for name, items in command.arrays:
        yield Items((_name(name), *_pieces(items)))
    yield from _pieces(command.words)
    for redirection in command.redirections:
        yield Items((_name(redirection.sign), *_pieces([redirection.target])))


def _pieces(words: Iterable[Word]) -> Iterator[Node]:
    for word in words:
        for piece in word.pieces:
            if isinstance(piece, SourceMap):
                yield Scalar(piece)
            elif isinstance(piece, Variable):
                yield Items((_name(piece.name), *_pieces([piece.default] if piece.default else [])))


def _name(text: str) -> Scalar:
    return Scalar(SourceMap([Run("", text)]))

"""What the variables of a script can hold, as far as the script itself says it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from codemods.shell.words import SimpleCommand, Substitution, Variable, Word
from codemods.sourcemap import SourceMap, hole, joined

MOST_CHOICES = 16
_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)\+?=")
_UNKNOWN = SourceMap([hole("a variable")])


def every(commands: Iterable[SimpleCommand]) -> Iterator[SimpleCommand]:
    """The commands and those in their substitutions, inner ones first."""
    for command in commands:
        parts = [*command.words, *(each.target for each in command.redirections)]
        parts += [word for _, words in command.arrays for word in words]
        for word in parts:
            for piece in word.pieces:
                if isinstance(piece, Substitution):
                    yield from every(piece.commands)
        yield command


def assignment(word: Word) -> tuple[str, Word] | None:
    """The name and the value of a word such as `NAME=value`."""
    match = _ASSIGNMENT.match(word.start)
    first = word.pieces[0] if word.pieces else None
    if match is None or not isinstance(first, SourceMap):
        return None
    value = Word([first.slice(match.end(), len(first.text)), *word.pieces[1:]])
    return match["name"], value


class Variables:
    """The values that a script gives to each variable."""

    def __init__(self, commands: Iterable[SimpleCommand]) -> None:
        self._values: dict[str, list[Word]] = defaultdict(list)
        for command in commands:
            words = command.words
            for index, word in enumerate(words):
                found = assignment(word)
                if found:
                    self._values[found[0]].append(found[1])
                elif word.start == "for" and index + 2 < len(words) and words[index + 2].start == "in":
                    self._values[words[index + 1].start] += words[index + 3 :]
            for name, items in command.arrays:
                self._values[name] += items

    def texts(self, word: Word, skip: Callable[[str], bool] = lambda _: False, depth: int = 0) -> list[SourceMap]:
        """Every text that `word` can be, at most `MOST_CHOICES`; what is not known, or is to be skipped, is a hole."""
        found = [SourceMap([])]
        for piece in word.pieces:
            if isinstance(piece, SourceMap):
                options = [piece]
            elif isinstance(piece, Variable):
                options = self._of_variable(piece, skip, depth)
            else:
                options = [_UNKNOWN]
            if len(found) * len(options) > MOST_CHOICES:
                options = [_UNKNOWN]
            found = [joined([done, option]) for done in found for option in options]
        return found

    def _of_variable(self, variable: Variable, skip: Callable[[str], bool], depth: int) -> list[SourceMap]:
        if depth > 4 or skip(variable.name):
            return [_UNKNOWN]
        values = [*self._values.get(variable.name, ()), *([variable.default] if variable.default else [])]
        return [text for value in values for text in self.texts(value, skip, depth + 1)] or [_UNKNOWN]

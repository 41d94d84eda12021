"""Names that `format('SELECT * FROM %I', 'users')` puts into its text.

Source: the documentation of PostgreSQL's `format`, which counts its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from .bodies import decode
from .model import Reference
from .tokens import DOLLAR, STRING, Tokens

_SPECIFIER = re.compile(r"%(?:%|(?:(\d+)\$)?(-?\d*|-?\*(?:\d+\$)?)([sIL]))")
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_COMMON_TABLE = re.compile(r"(\w+)\"?\s*(?:\([^()]*\)\s*)?\bAS\s*(?:(?:NOT\s+)?MATERIALIZED\s*)?\(", re.IGNORECASE)


def fill(tokens: Tokens, index: int, references: Iterable[Reference]) -> Iterator[Reference]:
    """The references in the text of `format` at `index`, with the names that literals among its arguments put in.

    Such a name stands where its specifier does: a schema goes in front of `%I`, as before a name that is written there.
    """
    known = _names(tokens, index) if tokens.words[index - 2 : index] == ["FORMAT", "("] else {}
    for found in references:
        last = found.parts[-1]
        name = known.get(last.start) if last.partial and last.name[0] == "%" else None
        if name:
            last = replace(last, name=name, quoted=True, partial=False)
            yield replace(found, parts=(*found.parts[:-1], last))
        else:
            yield found


def _names(tokens: Tokens, index: int) -> dict[int, str]:
    """The plain names that the specifiers in the text of `format` stand for, by where they begin in it."""
    arguments, text = list(_arguments(tokens, index)), decode(tokens, index)[0]
    own = {name.lower() for name in _COMMON_TABLE.findall(text)}
    found: dict[int, str] = {}
    number = 0
    for specifier in _SPECIFIER.finditer(text):
        if specifier[0] == "%%":
            continue
        if "*" in specifier[2]:
            return {}  # an argument for the width
        number = int(specifier[1]) if specifier[1] else number + 1
        argument = arguments[number - 1] if 0 < number <= len(arguments) else None
        if argument and specifier[3] in "sI" and _PLAIN.fullmatch(argument) and argument not in own:
            found[specifier.start()] = argument
    return found


def _arguments(tokens: Tokens, index: int) -> Iterator[str | None]:
    """The literals that follow the text at `index`, None for other arguments."""
    words, close = tokens.words, tokens.match.get(index - 1, index)
    at = index + 1
    while at < close:
        first = at + 1
        at = first
        while at < close and words[at] != ",":
            at = tokens.match.get(at, at) + 1
        alone = at == first + 1 and tokens.kinds[first] in (STRING, DOLLAR)
        yield decode(tokens, first)[0] if alone else None

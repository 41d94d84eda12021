"""Makefiles: variables, and recipes, whose lines the shell reads once make has put its variables in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemods.configuration.read import setting
from codemods.occurrences import Embedded, Occurrence
from codemods.shell.script import read as read_script
from codemods.sourcemap import SourceMap, hole

NAMES = ("Makefile", "makefile", "GNUmakefile", "Makefile.*", "*.mk", "*.mak")

_VARIABLE = re.compile(
    r"^(?:(?:export|override)[ ]+)*(?P<name>[A-Za-z_]\w*)[ \t]*(?:::?|\?|\+)?=[ \t]*"
    r"(?P<value>(?:[^\\\r\n#]|\\(?!\r?\n)|\\\r?\n)*)",
    re.MULTILINE,
)
_RECIPE = re.compile(r"(?:^\t(?:[^\\\n]|\\(?!\r?\n)|\\\r?\n)*(?:\n|\Z))+", re.MULTILINE)
_LINE_START = re.compile(r"^\t[ \t]*[@+\-]*[ \t]*", re.MULTILINE)
_MAKE = re.compile(r"\$(?:\$(?P<shell>)|\((?P<round>[^()$]*)\)|\{(?P<curly>[^{}$]*)\}|[@<^?*%+|])")


def read(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in the variables and recipes of a file."""
    values: dict[str, list[SourceMap]] = {}
    for match in _VARIABLE.finditer(text.text):
        start = match.start("value")
        value = text.slice(start, start + len(match["value"].rstrip()))
        values.setdefault(match["name"], []).append(value)
        yield from setting(match["name"], value, path)
    for match in _RECIPE.finditer(text.text):
        recipe = text.slice(*match.span()).replace(_LINE_START, lambda _: "")
        yield from read_script(_expanded(recipe, values), path)


def _expanded(recipe: SourceMap, values: dict[str, list[SourceMap]]) -> SourceMap:
    """The recipe as the shell sees it; a variable with one value in sight is that, another one a hole."""

    def new(match: re.Match[str]) -> str | SourceMap:
        if match["shell"] is not None:
            return "$"
        known = values.get(match["round"] or match["curly"] or "", [])
        return known[0] if len(known) == 1 and "$" not in known[0].text else SourceMap([hole("a variable")])

    return recipe.replace(_MAKE, new)

"""Which files of a tree import which, read from their text: enough to see what stands between two files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from codemods.python.project import Paths
from codemods.source import Source

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<dots>(?:\.[. \t]*)?)(?P<module>[\w.]*)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n\r#;]+)"
    r"|import[ \t]+(?P<modules>[^\n\r#;]+))",
    re.MULTILINE,
)


def neighbours(reporting: Set[str], known: Set[str], python: Mapping[str, Source]) -> set[str]:
    """`known`, all that `reporting` files import, and what is on a way of imports from one known file to another.

    All are keys of `python`; `reporting` is part of `known`.
    """
    paths = Paths(python)
    imported: dict[str, set[str]] = {}
    waiting = list(known)
    while waiting:
        path = waiting.pop()
        if path not in imported:
            imported[path] = set(_imported(path, python[path].text, paths))
            waiting += imported[path]
    importers: dict[str, set[str]] = {}
    for path, others in imported.items():
        for other in others:
            importers.setdefault(other, set()).add(path)
    return _reached(reporting, imported) | _reached(known, importers)


def _reached(start: Set[str], edges: Mapping[str, Set[str]]) -> set[str]:
    """Everything on the ways along `edges`, from `start` on."""
    found, waiting = set(start), list(start)
    while waiting:
        new = edges.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _imported(path: str, text: str, paths: Paths) -> Iterator[str]:
    for module, level in _modules(text):
        found = paths.find(path, module, level)
        if found is not None and found != path:
            yield found


def _modules(text: str) -> Iterator[tuple[str, int]]:
    """The modules that a file may import, each with its number of leading dots."""
    for match in _IMPORT.finditer(text):
        if match["modules"]:
            yield from ((name.split()[0], 0) for name in match["modules"].split(",") if name.strip())
            continue
        module, level = match["module"], match["dots"].count(".")
        yield module, level
        for name in match["names"].strip("() \t").split(","):
            words = name.split()
            if words and words[0].isidentifier():
                yield f"{module}.{words[0]}" if module else words[0], level

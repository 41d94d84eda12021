"""Which files of a tree import which, read from their text: enough to see what stands between two files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from codemods.funnel.triggers import words_of
from codemods.python.project import Paths
from codemods.source import Source

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<dots>(?:\.[. \t]*)?)(?P<module>[\w.]*)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n\r#;]+)"
    r"|import[ \t]+(?P<modules>[^\n\r#;]+))",
    re.MULTILINE,
)

# Methods of Python's own containers are not followed by their names (see python/calls.py).
_CONTAINERS = frozenset(name.encode() for kind in (str, bytes, list, dict, set, tuple, object) for name in dir(kind))
_METHOD = re.compile(rb"^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)


def neighbours(reporting: Set[str], known: Set[str], python: Mapping[str, Source]) -> set[str]:
    """What `reporting` files need to be understood: all that hangs together with them.

    Files hang together by imports, in either direction and through any file, and by the name of a method that one of
    the `known` files defines and another uses. All are keys of `python`; `reporting` is part of `known`.
    """
    paths = Paths(python)
    joined: dict[str, set[str]] = {path: set() for path in known}
    waiting = list(known)
    while waiting:
        path = waiting.pop()
        for imported in set(_imported(path, python[path].text, paths)):
            if imported not in joined:
                joined[imported] = set()
                waiting.append(imported)
            joined[path].add(imported)
            joined[imported].add(path)
    methods = {path: frozenset(_METHOD.findall(python[path].data.lower())) - _CONTAINERS for path in known}
    found: set[str] = set()
    new = set(reporting)
    while new:
        reached = _reached(new, joined) - found
        found |= reached
        words = frozenset().union(*(words_of(python[path].data.lower()) for path in reached))
        new = {path for path in known - found if not words.isdisjoint(methods[path])}
    return found


def _reached(start: Set[str], edges: Mapping[str, Set[str]]) -> set[str]:
    """Everything on the ways along `edges`, from `start` on."""
    found, waiting = set(start), list(start)
    while waiting:
        new = edges[waiting.pop()] - found
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

"""Which files of a tree import which, read from their text: enough to see what stands between two files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from codemods.checkout.paths import conftests_of, is_test
from codemods.python.namesakes import CONTAINER_METHODS, MOST_CANDIDATES
from codemods.python.project import Paths
from codemods.source import Source

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<dots>(?:\.[. \t]*)?)(?P<module>[\w.]*)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n\r#;]+)"
    r"|import[ \t]+(?P<modules>[^\n\r#;]+))",
    re.MULTILINE,
)

_PLUGINS = re.compile(r"^pytest_plugins\b[^=\n]*=(?P<names>\s*(?:\([^)]*\)|\[[^\]]*\]|[^\n]*))", re.MULTILINE)
_QUOTED = re.compile(r"[\"']([\w.]+)[\"']")
_METHOD = re.compile(rb"^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
_CALLED = re.compile(rb"\.[ \t]*(\w+)[ \t]*\(")
_GENERAL = frozenset(name.encode() for name in CONTAINER_METHODS)


def neighbours(reporting: Set[str], known: Set[str], python: Mapping[str, Source]) -> set[str]:
    """What `reporting` files need to be understood: all that hangs together with them.

    Files hang together by imports, by what pytest offers to tests, and by the names of methods that one defines and
    another calls: those from where the reporting ones can be reached, and all that these and the `known` ones reach, in
    either direction. All are keys of `python`; `reporting` is part of `known`.
    """
    uses = _by_imports(python)
    for path, others in _by_methods(python).items():
        uses[path] |= others
    users: dict[str, set[str]] = {path: set() for path in python}
    for path, others in uses.items():
        for other in others:
            users[other].add(path)
    within = _reached(known | _reached(reporting, users), uses)
    joined = {path: (uses[path] | users[path]) & within for path in within}
    return _reached(reporting, joined)


def _by_imports(python: Mapping[str, Source]) -> dict[str, set[str]]:
    paths = Paths(python)
    return {path: set(_imported(path, python, paths)) for path in python}


def _by_methods(python: Mapping[str, Source]) -> dict[str, set[str]]:
    """The files whose methods each file may call on receivers that nothing is known of (see python/calls.py)."""
    owners: dict[bytes, set[str]] = {}
    for path, source in python.items():
        for name in set(_METHOD.findall(source.data)) - _GENERAL:
            owners.setdefault(name, set()).add(path)
    rare = {name: paths for name, paths in owners.items() if len(paths) <= MOST_CANDIDATES}
    return {
        path: set[str]().union(*(rare[name] for name in rare.keys() & _CALLED.findall(source.data))) - {path}
        for path, source in python.items()
    }


def _reached(start: Set[str], edges: Mapping[str, Set[str]]) -> set[str]:
    """Everything on the ways along `edges`, from `start` on."""
    found, waiting = set(start), list(start)
    while waiting:
        new = edges[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def _imported(path: str, python: Mapping[str, Source], paths: Paths) -> Iterator[str]:
    for module, level in _modules(python[path].text):
        found = paths.find(path, module, level)
        if found is not None and found != path:
            yield found
    if is_test(path):
        yield from (conftest for conftest in conftests_of(path) if conftest in python and conftest != path)


def _modules(text: str) -> Iterator[tuple[str, int]]:
    """The modules that a file may import or make pytest import, each with its number of leading dots."""
    for plugins in _PLUGINS.finditer(text):
        yield from ((name, 0) for name in _QUOTED.findall(plugins["names"]))
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

"""The files of a run: their bytes, read once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from codemods.checkout.discover import discover
from codemods.source import PYTHON_SUFFIXES, Source, Unreadable, decode, read_bytes, script_suffix

Wanted = Callable[[str], bool]
_LONGEST_LINE = 200
Open = Callable[[str, bytes], Source | Unreadable]


class Tree(NamedTuple):
    """Files by path, relative to the root with `/`; `looked_at` counts them all."""

    sources: dict[str, Source]
    unreadable: list[Unreadable]

    @property
    def looked_at(self) -> int:
        return len(self.sources) + len(self.unreadable)

    def digest(self) -> bytes:
        """What the content of the whole tree is recognised by."""
        state = blake2b(digest_size=16)
        for path in sorted(self.sources):
            data = self.sources[path].data
            name = os.fsencode(path)
            state.update(b"%d %d " % (len(name), len(data)) + name)
            state.update(data)
        for problem in sorted(self.unreadable, key=lambda each: each.path):
            state.update(repr(problem).encode())
        return state.digest()

    def with_others(self, other: Tree) -> Tree:
        """This tree with the files of `other` that it lacks; what is unreadable there is of no interest here."""
        return Tree({**other.sources, **self.sources}, self.unreadable)


def tree_of(files: Iterable[Source | Unreadable]) -> Tree:
    """The tree of these files."""
    tree = Tree({}, [])
    for file in files:
        if isinstance(file, Unreadable):
            tree.unreadable.append(file)
        else:
            tree.sources[file.path] = file
    return tree


def read_tree(
    root: Path,
    paths: Sequence[Path],
    exclude: Sequence[str],
    wanted: Wanted,
    matters: Callable[[bytes], bool],
    open: Open = decode,
) -> Tree:
    """The `wanted` files under `paths` (inside `root`), each read with `open`; raises UsageProblem.

    A file that is not Python and cannot be decoded is told of only when its bytes have something that `matters`.
    """
    return tree_of(_files(root.resolve(), paths, exclude, wanted, matters, open))


def _files(
    root: Path,
    paths: Sequence[Path],
    exclude: Sequence[str],
    wanted: Wanted,
    matters: Callable[[bytes], bool],
    open: Open,
) -> Iterator[Source | Unreadable]:
    skip = len(str(root).rstrip("/")) + 1
    for path in discover(root, paths, exclude):
        if isinstance(path, Unreadable):
            yield path
        elif wanted(name := str(path)[skip:].replace("\\", "/")) or wanted(name + script_suffix(name, _head(path))):
            data = read_bytes(root, name)
            source = data if isinstance(data, Unreadable) else open(name, data)
            if isinstance(data, Unreadable) or isinstance(source, Source) or _is_python(name) or matters(data):
                yield source


def _head(path: Path) -> bytes:
    """The first line of the file, where its name has no suffix; b"" when it has one or cannot be read."""
    if "." in path.name:
        return b""
    with suppress(OSError), path.open("rb") as file:
        return file.readline(_LONGEST_LINE)
    return b""


def _is_python(path: str) -> bool:
    return path.endswith(PYTHON_SUFFIXES)

"""The modules of a tree: which file an import means, which classes and functions there are."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from codemods.drivers.registry import REGISTRY
from codemods.python import ir
from codemods.python.values import ClassRef, FunctionKey, Value

_LIBRARIES = sys.stdlib_module_names | {name.partition(".")[0] for name in REGISTRY.known_names} | {"redis"}

Environment = dict[str, Value]


@dataclass(slots=True, eq=False)
class FunctionInfo:
    """A function of the tree and where it was defined."""

    key: FunctionKey
    node: ir.Function
    scope: tuple[Environment, ...]
    owner: FunctionKey | None
    kinds: frozenset[str]


@dataclass(slots=True, eq=False)
class ClassInfo:
    """A class of the tree; `attributes` collects what is assigned to its instances."""

    key: FunctionKey
    node: ir.Class
    bases: tuple[Value, ...]
    environment: Environment
    assigners: dict[str, list[FunctionKey]] = field(default_factory=dict)
    attributes: dict[str, list[Value]] = field(default_factory=lambda: defaultdict(list))
    fields: tuple[str, ...] = ()


def lineage(info: ClassInfo, classes: Mapping[FunctionKey, ClassInfo]) -> list[ClassInfo]:
    """The class and those of its bases that the tree defines, nearest first."""
    found = [info]
    for owner in found:
        for base in owner.bases:
            known = classes.get(base.key) if isinstance(base, ClassRef) else None
            if known is not None and known not in found:
                found.append(known)
    return found


class Paths:
    """The Python files of a tree, found from imports by the longest matching end of their path."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._parts = {path: _module_parts(path) for path in paths}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path, parts in self._parts.items():
            self._by_name[parts[-1] if parts else ""].append(path)

    def find(self, importer: str, module: str, level: int = 0) -> str | None:
        """The path of the file that `module` means when `importer` imports it; None when not of the tree."""
        parts = tuple(module.split(".")) if module else ()
        if level:
            folder = importer.split("/")[:-1]
            if level - 1 > len(folder):
                return None
            return self._exact((*folder[: len(folder) - level + 1], *parts))
        if not parts:
            return None
        candidates = [path for path in self._by_name.get(parts[-1], ()) if self._parts[path][-len(parts) :] == parts]
        if is_library(module):
            candidates = [path for path in candidates if self._hides_a_library(path, len(parts), importer)]
        return max(candidates, key=lambda path: (_shared(path, importer), -len(path)), default=None)

    def _hides_a_library(self, path: str, length: int, importer: str) -> bool:
        """Whether the importer's own source folder, which is no package, holds the module."""
        folder = "".join(f"{part}/" for part in self._parts[path][:-length])
        return importer.startswith(folder) and f"{folder}__init__.py" not in self._parts

    def _exact(self, parts: tuple[str, ...]) -> str | None:
        stem = "/".join(parts)
        for path in (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py"):
            if path in self._parts:
                return path
        return None


class Project:
    """The modules of a tree by path."""

    def __init__(self, modules: dict[str, ir.Module]) -> None:
        self.modules = modules
        self.find = Paths(modules).find


def is_library(module: str) -> bool:
    """Whether a module is one of Python's own or of the libraries that relink knows."""
    return module.partition(".")[0] in _LIBRARIES


def _module_parts(path: str) -> tuple[str, ...]:
    parts = tuple(path.rpartition(".")[0].split("/"))
    return parts[:-1] if parts[-1] == "__init__" else parts


def _shared(left: str, right: str) -> int:
    """How many folders two paths have in common."""
    count = 0
    for one, other in zip(left.split("/"), right.split("/"), strict=False):
        if one != other:
            break
        count += 1
    return count

"""The modules of a tree: which file an import means, which classes and functions there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from codemods.python import ir
from codemods.python.values import FunctionKey, Value

Environment = dict[str, Value]


@dataclass(slots=True)
class FunctionInfo:
    """A function of the tree and where it was defined."""

    key: FunctionKey
    node: ir.Function
    scope: tuple[Environment, ...]
    owner: FunctionKey | None
    kinds: frozenset[str]


@dataclass(slots=True)
class ClassInfo:
    """A class of the tree; `attributes` collects what is assigned to its instances."""

    key: FunctionKey
    node: ir.Class
    bases: tuple[Value, ...]
    environment: Environment
    assigners: dict[str, list[FunctionKey]] = field(default_factory=dict)
    attributes: dict[str, list[Value]] = field(default_factory=lambda: defaultdict(list))
    fields: tuple[str, ...] = ()


class Project:
    """Modules by path, found from imports by the longest matching end of their path."""

    def __init__(self, modules: dict[str, ir.Module]) -> None:
        self.modules = modules
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in modules:
            self._by_name[_last_name(path)].append(path)

    def find(self, importer: str, module: str, level: int = 0) -> str | None:
        """The path of the file that `module` means when `importer` imports it; None when not of the tree."""
        parts = tuple(module.split(".")) if module else ()
        if level:
            folder = PurePosixPath(importer).parents
            if level > len(folder):
                return None
            start = folder[level - 1].parts
            return self._exact((*start, *parts))
        if not parts:
            return None
        candidates = [path for path in self._by_name.get(parts[-1], ()) if _ends_with(path, parts)]
        return max(candidates, key=lambda path: (_shared(path, importer), -len(path)), default=None)

    def _exact(self, parts: tuple[str, ...]) -> str | None:
        stem = "/".join(parts)
        for path in (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py"):
            if path in self.modules:
                return path
        return None


def _module_parts(path: str) -> tuple[str, ...]:
    parts = PurePosixPath(path).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def _last_name(path: str) -> str:
    parts = _module_parts(path)
    return parts[-1] if parts else ""


def _ends_with(path: str, parts: tuple[str, ...]) -> bool:
    return _module_parts(path)[-len(parts) :] == parts


def _shared(left: str, right: str) -> int:
    count = 0
    for one, other in zip(PurePosixPath(left).parts, PurePosixPath(right).parts, strict=False):
        if one != other:
            break
        count += 1
    return count

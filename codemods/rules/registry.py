"""Every rule, found by walking this package."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from codemods import rules
from codemods.model import Finding
from codemods.workspace import Workspace

GROUPS = {"sql": True, "connections": True, "orm": True, "redis": True, "docs": False, "tool": True}
"""The groups of rules, and whether each is reported unless the settings say otherwise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`check` is given each occurrence of a type in `looks_at`; rules that only other steps report have none.

    `only_by_name`: it is reported only when its own name is selected, not with its group.
    """

    name: str
    group: str
    explanation: str
    looks_at: tuple[type[Any], ...]
    check: Callable[[Any, Workspace], Iterator[Finding]] | None
    only_by_name: bool

    @property
    def summary(self) -> str:
        return self.explanation.splitlines()[0]


def load_rules() -> dict[str, Rule]:
    """The rules by name."""
    found: dict[str, Rule] = {}
    for info in pkgutil.iter_modules(rules.__path__):
        module = import_module(f"{rules.__name__}.{info.name}")
        group = getattr(module, "GROUP", None)
        if group is None:
            continue
        name = info.name.replace("_", "-")
        found[name] = Rule(
            name,
            group,
            (module.__doc__ or "").strip(),
            getattr(module, "LOOKS_AT", ()),
            getattr(module, "check", None),
            getattr(module, "ONLY_BY_NAME", False),
        )
    return found

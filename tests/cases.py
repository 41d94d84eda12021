"""Cases of the fixtures: a tree before, the tree after, and what relink has to say about it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from codemods.handling import Handling
from codemods.settings import load_settings

FIXTURES = Path(__file__).parent.parent / "fixtures"


@dataclass(frozen=True)
class Case:
    """One folder of `fixtures`: `before/`, perhaps `after/`, `expected.txt` and a mapping."""

    name: str
    folder: Path
    mapping: Path

    @property
    def rule(self) -> str:
        """The rule that the case is about, which is on whatever its group is."""
        return self.folder.parent.name

    @property
    def before(self) -> Path:
        return self.folder / "before"

    @property
    def after(self) -> Path:
        """The expected tree; the same as `before` for a case in which nothing changes."""
        changed = self.folder / "after"
        return changed if changed.exists() else self.before

    @property
    def expected(self) -> list[str] | None:
        """Lines `path:line:column rule safety [reason]`; None when the case does not list them."""
        path = self.folder / "expected.txt"
        return sorted(path.read_text("utf-8").splitlines()) if path.exists() else None

    @property
    def handling(self) -> Handling:
        """What a `relink.toml` beside `before/` says of kinds of files; documents are read for their own rule."""
        return replace(load_settings(self.folder).handling, documents=self.rule == "old-name-in-docs")

    def copy_to(self, target: Path) -> Path:
        return Path(shutil.copytree(self.before, target / "tree", symlinks=True))


def rule_cases() -> list[Case]:
    """Every `fixtures/rules/<rule>/<case>`."""
    shared = FIXTURES / "rules" / "mapping.yaml"
    found = []
    for before in sorted((FIXTURES / "rules").glob("*/*/before")):
        folder = before.parent
        own = folder / "mapping.yaml"
        found.append(Case(f"{folder.parent.name}/{folder.name}", folder, own if own.exists() else shared))
    return found


def backend_case() -> Case:
    """The small backend that the README's first command runs on."""
    folder = FIXTURES / "backend"
    return Case("backend", folder, folder / "mapping.yaml")


def read_tree(root: Path) -> dict[str, bytes]:
    """Every file under `root` but relink's and git's own, by relative path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not {".git", ".relink"} & set(path.relative_to(root).parts)
    }

"""The files that a run looks at."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from codemods.checkout.git import GitProblem, ask, top_of
from codemods.checkout.ignored import Rules, rules_above, rules_of_folder
from codemods.source import Unreadable

_NEVER_ENTERED = frozenset(
    {
        *(".git", ".hg", ".svn", ".relink", "node_modules", "__pycache__", "site-packages", "__pypackages__"),
        *(".venv", ".tox", ".nox", ".eggs", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
    }
)
_NEVER_ENTERED_ENDINGS = (".dist-info", ".egg-info")


class UsageProblem(Exception):
    """The run was asked for something that cannot be done; the message says what."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def discover(root: Path, paths: Sequence[Path], exclude: Sequence[str] = ()) -> Iterator[Path | Unreadable]:
    """The regular files under `paths` (each inside `root`), as absolute paths, once each and sorted.

    The patterns of `exclude` (in the form of `.gitignore`, seen from `root`) always hold: hooks and editors name
    files that nobody chose. A file that is named itself is taken whatever else says. In folders, `.gitignore` files
    (also those above) and `.git/info/exclude` are respected for what git does not track; virtual environments and the
    folders of tools are left out. Links to folders are not followed; a link to a file inside `root` stands for that
    file. A folder that cannot be listed comes as `Unreadable`.

    Raises UsageProblem at the first step when a path is missing, outside of `root` or not a file or folder.
    """
    root = root.resolve()
    walk = _Walk(root, exclude)
    for path in paths or (root,):
        walk.take(root / path)
    yield from walk.result()


def is_excluded(root: Path, path: str, exclude: Sequence[str]) -> bool:
    """Whether a pattern of `exclude` speaks of the file `path`, which is relative to `root` and need not exist."""
    root = root.resolve()
    return _Walk(root, exclude).excludes(root / path)


def _folder_by_folder(path: str) -> str:
    return path.replace(os.sep, "\0")


def _are_ignoring(rules: tuple[Rules, ...], entry: os.DirEntry[str], is_folder: bool) -> bool:
    decisions = (rule.decide(entry.path, entry.name, is_folder) for rule in rules)
    return next((decision for decision in decisions if decision is not None), False)


class _Walk:
    def __init__(self, root: Path, exclude: Sequence[str]) -> None:
        self.root = str(root)
        self.excluded = Rules(self.root, exclude)
        self.files: set[str] = set()
        self.problems: dict[str, Unreadable] = {}

    def take(self, path: Path) -> None:
        try:
            real = path.resolve(strict=True)
            mode = real.stat().st_mode
        except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
            raise UsageProblem(f"{path}: {getattr(error, 'strerror', None) or error}") from error
        if not self._inside(str(real)):
            raise UsageProblem(f"{path} is outside of {self.root}; run relink from a folder that holds it")
        if stat.S_ISDIR(mode):
            if self._folder(str(real), rules_above(real, Path(self.root))):
                self._tracked(real)
        elif stat.S_ISREG(mode):
            if not self.excludes(real):
                self.files.add(str(real))
        else:
            raise UsageProblem(f"{path} is neither a file nor a folder")

    def result(self) -> Iterator[Path | Unreadable]:
        yield from (self.problems[path] for path in sorted(self.problems, key=_folder_by_folder))
        yield from (Path(path) for path in sorted(self.files, key=_folder_by_folder))

    def excludes(self, file: Path) -> bool:
        above = [folder for folder in file.parents if folder != Path(self.root) and self._inside(str(folder))]
        entries = [(file, False), *((folder, True) for folder in above)]
        return any(self.excluded.decide(str(entry), entry.name, is_folder) for entry, is_folder in entries)

    def _inside(self, real: str) -> bool:
        return real == self.root or real.startswith(self.root.rstrip(os.sep) + os.sep)

    def _folder(self, start: str, above: tuple[Rules, ...]) -> bool:
        """Take what the folder holds; whether git's rules left something out."""
        left_out = False
        waiting = [(start, above)]
        while waiting:
            folder, rules = waiting.pop()
            try:
                with os.scandir(folder) as listing:
                    entries = list(listing)
            except OSError as error:
                name = Path(folder).relative_to(self.root).as_posix()
                self.problems[folder] = Unreadable(name, error.strerror or str(error))
                continue
            names = {entry.name for entry in entries}
            if "pyvenv.cfg" in names and folder != start:
                continue
            if ".gitignore" in names:
                rules = (*rules_of_folder(Path(folder)), *rules)
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False)
                if not self._wanted(entry, is_folder):
                    continue
                if _are_ignoring(rules, entry, is_folder):
                    left_out = True
                elif is_folder:
                    waiting.append((entry.path, rules))
                else:
                    self._file(entry)
        return left_out

    def _tracked(self, folder: Path) -> None:
        """Take the files that git tracks although its rules would ignore them."""
        if top_of(folder) is None:
            return
        try:
            listed = ask(folder, "ls-files", "-z", "--cached", "--ignored", "--exclude-standard")
        except GitProblem:
            return
        for name in filter(None, listed.split("\0")):
            file = folder / name
            parts = file.relative_to(self.root).parts
            never = any(part in _NEVER_ENTERED or part.endswith(_NEVER_ENTERED_ENDINGS) for part in parts[:-1])
            if not never and not file.is_symlink() and file.is_file() and not self.excludes(file):
                self.files.add(str(file))

    def _wanted(self, entry: os.DirEntry[str], is_folder: bool) -> bool:
        if entry.name in _NEVER_ENTERED or (is_folder and entry.name.endswith(_NEVER_ENTERED_ENDINGS)):
            return False
        return not self.excluded.decide(entry.path, entry.name, is_folder)

    def _file(self, entry: os.DirEntry[str]) -> None:
        if entry.is_symlink():
            target = Path(os.path.realpath(entry.path))
            if self._inside(str(target)) and target.is_file():
                parts = target.relative_to(self.root).parts
                if _NEVER_ENTERED.isdisjoint(parts):
                    self.files.add(str(target))
        elif entry.is_file(follow_symlinks=False):
            self.files.add(entry.path)

"""What git would ignore: the rules of one `.gitignore` file, applied to single entries as git does."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@lru_cache(maxsize=1024)
def read_patterns(lines: tuple[str, ...]) -> GitIgnoreSpec:
    """What lines in the form of `.gitignore` match; raises ValueError."""
    from pathspec import GitIgnoreSpec  # slow to import, and most runs have no patterns

    return GitIgnoreSpec.from_lines(lines)


class Rules:
    """The patterns of one file, seen from the folder that it stands in.

    An entry is matched by itself: whether its folder is ignored was decided when the folder was entered.
    """

    def __init__(self, folder: str, lines: Sequence[str]) -> None:
        self._skip = len(folder.rstrip(os.sep)) + 1
        self._includes: list[bool] = []
        self._by_name: list[tuple[int, re.Pattern[str], bool]] = []
        self._by_path: list[tuple[int, re.Pattern[str], bool]] = []
        self._known: dict[str, int] = {}
        for line in lines:
            self._add(line)
        self._by_name.reverse()
        self._by_path.reverse()

    def _add(self, line: str) -> None:
        if not line.strip() or line.startswith("#"):
            return
        try:
            (pattern,) = read_patterns((line,)).patterns
        except ValueError:
            return  # git, too, passes over a pattern that it cannot read
        regex: object = getattr(pattern, "regex", None)
        if pattern.include is None or not isinstance(regex, re.Pattern):
            return
        bare = line.rstrip().removeprefix("!").rstrip("/")
        if not bare:
            return  # "/" speaks of nothing
        # "folder/**" is what the folder holds, not the folder.
        contents_only = bare.endswith("/**")
        group = self._by_path if "/" in bare else self._by_name
        group.append((len(self._includes), regex, contents_only))
        self._includes.append(pattern.include)

    def decide(self, path: str, name: str, is_folder: bool) -> bool | None:
        """True: the entry is ignored; False: it is taken back in; None: no pattern speaks of it."""
        if not self._includes:
            return None
        last = self._last_by_name(f"{name}/" if is_folder else name)
        if self._by_path:
            relative = path[self._skip :].replace(os.sep, "/")
            for index, regex, contents_only in self._by_path:
                if index < last:
                    break
                subject = relative if contents_only or not is_folder else relative + "/"
                match = regex.search(subject)
                # A match that ends earlier is one of a folder above, which was entered all the same.
                if match and (contents_only or match.end() == len(subject)):
                    last = index
                    break
        return self._includes[last] if last >= 0 else None

    def _last_by_name(self, name: str) -> int:
        known = self._known.get(name)
        if known is None:
            known = next((index for index, regex, _ in self._by_name if regex.search(name)), -1)
            self._known[name] = known
        return known


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return []
    return [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]


def rules_of_folder(folder: Path) -> tuple[Rules, ...]:
    """The rules of the folder's own `.gitignore`; none when it has no such file."""
    lines = _lines(folder / ".gitignore")
    return (Rules(str(folder), lines),) if lines else ()


def rules_above(folder: Path, root: Path) -> tuple[Rules, ...]:
    """The rules that hold in a folder from outside of it, nearest first.

    They come from the folders above, up to the top of the checkout, or up to `root` where there is none.
    """
    tops = [place for place in (folder, *folder.parents) if (place / ".git").exists()]
    top = tops[0] if tops else root
    found: tuple[Rules, ...] = ()
    for parent in folder.parents:
        if not parent.is_relative_to(top):
            break
        found += rules_of_folder(parent)
    return found + _excludes_of_checkout(top) if tops else found


def _excludes_of_checkout(top: Path) -> tuple[Rules, ...]:
    git = top / ".git"
    if git.is_file():  # a linked work tree or a submodule: a file that names the real folder
        git = top / "".join(_lines(git)[:1]).removeprefix("gitdir:").strip()
        git = git / "".join(_lines(git / "commondir")[:1]).strip()
    lines = _lines(git / "info" / "exclude")
    return (Rules(str(top), lines),) if lines else ()

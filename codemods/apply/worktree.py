"""Is everything in git, so that the changes of a run stand alone in `git diff`?"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from codemods.apply.errors import ApplyError

_SHOWN = 10
_WAY_OUT = "commit or stash first, or pass --allow-dirty; relink's own journal can undo its run either way"
# Inside a hook git sets these for its own repository; files may lie in another one.
_OF_THE_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")


def require_clean(root: Path, paths: Iterable[str]) -> None:
    """Raise ApplyError when a checkout that holds one of the files has uncommitted changes, or none holds it.

    `paths` are relative to `root`. Files unknown to git do not count. Nested checkouts are each asked.
    """
    root = root.resolve()
    tops: dict[Path, None] = {}
    for path in paths:
        file = (root / path).resolve()
        top = next((place for place in file.parents if (place / ".git").exists()), None)
        if top is None:
            raise ApplyError(f"{path} is in no git checkout", _WAY_OUT)
        tops[top] = None
    dirty = [name for top in tops for name in _uncommitted(top)]
    if dirty:
        names = "".join(f"\n  {name}" for name in dirty[:_SHOWN])
        more = f"\n  and {len(dirty) - _SHOWN} more" if len(dirty) > _SHOWN else ""
        raise ApplyError(f"{len(dirty)} file(s) have uncommitted changes:{names}{more}\n", _WAY_OUT)


def _uncommitted(top: Path) -> list[str]:
    """The tracked files with changes, seen from the top of the checkout."""
    command = ["git", "--no-optional-locks", "status", "--porcelain=v1", "-z", "--untracked-files=no"]
    environment = {name: value for name, value in os.environ.items() if name not in _OF_THE_HOOK}
    try:
        answer = subprocess.run(command, cwd=top, env=environment, capture_output=True, check=False)
    except OSError as error:
        raise ApplyError(f"git cannot be asked about {top}: {error.strerror or error}", _WAY_OUT) from error
    if answer.returncode != 0:
        said = os.fsdecode(answer.stderr).strip().partition("\n")[0]
        raise ApplyError(f"git cannot be asked about {top}: {said}", _WAY_OUT)
    names = []
    fields = iter(os.fsdecode(answer.stdout).split("\0"))
    for field in fields:
        if field:
            names.append(field[3:])
            if field[0] in "RC" or field[1] in "RC":
                next(fields, None)  # the name it had before
    return names


def path_from_top(root: Path, path: str) -> str:
    """The path, relative to `root`, as seen from the top of the checkout that holds `root`.

    Patches need it: run below the top, `git apply` silently passes over what is not named from there.
    """
    root = root.resolve()
    for top in (root, *root.parents):
        if (top / ".git").exists():
            return (root.relative_to(top) / path).as_posix()
    return path

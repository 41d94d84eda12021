"""Is everything in git, so that the changes of a run stand alone in `git diff`?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from codemods.apply.errors import ApplyError
from codemods.checkout.git import GitProblem, ask, top_of

_SHOWN = 10
_WAY_OUT = "commit or stash first, or pass --allow-dirty; relink's own journal can undo its run either way"


def require_clean(root: Path, paths: Iterable[str]) -> None:
    """Raise ApplyError when a checkout that holds one of the files has uncommitted changes, or none holds it.

    `paths` are relative to `root`. Files unknown to git do not count. Nested checkouts are each asked.
    """
    root = root.resolve()
    tops: dict[Path, None] = {}
    for path in paths:
        top = top_of((root / path).resolve().parent)
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
    try:
        answer = ask(top, "status", "--porcelain=v1", "-z", "--untracked-files=no")
    except GitProblem as error:
        raise ApplyError(str(error), _WAY_OUT) from error
    names = []
    fields = iter(answer.split("\0"))
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
    top = top_of(root)
    return (root.resolve().relative_to(top) / path).as_posix() if top else path

"""Ask git about a checkout."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

# Inside a hook git sets these for its own repository; files may lie in another one.
_OF_THE_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")


class GitProblem(Exception):
    """git did not answer; the message has its own first line."""


def ask(folder: Path, *arguments: str) -> str:
    """What `git ARGUMENTS` prints in `folder`; paths that are not UTF-8 come with surrogates. Raises GitProblem."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_THE_HOOK}
    command = ["git", "--no-optional-locks", *arguments]
    try:
        answer = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    except OSError as error:
        raise GitProblem(f"git cannot be asked about {folder}: {error.strerror or error}") from error
    if answer.returncode != 0:
        said = os.fsdecode(answer.stderr).strip().partition("\n")[0]
        raise GitProblem(f"git cannot be asked about {folder}: {said}")
    return os.fsdecode(answer.stdout)


def top_of(folder: Path) -> Path | None:
    """The top of the checkout that holds `folder`; None when it is in none."""
    folder = folder.resolve()
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)

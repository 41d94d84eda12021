"""The command line where something around it is broken: one clear error, exit code 2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import write

RELINK = (sys.executable, "-m", "codemods")
CODE = 'import psycopg2\npsycopg2.connect("").cursor().execute("SELECT id FROM users")\n'


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A line of shell in which "$@" is relink."""
    return subprocess.run(
        ["sh", "-c", script, "sh", *RELINK], cwd=folder, env={**os.environ, **environment}, capture_output=True,
        text=True, errors="surrogateescape", check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ('mkdir gone; cd gone; rmdir ../gone; "$@" check app.py', "the current folder is gone"),
        ('mkdir gone; cd gone; rmdir ../gone; "$@" rules', "the current folder is gone"),
        ('"$@" check >&-', "standard output is closed"),
        ('mkfifo m.yaml; "$@" check --mapping m.yaml', "m.yaml:1:1: is no regular file"),
        ('echo null > m.yaml; "$@" check --mapping m.yaml', "m.yaml:1:1: is empty"),
        ('printf "x = 1%05000d" 0 > relink.toml; "$@" check', "relink.toml: "),
        ('printf "x = %0999d" 0 | tr 0 "[" > relink.toml; "$@" check', "relink.toml: "),
    ],
)
def test_what_is_around_is_broken(script: str, told: str, tmp_path: Path) -> None:
    done = run(script, write(tmp_path, {"app.py": CODE}))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.replace(f"{tmp_path}/", "").startswith(f"relink: {told}")
    assert len(done.stderr.splitlines()) == 1


def test_a_message_that_cannot_be_written_leaves_the_exit_code(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": CODE})
    assert run('"$@" check >/dev/full 2>/dev/full', tmp_path).returncode == 2


def test_a_cache_from_another_encoding_of_file_names_is_not_taken(tmp_path: Path) -> None:
    write(tmp_path, {"한글/파일.py": CODE})
    assert run('"$@" check', tmp_path, PYTHONUTF8="1").returncode == 1
    done = run('"$@" check --output-format concise', tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 1, done.stderr
    assert "users is now shared_common.users" in done.stdout

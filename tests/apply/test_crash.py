"""A process killed at any step leaves each file old or new, and a journal that brings the old bytes back."""

import subprocess
import sys
from pathlib import Path

import pytest

from codemods.apply import ApplyError, rollback

# Kills its own process before or after the n-th of the calls that touch the disk.
CRASHING = """
import os, signal, sys
from pathlib import Path
from codemods.apply import Change, apply_changes, rollback

root, step, what = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
calls = 0

def counted(real):
    def call(*args, **kwargs):
        global calls
        for moment in (lambda: None, lambda: real(*args, **kwargs)):
            done = moment()
            calls += 1
            if calls == step:
                os.kill(os.getpid(), signal.SIGKILL)
        return done
    return call

for owner, name in [(os, "open"), (os, "fsync"), (Path, "replace"), (Path, "chmod"), (Path, "mkdir"),
                    (Path, "touch"), (Path, "unlink")]:
    setattr(owner, name, counted(getattr(owner, name)))
if what == "apply":
    files = sorted(root.glob("*.py"))
    apply_changes(root, [Change(file.name, file.read_bytes(), b"new " * 3000) for file in files])
else:
    rollback(root)
"""


def run(root: Path, step: int, what: str) -> bool:
    """Was the process killed?"""
    done = subprocess.run([sys.executable, "-c", CRASHING, str(root), str(step), what], check=False)
    assert done.returncode in (0, -9)
    return done.returncode == -9


def contents(root: Path) -> set[bytes]:
    return {file.read_bytes() for file in root.glob("*.py")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_bytes(b"old " * 5000)
    return tmp_path


OLD, NEW = b"old " * 5000, b"new " * 3000


@pytest.mark.parametrize("step", range(1, 80, 3))
def test_a_killed_apply_can_be_rolled_back(root: Path, step: int) -> None:
    killed = run(root, step, "apply")
    assert contents(root) <= {OLD, NEW}
    began = contents(root) != {OLD}
    try:
        rollback(root)
    except ApplyError as error:
        assert "no run to undo" in error.message
        assert killed
        assert not began
    assert contents(root) == {OLD}
    assert {path.name for path in root.iterdir()} <= {"a.py", "b.py", ".relink"}


@pytest.mark.parametrize("step", range(1, 40, 3))
def test_a_killed_rollback_can_be_repeated(root: Path, step: int) -> None:
    assert not run(root, 0, "apply")
    run(root, step, "rollback")
    assert contents(root) <= {OLD, NEW}
    try:
        rollback(root)
    except ApplyError as error:
        assert "no run to undo" in error.message
    assert contents(root) == {OLD}

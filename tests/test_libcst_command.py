"""LibCST's codemod runner runs relink, with the tree around each file in sight."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import relink, write

COMMAND = (sys.executable, "-m", "libcst.tool", "codemod", "-x", "codemods.libcst_command.RelinkCommand")
FILES: dict[str, str | bytes] = {
    "app/names.py": 'USERS = "users"\r\nORDERS = "orders"  # 주문\r\n'.encode(),
    "app/use.py": (
        "from app.names import ORDERS, USERS\n\n\ndef count(cur, table):\n"
        '    cur.execute(f"SELECT count(*) FROM {USERS}")\n    cur.execute(f"DROP TABLE {ORDERS}")\n'
        '    cur.execute(f"SELECT * FROM {table}")\n'
    ),
    "app/clean.py": "x = {'users' :1}\n",
    "app/marked.py": b"\xef\xbb\xbfcur.execute('SELECT 1 FROM users')",
}


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=root, capture_output=True, text=True, check=False)


def contents(root: Path) -> dict[str, bytes]:
    return {name: (root / name).read_bytes() for name in FILES}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_runner_writes_what_apply_writes(tmp_path: Path, jobs: str) -> None:
    ours, theirs = write(tmp_path / "ours", FILES), write(tmp_path / "theirs", FILES)
    assert relink(ours, "apply", "--allow-dirty").code == 0
    done = run(theirs, "--mapping", "mapping.yaml", "--no-format", "-j", jobs, "app")
    assert done.returncode == 0, done.stderr
    assert contents(theirs) == contents(ours)
    assert contents(ours) != {name: (each.encode() if isinstance(each, str) else each) for name, each in FILES.items()}
    assert "app/use.py:7:32: dynamic-table-name" in done.stderr


def test_a_file_that_is_asked_for_alone_is_seen_in_its_tree(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    assert run(root, "--no-format", "-j", "1", "app/names.py").returncode == 0
    assert (root / "app/names.py").read_bytes().startswith(b'USERS = "shared_common.users"\r\n')
    assert (root / "app/marked.py").read_bytes() == FILES["app/marked.py"]


def test_a_mapping_that_is_not_there_fails_with_its_name(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    done = run(root, "--mapping", "none.yaml", "--no-format", "-j", "1", "app/names.py")
    assert done.returncode == 1
    assert "none.yaml" in done.stderr
    assert (root / "app/names.py").read_bytes() == FILES["app/names.py"]

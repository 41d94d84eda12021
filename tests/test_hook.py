"""What a hook asks about a clean file is answered at once, and as the ordinary way answers it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MAPPING = "databases: {app: {replaces: [app_old], schemas: {shared: {tables: [users, orders]}}}}\n"
SLOW = (
    "click",
    "codemods.cli",
    "codemods.pipeline",
    "dataclasses",
    "libcst",
    "pathlib",
    "re",
    "rich",
    "sqlglot",
    "yaml",
)
RUN = """
import sys
from codemods.__main__ import main
try:
    main()
finally:
    print(*(name for name in {names!r} if name in sys.modules))
"""
CLEAN = "x = 1  # a comment\n\n\ndef f(items):\n    return [item.update(1) for item in items]\n"


def run(
    root: Path, *arguments: str, program: str = "from codemods.__main__ import main; main()"
) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tmp_path.joinpath("mapping.yaml").write_text(MAPPING)
    tmp_path.joinpath("relink.toml").write_text('mapping = "mapping.yaml"\n')
    tmp_path.joinpath("clean.py").write_text(CLEAN)
    tmp_path.joinpath("old.py").write_text("cursor.execute('SELECT * FROM users')\n")
    run(tmp_path, "check")
    return tmp_path


def imported(root: Path, *names: str) -> set[str]:
    code, out, _ = run(root, "check", *names, program=RUN.format(names=SLOW))
    assert code == 0
    return set(out.split())


def test_a_clean_file_needs_none_of_the_slow_imports(root: Path) -> None:
    assert imported(root, "clean.py") == set()


def test_a_file_with_sql_needs_neither_libcst_nor_sqlglot(root: Path) -> None:
    root.joinpath("moved.py").write_text("cursor.execute('SELECT * FROM shared.users')\n")
    assert not imported(root, "moved.py") & {"libcst", "sqlglot", "yaml", "rich"}


@pytest.mark.parametrize("kept", [True, False], ids=["with what a run kept", "without"])
def test_both_ways_say_the_same(root: Path, kept: bool) -> None:
    arguments = ("check", "clean.py") if kept else ("check", "--no-cache", "clean.py")
    assert run(root, *arguments) == (0, "", "Nothing to do in 1 file.\n")


@pytest.mark.parametrize(
    "text",
    [
        "cursor.execute('SELECT * FROM users')\n",
        "x = 'SELECT 1 FROM ' 'us' 'ers'\n",
        "cursor.execute('SELECT 1 FROM u\\x73ers')\n",
        "x = 1  # relink: ignore[moved-table]\n",
        "# coding: no-such-codec\n",
        "x = '\udcff'\n",
    ],
)
def test_what_is_not_plainly_clean_is_looked_at(root: Path, text: str) -> None:
    root.joinpath("clean.py").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert run(root, "check", "clean.py") == run(root, "check", "--no-cache", "clean.py")
    assert run(root, "check", "clean.py")[0] == 1


def test_a_changed_mapping_is_noticed(root: Path) -> None:
    root.joinpath("clean.py").write_text("cursor.execute('SELECT * FROM states')\n")
    assert run(root, "check", "clean.py")[0] == 0
    root.joinpath("mapping.yaml").write_text(MAPPING.replace("users", "states"))
    assert run(root, "check", "clean.py")[0] == 1


def test_a_missing_file_is_an_error(root: Path) -> None:
    assert run(root, "check", "missing.py")[0] == 2

"""`relink check -` judges what an editor has not saved yet, with the tree around it in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Outcome, relink, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(
        tmp_path, {"app/names.py": 'USERS = "users"\n', "app/use.py": "x = 1\n", "old.sql": "SELECT 1 FROM users;\n"}
    )


def check(root: Path, name: str, text: str | bytes, *options: str) -> Outcome:
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    arguments = ("check", "-", "--stdin-filename", name, "--output-format", "concise", *options)
    return relink(root, *arguments, stdin=data)


def test_the_text_counts_and_not_the_file(root: Path) -> None:
    assert check(root, "old.sql", "SELECT 1 FROM shared_common.users;\n") == Outcome(0, "", "")
    outcome = check(root, "app/use.py", "c.execute('SELECT 1 FROM users')\n")
    assert outcome.code == 1
    assert outcome.out == "app/use.py:1:26: unprefixed-table users is now shared_common.users\n"
    assert (root / "app/use.py").read_text() == "x = 1\n"


def test_a_file_that_is_not_there_yet(root: Path) -> None:
    assert check(root, "app/new.sql", "SELECT 1 FROM users;\n").code == 1


def test_the_tree_is_in_sight(root: Path) -> None:
    text = "from app.names import USERS\n\nc.execute(f'SELECT 1 FROM {USERS}')\nc.execute(f'DROP TABLE {USERS}')\n"
    outcome = check(root, "app/use.py", text)
    assert "app/names.py" not in outcome.out
    alone = check(root, "app/names.py", 'USERS = "orders"\n')
    assert alone.out == ""
    (root / "app/use.py").write_text(text)
    assert "app/names.py:1:10" in check(root, "app/names.py", 'USERS = "orders"\n').out


def test_comments_and_settings_hold(root: Path) -> None:
    assert check(root, "a.sql", "SELECT 1 FROM users; -- relink: ignore[sql]\n").out == ""
    assert check(root, "a.sql", "SELECT 1; -- relink: ignore[sql]\n").code == 1
    (root / "relink.toml").write_text('mapping = "mapping.yaml"\nexclude = ["app/"]\n')
    assert check(root, "app/use.py", "c.execute('SELECT 1 FROM users')\n").out == ""
    assert check(root, "a.sql", "SELECT 1 FROM users;\n", "--select", "orm").out == ""


def test_other_kinds_of_files_are_passed_over(root: Path) -> None:
    assert check(root, "picture.png", b"\x89PNG users").code == 0


def test_bytes_that_are_no_text_are_reported(root: Path) -> None:
    assert check(root, "a.py", b"x = '\xe9'\n").out.startswith("a.py:1:1: unreadable-file")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "-"),
        ("check", "-", "old.sql", "--stdin-filename", "a.sql"),
        ("check", "-", "--stdin-filename", "../a.sql"),
        ("check", "-", "--stdin-filename", "a.sql", "--add-ignores"),
        ("check", "-", "--stdin-filename", "a.sql", "--since", "main"),
        ("apply", "-"),
        ("diff", "-"),
    ],
)
def test_what_does_not_go_together_is_an_error(root: Path, arguments: tuple[str, ...]) -> None:
    outcome = relink(root, *arguments, stdin=b"SELECT 1 FROM users")
    assert outcome.code == 2
    assert outcome.out == ""
    assert "standard input" in outcome.err or "stdin" in outcome.err

"""`--since` reports what a branch adds, as git sees it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from running import relink, write


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def commit(root: Path, files: dict[str, str], message: str = "x") -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)


OLD = "SELECT 1 FROM users;\nSELECT 2 FROM users;\nSELECT 3 FROM users;\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, {})
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"a.sql": OLD, "sub/한글 b.sql": OLD})
    git(tmp_path, "checkout", "-q", "-b", "branch")
    return tmp_path


def reported(root: Path, *options: str) -> list[str]:
    outcome = relink(root, "check", "--since", "main", "--output-format", "concise", *options)
    assert outcome.code == (1 if outcome.out else 0)
    return [":".join(line.split(":")[:2]) for line in outcome.out.splitlines()]


def test_nothing_is_added_by_an_empty_branch(root: Path) -> None:
    assert reported(root) == []


def test_added_and_changed_lines_count_committed_or_not(root: Path) -> None:
    commit(root, {"a.sql": "SELECT 0;\n" + OLD.replace("2", "22")})
    assert reported(root) == ["a.sql:3"]
    (root / "sub/한글 b.sql").write_text(OLD + "SELECT 4 FROM users;\n")
    assert reported(root) == ["a.sql:3", "sub/한글 b.sql:4"]
    git(root, "add", "-A")
    assert reported(root) == ["a.sql:3", "sub/한글 b.sql:4"]


def test_new_files_count_whole_even_unknown_to_git(root: Path) -> None:
    (root / "new.sql").write_text(OLD)
    assert reported(root) == ["new.sql:1", "new.sql:2", "new.sql:3"]
    git(root, "add", "-A")
    assert reported(root) == ["new.sql:1", "new.sql:2", "new.sql:3"]


def test_a_renamed_file_counts_as_its_old_self(root: Path) -> None:
    git(root, "mv", "a.sql", "moved.sql")
    commit(root, {"moved.sql": OLD + "SELECT 4 FROM users;\n"})
    assert reported(root) == ["moved.sql:4"]


def test_what_the_other_branch_did_meanwhile_does_not_count(root: Path) -> None:
    commit(root, {"new.sql": "SELECT 5 FROM users;\n"})
    git(root, "checkout", "-q", "main")
    commit(root, {"a.sql": "SELECT 1;\n"})
    git(root, "checkout", "-q", "branch")
    assert reported(root) == ["new.sql:1"]


def test_it_works_below_the_top(root: Path) -> None:
    (root / "sub/한글 b.sql").write_text(OLD + "SELECT 4 FROM users;\n")
    assert reported(root / "sub") == ["한글 b.sql:4"]


def test_a_statement_that_was_touched_elsewhere_is_not_added(root: Path) -> None:
    commit(root, {"a.sql": "SELECT 1\n  FROM users\n WHERE true;\n"})
    git(root, "branch", "-f", "main")
    commit(root, {"a.sql": "SELECT 1\n  FROM users\n WHERE false;\n"})
    assert reported(root) == []


@pytest.mark.parametrize("revision", ["no-such-revision", "--output=x", ""])
def test_an_unknown_revision_is_an_error(root: Path, revision: str) -> None:
    outcome = relink(root, "check", f"--since={revision}") if revision else relink(root, "check", "--since", " ")
    assert outcome.code == 2
    assert "git cannot be asked" in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_folder_without_git_is_an_error(tmp_path: Path) -> None:
    outcome = relink(write(tmp_path, {"a.sql": OLD}), "check", "--since", "main")
    assert outcome.code == 2
    assert "is in no git checkout" in outcome.err

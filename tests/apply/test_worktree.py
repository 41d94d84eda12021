"""Uncommitted changes are seen, in every checkout that a run would change."""

import subprocess
from pathlib import Path

import pytest

from codemods.apply import ApplyError, path_from_top, require_clean, unified_diff


def git(folder: Path, *command: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", *identity, *command], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    for name in ("a.py", "sub/b.py", "한글 파일.py"):
        (tmp_path / name).write_text("one\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "x")
    return tmp_path


def test_a_clean_checkout_is_clean_with_new_files_too(checkout: Path) -> None:
    (checkout / "new.py").write_text("x")
    require_clean(checkout, ["a.py", "sub/b.py"])
    require_clean(checkout / "sub", ["b.py"])


@pytest.mark.parametrize("staged", [True, False])
def test_a_change_anywhere_in_the_checkout_is_named(checkout: Path, staged: bool) -> None:
    (checkout / "한글 파일.py").write_text("two\n")
    if staged:
        git(checkout, "add", ".")
    with pytest.raises(ApplyError, match=r"(?s)1 file.*한글 파일\.py.*--allow-dirty"):
        require_clean(checkout / "sub", ["b.py"])


def test_a_moved_file_is_named_once_and_a_deleted_one_too(checkout: Path) -> None:
    git(checkout, "mv", "a.py", "moved.py")
    (checkout / "sub/b.py").unlink()
    with pytest.raises(ApplyError, match=r"2 file\(s\)") as raised:
        require_clean(checkout, ["한글 파일.py"])
    assert "a.py\n" not in raised.value.message


def test_without_a_checkout_the_user_has_to_allow_it(tmp_path: Path) -> None:
    with pytest.raises(ApplyError, match=r"no git checkout .*--allow-dirty"):
        require_clean(tmp_path, ["a.py"])


def test_nothing_to_change_needs_no_checkout(tmp_path: Path) -> None:
    require_clean(tmp_path, [])


def test_a_checkout_inside_of_another_is_asked_itself(checkout: Path) -> None:
    inner = checkout / "inner"
    inner.mkdir()
    (inner / "c.py").write_text("one\n")
    git(inner, "init", "-q")
    git(inner, "add", ".")
    git(inner, "commit", "-q", "-m", "x")
    (inner / "c.py").write_text("two\n")
    require_clean(checkout, ["a.py"])
    with pytest.raises(ApplyError, match=r"c\.py"):
        require_clean(checkout, ["a.py", "inner/c.py"])


def test_the_variables_of_a_hook_do_not_mislead(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nonexistent")
    require_clean(checkout, ["a.py"])


def test_without_git_it_says_so(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ApplyError, match="cannot be asked"):
        require_clean(checkout, ["a.py"])


def test_a_broken_checkout_is_not_clean(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(ApplyError, match="not a git repository"):
        require_clean(tmp_path, ["a.py"])


def test_a_patch_made_in_a_subfolder_is_taken_there(checkout: Path) -> None:
    path = path_from_top(checkout / "sub", "b.py")
    assert path == "sub/b.py"
    patch = unified_diff(path, b"one\n", b"two\n")
    subprocess.run(["git", "apply", "-"], cwd=checkout / "sub", input=patch, check=True)
    assert (checkout / "sub/b.py").read_bytes() == b"two\n"


def test_outside_of_a_checkout_paths_are_as_they_are(tmp_path: Path) -> None:
    assert path_from_top(tmp_path, "a.py") == "a.py"

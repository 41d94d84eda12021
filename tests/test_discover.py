"""The files of a run are those that git would show, and those that are named."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codemods.checkout.discover import UsageProblem, discover
from codemods.source import Unreadable


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")


def found(root: Path, *paths: str, exclude: Sequence[str] = ()) -> list[str]:
    seen = []
    for each in discover(root, [Path(path) for path in paths], exclude):
        assert isinstance(each, Path), each
        seen.append(each.relative_to(root.resolve()).as_posix())
    return seen


def test_files_come_folder_by_folder_once_each(tmp_path: Path) -> None:
    put(tmp_path, "b.py", "a/z.py", "a-b.py", "a/b/c.py", "a.py")
    expected = ["a/b/c.py", "a/z.py", "a-b.py", "a.py", "b.py"]
    assert found(tmp_path) == expected
    assert found(tmp_path, ".", "a", "a/z.py", str(tmp_path / "b.py")) == expected


def test_folders_of_tools_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, "a.py", ".git/a.py", ".relink/a.py", "web/node_modules/a.py", "__pycache__/a.py")
    put(tmp_path, "env/pyvenv.cfg", "env/a.py", ".venv/a.py", "x/site-packages/a.py", "p.dist-info/a.py")
    put(tmp_path, "build/a.py", ".github/a.yml")
    assert found(tmp_path) == [".github/a.yml", "a.py", "build/a.py"]


def test_gitignore_files_hold_below_their_folder_and_the_nearest_wins(tmp_path: Path) -> None:
    put(
        tmp_path,
        "a.log",
        "sub/b.log",
        "sub/keep.log",
        "sub/c.py",
        "other/c.py",
        "sub/deep/only.py",
        "deep/only.py",
    )
    (tmp_path / ".gitignore").write_text("*.log\n/other/\n")
    (tmp_path / "sub/.gitignore").write_text("!keep.log\n/deep\n")
    names = [name for name in found(tmp_path) if not name.endswith(".gitignore")]
    assert names == ["deep/only.py", "sub/c.py", "sub/keep.log"]


def test_rules_from_above_and_from_the_checkout_hold_too(tmp_path: Path) -> None:
    put(tmp_path, "app/a.py", "app/b.log", "app/c.tmp")
    put(tmp_path, ".git/info/exclude")
    (tmp_path / ".gitignore").write_text("*.log\n")
    (tmp_path / ".git/info/exclude").write_text("*.tmp\n")
    assert found(tmp_path / "app") == ["a.py"]
    assert found(tmp_path, "app") == ["app/a.py"]


def test_a_linked_work_tree_has_the_rules_of_its_repository(tmp_path: Path) -> None:
    run = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(tmp_path / "main")]
    subprocess.run(["git", "init", "-q", str(tmp_path / "main")], check=True)
    subprocess.run([*run, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    subprocess.run([*run, "worktree", "add", "-q", "../linked"], check=True, capture_output=True)
    (tmp_path / "main/.git/info/exclude").write_text("*.tmp\n")
    put(tmp_path / "linked", "a.py", "b.tmp")
    assert found(tmp_path / "linked", "a.py", ".") == ["a.py"]


def test_a_named_file_is_always_taken_and_a_named_folder_is_entered(tmp_path: Path) -> None:
    put(tmp_path, "out/a.py", "out/b.log")
    (tmp_path / ".gitignore").write_text("out/\n*.log\n")
    assert found(tmp_path, "out/b.log") == ["out/b.log"]
    assert found(tmp_path, "out") == ["out/a.py"]
    assert found(tmp_path) == [".gitignore"]


def test_what_git_tracks_is_taken_although_its_rules_would_ignore_it(tmp_path: Path) -> None:
    put(tmp_path, "app/config.py", "config.py", "out/a.py", "out/b.py", "node_modules/a.py", "old/config.py")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "app", "out/a.py", "node_modules", "old"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("config.py\nout/\n")
    assert found(tmp_path, exclude=["old"]) == [".gitignore", "app/config.py", "out/a.py"]
    assert found(tmp_path / "app") == ["config.py"]


def test_exclude_takes_patterns_seen_from_the_root(tmp_path: Path) -> None:
    put(tmp_path, "a.py", "tests/a.py", "sub/tests/a.py", "sub/b.py")
    assert found(tmp_path, exclude=["/tests", "b.py"]) == ["a.py", "sub/tests/a.py"]
    assert found(tmp_path, "sub", exclude=["tests/"]) == ["sub/b.py"]
    assert found(tmp_path, "a.py", "sub/b.py", "sub/tests/a.py", exclude=["tests/", "b.py"]) == ["a.py"]


def test_links_to_folders_are_not_followed_and_links_to_files_stand_for_them(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root, "a/real.py")
    put(tmp_path, "outside.py")
    (root / "a/loop").symlink_to(root)
    (root / "link.py").symlink_to("a/real.py")
    (root / "again.py").symlink_to("link.py")
    (root / "out.py").symlink_to(tmp_path / "outside.py")
    (root / "broken.py").symlink_to("nowhere")
    (root / "self.py").symlink_to("self.py")
    assert found(root) == ["a/real.py"]
    assert found(root, "link.py") == ["a/real.py"]


@pytest.mark.parametrize("path", ["missing.py", "../outside.py", "loop"])
def test_what_cannot_be_done_is_said(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    put(tmp_path, "outside.py")
    (root / "loop").symlink_to("loop")
    with pytest.raises(UsageProblem):
        found(root, path)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == []
    with pytest.raises(UsageProblem, match="neither a file nor a folder"):
        found(tmp_path, "pipe")


def test_a_folder_that_cannot_be_listed_is_a_problem_and_not_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.py", "closed/b.py", "open/c.py")
    real = os.scandir

    def refuse(path: str) -> "os._ScandirIterator[str]":
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    seen = list(discover(tmp_path, []))
    assert seen[0] == Unreadable("closed", "Permission denied")
    assert [path.name for path in seen[1:] if isinstance(path, Path)] == ["a.py", "c.py"]


NAMES = ["a", "b", "c.py", "a.b"]
patterns = st.sampled_from(
    [
        *("a", "a/", "/a", "b/", "*.py", "*", "*/", "**/b", "a/**", "a/*", "a/b", "/a/b/", "a/**/c.py"),
        *("[ab]", "?.py", "#a", "\\#a", "a.b/", "**", "!", "/", "", "a ", "a\\ "),
    ]
)
lines = st.tuples(st.sampled_from(["", "", "!"]), patterns).map("".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    files=st.sets(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join), min_size=1, max_size=8),
    top=st.lists(lines, max_size=5),
    below=st.lists(lines, max_size=3),
    tracked=st.sets(st.sampled_from(NAMES)),
)
def test_the_files_are_those_that_git_tracks_or_shows(
    tmp_path_factory: pytest.TempPathFactory, files: set[str], top: list[str], below: list[str], tracked: set[str]
) -> None:
    root = tmp_path_factory.mktemp("checkout")
    for name in sorted(files):
        if not any(other.startswith(name + "/") for other in files):
            put(root, name)
    (root / ".gitignore").write_text("\n".join(top))
    if (root / "a").is_dir():
        (root / "a/.gitignore").write_text("\n".join(below))
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    for name in sorted(tracked):
        if (root / name).exists():
            subprocess.run(["git", "add", "--force", name], cwd=root, check=True)
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout
    assert sorted(found(root)) == sorted(name for name in said.decode().split("\0") if name)

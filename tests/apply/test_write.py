"""All files or none; a link stands for its target; the mode stays."""

import errno
import os
import stat
import subprocess
from pathlib import Path

import pytest

from codemods.apply import ApplyError, Change, apply_changes, rollback, runs
from codemods.model import Edit, Span


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".relink" not in path.relative_to(root).parts
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.py", "sub/b.py", "sub/c.py"):
        (folder / name).write_bytes(f"old {name}\r\n".encode())
    return folder


def changes(root: Path) -> list[Change]:
    return [Change(name, data, data.replace(b"old", b"new")) for name, data in tree(root).items()]


def test_files_are_written_and_keep_their_mode(root: Path) -> None:
    (root / "a.py").chmod(0o751)
    before = tree(root)
    run = apply_changes(root, changes(root))
    assert run is not None
    assert tree(root) == {name: data.replace(b"old", b"new") for name, data in before.items()}
    assert stat.S_IMODE((root / "a.py").stat().st_mode) == 0o751
    rollback(root)
    assert tree(root) == before
    assert stat.S_IMODE((root / "a.py").stat().st_mode) == 0o751


def test_a_reader_of_the_old_file_reads_it_to_its_end(root: Path) -> None:
    with (root / "a.py").open("rb") as reader:
        apply_changes(root, changes(root))
        assert reader.read() == b"old a.py\r\n"


def test_the_journal_ignores_itself_and_is_for_its_owner_only(root: Path) -> None:
    run = apply_changes(root, changes(root))
    assert run is not None
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    kept = ["git", "check-ignore", "-q", ".relink/verify/0.json"]
    assert subprocess.run(kept, cwd=root, check=False).returncode == 1
    for path in (".relink/.gitignore", str(run.folder.relative_to(root.resolve()) / "0")):
        subprocess.run(["git", "check-ignore", "-q", path], cwd=root, check=True)
    assert stat.S_IMODE(run.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in run.folder.iterdir()} == {0o600}


def test_the_journal_is_complete_before_the_first_file_changes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(root)
    real = Path.replace

    def spy(self: Path, target: Path) -> Path:
        if ".relink/" not in target.as_posix():
            (run,) = runs(root)
            saved = [(run.folder / str(number)).read_bytes() for number in range(len(run.entries))]
            assert saved == list(before.values())
        return real(self, target)

    monkeypatch.setattr(Path, "replace", spy)
    assert apply_changes(root, changes(root)) is not None


def test_nothing_to_change_leaves_no_journal(root: Path) -> None:
    assert apply_changes(root, [Change("a.py", b"old a.py\r\n", b"old a.py\r\n")]) is None
    assert not (root / ".relink").exists()


@pytest.mark.parametrize("failing", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("allowed", range(14))
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_failure_at_any_step_leaves_the_old_bytes(
    root: Path, monkeypatch: pytest.MonkeyPatch, failing: str, allowed: int, code: int
) -> None:
    before = tree(root)
    calls = 0
    owner: object = os if failing == "fsync" else Path
    real = getattr(owner, failing)

    def fails_once(*args: object) -> object:
        nonlocal calls
        calls += 1
        if calls == allowed + 1:
            raise OSError(code, os.strerror(code))
        return real(*args)

    monkeypatch.setattr(owner, failing, fails_once)
    try:
        apply_changes(root, changes(root))
    except ApplyError:
        assert tree(root) == before
    else:
        # The step came less often, or it was the sync of a folder, which may fail.
        assert tree(root) == {name: data.replace(b"old", b"new") for name, data in before.items()}


def test_a_failure_that_stays_leaves_a_journal_to_go_on_with(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(root)
    real = Path.replace
    calls = 0

    def fails_from_now_on(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fails_from_now_on)
        with pytest.raises(ApplyError, match="relink rollback"):
            apply_changes(root, changes(root))
    assert tree(root) != before
    rollback(root)
    assert tree(root) == before


def test_ctrl_c_gives_the_old_bytes_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(root)
    real = Path.replace
    calls = 0

    def interrupted(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        done = real(self, target)
        if calls == 3:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        apply_changes(root, changes(root))
    assert tree(root) == before


def test_a_file_that_changed_meanwhile_stops_the_run(root: Path) -> None:
    planned = changes(root)
    (root / "sub/b.py").write_bytes(b"mine\n")
    before = tree(root)
    with pytest.raises(ApplyError, match="changed while relink was running"):
        apply_changes(root, planned)
    assert tree(root) == before


def test_a_file_that_changes_between_two_writes_is_left_to_its_owner(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(root)
    planned = changes(root)
    real = Path.replace

    def somebody_else_writes(self: Path, target: Path) -> Path:
        (root / "sub/b.py").write_bytes(b"mine\n")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", somebody_else_writes)
    with pytest.raises(ApplyError, match="changed while relink was writing"):
        apply_changes(root, planned)
    assert tree(root) == before | {"sub/b.py": b"mine\n"}


def test_a_link_is_written_through(root: Path) -> None:
    (root / "link.py").symlink_to("sub/b.py")
    apply_changes(root, [Change("link.py", b"old sub/b.py\r\n", b"new\n")])
    assert (root / "link.py").is_symlink()
    assert (root / "sub/b.py").read_bytes() == b"new\n"


def test_a_link_and_its_target_are_one_file(root: Path) -> None:
    (root / "link.py").symlink_to("a.py")
    data = b"old a.py\r\n"
    with pytest.raises(ApplyError, match="changed twice"):
        apply_changes(root, [Change("a.py", data, b"x"), Change("link.py", data, b"y")])
    assert (root / "a.py").read_bytes() == data


@pytest.mark.parametrize("path", ["link.py", "../outside.py", "folder/outside.py"])
def test_nothing_outside_of_the_root_is_written(root: Path, path: str) -> None:
    outside = root.parent / "outside.py"
    outside.write_bytes(b"old\n")
    (root / "link.py").symlink_to(outside)
    (root / "folder").symlink_to(root.parent)
    with pytest.raises(ApplyError, match="outside"):
        apply_changes(root, [Change(path, b"old\n", b"new\n")])
    assert outside.read_bytes() == b"old\n"


def test_a_link_in_place_of_the_state_folder_is_refused(root: Path) -> None:
    (root / ".relink").symlink_to(root.parent)
    with pytest.raises(ApplyError, match="not a folder"):
        apply_changes(root, changes(root))


def test_edits_that_do_not_give_the_new_bytes_are_refused(root: Path) -> None:
    wrong = Change("a.py", b"old a.py\r\n", b"other", (Edit("a.py", Span(0, 3), b"new"),))
    with pytest.raises(ApplyError, match="do not give"):
        apply_changes(root, [wrong])


def test_what_a_crash_left_over_does_not_disturb(root: Path) -> None:
    from codemods.apply.atomic import left_over

    left_over(root / "a.py").write_bytes(b"half")
    apply_changes(root, changes(root))
    assert (root / "a.py").read_bytes() == b"new a.py\r\n"
    assert not left_over(root / "a.py").exists()


def test_a_name_as_long_as_names_can_be(root: Path) -> None:
    name = "n" * 252 + ".py"
    (root / name).write_bytes(b"old\n")
    apply_changes(root, [Change(name, b"old\n", b"new\n")])
    assert (root / name).read_bytes() == b"new\n"

"""The exact bytes come back, or nothing is written."""

import json
from pathlib import Path

import pytest

from codemods.apply import ApplyError, Change, apply_changes, rollback, runs


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_bytes(b"one\n")
    return tmp_path


def change(root: Path, new: bytes, *names: str) -> str:
    run = apply_changes(root, [Change(name, (root / name).read_bytes(), new) for name in names])
    assert run is not None
    return run.id


def test_without_a_run_it_says_so(root: Path) -> None:
    with pytest.raises(ApplyError, match="no run to undo"):
        rollback(root)


def test_runs_are_undone_from_the_latest_to_the_first(root: Path) -> None:
    first, second = change(root, b"two\n", "a.py", "b.py"), change(root, b"three\n", "a.py")
    assert [run.id for run in runs(root)] == [first, second]
    assert rollback(root).id == second
    assert (root / "a.py").read_bytes() == b"two\n"
    assert rollback(root).id == first
    assert (root / "a.py").read_bytes() == b"one\n"
    with pytest.raises(ApplyError, match="no run to undo"):
        rollback(root)


def test_an_older_run_under_a_later_one_is_refused(root: Path) -> None:
    first = change(root, b"two\n", "a.py", "b.py")
    change(root, b"three\n", "a.py")
    with pytest.raises(ApplyError, match=r"1 file\(s\) changed"):
        rollback(root, first)
    assert (root / "b.py").read_bytes() == b"two\n"


def test_every_file_that_changed_since_is_named_and_nothing_is_written(root: Path) -> None:
    change(root, b"two\n", "a.py", "b.py")
    (root / "a.py").write_bytes(b"mine\n")
    with pytest.raises(ApplyError, match=r"a\.py"):
        rollback(root)
    (root / "b.py").unlink()
    with pytest.raises(ApplyError, match=r"(?s)2 file\(s\).*a\.py.*b\.py"):
        rollback(root)
    assert (root / "a.py").read_bytes() == b"mine\n"


def test_a_file_that_became_a_link_is_not_written_through(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    change(root, b"two\n", "a.py")
    outside = tmp_path_factory.mktemp("outside") / "a.py"
    outside.write_bytes(b"two\n")
    (root / "a.py").unlink()
    (root / "a.py").symlink_to(outside)
    with pytest.raises(ApplyError, match="changed since"):
        rollback(root)
    assert outside.read_bytes() == b"two\n"


def test_a_named_run_is_undone_once(root: Path) -> None:
    first = change(root, b"two\n", "a.py")
    rollback(root, first)
    with pytest.raises(ApplyError, match="undone already"):
        rollback(root, first)
    with pytest.raises(ApplyError, match="no run nonsense"):
        rollback(root, "nonsense")


def test_damaged_originals_are_not_restored(root: Path) -> None:
    change(root, b"two\n", "a.py")
    (run,) = runs(root)
    (run.folder / "0").write_bytes(b"damaged")
    with pytest.raises(ApplyError, match="was changed since"):
        rollback(root)
    assert (root / "a.py").read_bytes() == b"two\n"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"version": 99}', b'{"version": 1, "files": [{}]}', b"[" * 100_000]
)
def test_a_manifest_that_cannot_be_read_is_an_error(root: Path, content: bytes) -> None:
    change(root, b"two\n", "a.py")
    (run,) = runs(root)
    (run.folder / "manifest.json").write_bytes(content)
    with pytest.raises(ApplyError, match="cannot be read"):
        rollback(root)


@pytest.mark.parametrize("strange", [{"path": 5}, {"path": "a\0.py"}, {"path": "\ud800"}, {"mode": "x"}, {"mode": -1}])
def test_a_manifest_that_relink_did_not_write_is_an_error(root: Path, strange: dict[str, object]) -> None:
    change(root, b"two\n", "a.py")
    (run,) = runs(root)
    manifest = json.loads((run.folder / "manifest.json").read_bytes())
    manifest["files"][0].update(strange)
    (run.folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ApplyError):
        rollback(root)
    assert (root / "a.py").read_bytes() == b"two\n"


def test_a_journal_without_its_manifest_never_began(root: Path) -> None:
    (root / ".relink/journal/20260101T000000000000Z-00000000").mkdir(parents=True)
    with pytest.raises(ApplyError, match="no run to undo"):
        rollback(root)


def test_a_manifest_cannot_lead_outside_of_the_root(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    change(root, b"two\n", "a.py")
    outside = tmp_path_factory.mktemp("outside") / "a.py"
    outside.write_bytes(b"two\n")
    (run,) = runs(root)
    manifest = run.folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"a.py", str(outside).encode()))
    with pytest.raises(ApplyError, match="changed since"):
        rollback(root)
    assert outside.read_bytes() == b"two\n"

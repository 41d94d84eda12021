"""The cache never changes an answer, whatever else happens to it."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cases import backend_case
from hypothesis import given, settings
from test_prefilter import MAPPING, trees

from codemods.cache import Cache, digest, load_mapping
from codemods.mapping import load
from codemods.model import Finding
from codemods.pipeline import Means, Plan, make_plan

FINDING = ("app.py", "users is now shared.users")
WRITER = """
import sys
from pathlib import Path
from codemods.cache import Cache
cache = Cache(Path(sys.argv[1]))
print(flush=True)
while True:
    for number in range(20):
        cache.put("plan", b"%d" % number, ("x" * 100_000, number))
"""


def plan(root: Path, mapping: Path, means: Means, *paths: Path) -> Plan:
    return make_plan(root, paths, load_mapping(mapping, means.cache), (), lambda _: None, strict=True, means=means)


def write(folder: str, tree: dict[str, list[str]]) -> tuple[Path, Path]:
    root = Path(folder, "tree")
    mapping = Path(folder, "mapping.yaml")
    mapping.write_text(MAPPING)
    for path, lines in tree.items():
        root.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        root.joinpath(path).write_text("\n".join(lines) + "\n")
    return root, mapping


def by_file(root: Path, mapping: Path, tree: dict[str, list[str]], means: Means) -> list[Finding]:
    plans = [plan(root, mapping, means, root / path) for path in tree]
    return sorted((each for one in plans for each in one.findings if not each.is_note), key=repr)


@settings(max_examples=20, deadline=None)
@given(trees, trees)
def test_every_way_of_running_finds_the_same(tree: dict[str, list[str]], later: dict[str, list[str]]) -> None:
    with TemporaryDirectory() as folder, ThreadPoolExecutor(3) as pool:
        for state in (tree, {**tree, **later}):
            root, mapping = write(folder, state)
            cached = Means(Cache(root), proves=False)
            expected = plan(root, mapping, Means(proves=False))
            assert plan(root, mapping, cached) == expected
            assert plan(root, mapping, cached) == expected
            assert plan(root, mapping, Means(executor=pool, proves=False)) == expected
            files = sorted((each for each in expected.findings if not each.is_note), key=repr)
            assert by_file(root, mapping, state, cached) == files
            assert by_file(root, mapping, state, Means(proves=False)) == files


@pytest.mark.parametrize(
    "executor", [ThreadPoolExecutor(2), ProcessPoolExecutor(2), None], ids=["threads", "processes", "own"]
)
def test_any_executor_gives_the_same_plan(executor: Executor | None, tmp_path: Path) -> None:
    case = backend_case()
    root = case.copy_to(tmp_path)
    expected = make_plan(root, [], load(case.mapping), (), lambda _: None)
    cache = Cache(root)
    for _ in range(2):
        means = Means(cache, executor)
        assert make_plan(root, [], load(case.mapping), (), lambda _: None, means=means) == expected
    assert b"hunter2" not in b"".join(path.read_bytes() for path in root.joinpath(".relink/cache").iterdir())


def test_a_torn_entry_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("plan", b"key", FINDING)
    assert cache.get("plan", b"key") == FINDING
    (entry,) = tmp_path.joinpath(".relink/cache").iterdir()
    data = entry.read_bytes()
    for torn in (b"", data[:-1], data[:20], data[:-1] + b"x", b"\0" * len(data)):
        entry.write_bytes(torn)
        assert cache.get("plan", b"key") is None


def test_an_entry_makes_records_of_relink_only(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("plan", b"key", FINDING)
    (entry,) = tmp_path.joinpath(".relink/cache").iterdir()
    harmful = pickle.dumps(Harm())
    entry.write_bytes(digest(harmful) + harmful)
    assert cache.get("plan", b"key") is None
    assert not tmp_path.joinpath("harm").exists()


class Harm:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("harm",)


def test_a_killed_writer_leaves_whole_entries(tmp_path: Path) -> None:
    for _ in range(2):
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) for _ in range(2)
        ]
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        cache = Cache(tmp_path)
        for number in range(20):
            assert cache.get("plan", b"%d" % number) in (None, ("x" * 100_000, number))
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
    for number in range(20):
        assert cache.get("plan", b"%d" % number) in (None, ("x" * 100_000, number))
        cache.put("plan", b"%d" % number, number)
        assert cache.get("plan", b"%d" % number) == number


def test_the_cache_is_bounded(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(300):
        cache.put("plan", b"%d" % number, number)
    assert len(list(tmp_path.joinpath(".relink/cache").iterdir())) <= 256
    assert cache.get("plan", b"299") == 299


@pytest.mark.parametrize("state", ["file", "link"])
def test_where_it_cannot_be_written_it_is_off(tmp_path: Path, state: str) -> None:
    target = tmp_path / ".relink"
    target.write_text("") if state == "file" else target.symlink_to(tmp_path / "elsewhere")
    cache = Cache(tmp_path)
    cache.put("plan", b"key", 1)
    assert cache.get("plan", b"key") is None

"""The shards of a CI matrix see every file once, and their merged reports are the report of one run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cases import backend_case
from running import relink

CHECK = ("check", "--mapping", str(backend_case().mapping), "--ignore", "unused-mapping", "--output-format", "json")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return backend_case().copy_to(tmp_path)


def ordered(report: str) -> list[str]:
    return sorted(map(json.dumps, json.loads(report)))


@pytest.mark.parametrize("count", [1, 3, 40])
def test_merged_shards_are_one_run(root: Path, tmp_path: Path, count: int) -> None:
    (root / "ignoring.py").write_text('QUERY = "SELECT 1 FROM users"  # relink: ignore[unprefixed-table] as it is\n')
    names = []
    for number in range(1, count + 1):
        done = relink(root, *CHECK, "--shard", f"{number}/{count}")
        assert done.code in (0, 1)
        names.append(tmp_path / f"{number}.json")
        names[-1].write_text(done.out)
    merged = relink(root, "merge", *names)
    whole = relink(root, *CHECK)
    assert merged.code == whole.code == 1
    assert ordered(merged.out) == ordered(whole.out)


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/0"])
def test_a_shard_that_is_none_is_an_error(root: Path, shard: str) -> None:
    done = relink(root, *CHECK, "--shard", shard)
    assert done.code == 2
    assert "i/n" in done.err


@pytest.mark.parametrize("text", ["", '{"a": 1}', "[1]", '[{"path": "a"}]'])
def test_what_is_no_report_is_not_merged(tmp_path: Path, text: str) -> None:
    tmp_path.joinpath("report.json").write_text(text)
    assert relink(tmp_path, "merge", "report.json").code == 2
    assert relink(tmp_path, "merge", "missing.json").code == 2

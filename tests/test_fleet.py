"""A fleet of checkouts gives one report, whoever works on it and whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cases import backend_case
from distributed import Client, LocalCluster

from codemods.checkout.discover import UsageProblem
from codemods.fleet.checkouts import read_fleet
from codemods.fleet.run import plan_fleet, scheduler_at
from codemods.mapping import load
from codemods.pipeline import Means, Plan, make_plan

NAMES = ["one", "two", "three"]
MAPPING = backend_case().mapping


def quiet(_: str) -> None:
    """Nobody asks how far it is."""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of three backends, each with a file of its own; the last one comes through git."""
    folder = tmp_path_factory.mktemp("fleet")
    for name in NAMES:
        root = backend_case().copy_to(folder / name).rename(folder / name / "backend")
        root.joinpath("own.py").write_text(f"cursor.execute('SELECT {len(name)} FROM users')\n")
    last = folder / NAMES[-1] / "backend"
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", *words], cwd=last, check=True)
    lines = ["# services", *(f"{name}/backend" for name in NAMES[:-1]), "", last.as_uri()]
    folder.joinpath("fleet.txt").write_text("\n".join(lines) + "\n")
    return folder / "fleet.txt"


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def expected(fleet: Path) -> Plan:
    with ThreadPoolExecutor(1) as pool:
        return plan_fleet(read_fleet([fleet]), load(MAPPING), pool, quiet, proves=False)


def test_it_finds_what_a_run_in_each_checkout_finds(fleet: Path, expected: Plan) -> None:
    for name in NAMES:
        alone = make_plan(fleet.parent / name / "backend", [], load(MAPPING), (), quiet, means=Means(proves=False))
        mine = [each for each in expected.findings if each.path.startswith(f"{name}/backend/")]
        assert [(each.path, each.span, each.rule, each.message) for each in mine] == [
            (f"{name}/backend/{each.path}", each.span, each.rule, each.message)
            for each in alone.findings
            if not each.is_note
        ]
        assert {each.path for each in mine} <= expected.sources.keys()
        assert [each for each in expected.findings if each.is_note] == [each for each in alone.findings if each.is_note]


def test_a_worker_that_is_killed_changes_nothing(fleet: Path, expected: Plan, cluster: LocalCluster) -> None:
    with Client(cluster) as client, scheduler_at(cluster.scheduler_address) as executor:
        workers = list(client.run(os.getpid).values())
        told: list[str] = []

        def kill(step: str) -> None:
            if not told:
                os.kill(workers[0], signal.SIGKILL)
            told.append(step)

        assert len(workers) == 2
        assert plan_fleet(read_fleet([fleet]), load(MAPPING), executor, kill, proves=False) == expected
        assert told[-1] == "3 of 3 checkouts"


def test_the_command_line_reports_them_together(fleet: Path, cluster: LocalCluster) -> None:
    command = [sys.executable, "-m", "codemods", "check", "--scheduler", cluster.scheduler_address]
    command += ["--mapping", str(MAPPING), "--output-format", "concise", str(fleet)]
    done = subprocess.run(command, cwd=fleet.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    for name in NAMES:
        assert f"{name}/backend/own.py:1:" in done.stdout


def test_a_checkout_that_cannot_be_had_is_told_of(tmp_path: Path) -> None:
    tmp_path.joinpath("fleet.txt").write_text("file:///nowhere/gone.git\n")
    with ThreadPoolExecutor(1) as pool:
        (finding,) = plan_fleet(read_fleet([tmp_path / "fleet.txt"]), load(MAPPING), pool, quiet).findings
    assert (finding.path, finding.rule) == ("gone", "unreadable-file")


@pytest.mark.parametrize("line", ["missing", "here\nhere"])
def test_a_wrong_list_says_where(tmp_path: Path, line: str) -> None:
    tmp_path.joinpath("here").mkdir()
    tmp_path.joinpath("fleet.txt").write_text(line)
    with pytest.raises(UsageProblem, match=r"fleet\.txt:[12]: "):
        read_fleet([tmp_path / "fleet.txt"])


def test_no_scheduler_is_one_clear_line(fleet: Path) -> None:
    command = [sys.executable, "-m", "codemods", "check", "--scheduler", "nonsense://x", str(fleet)]
    done = subprocess.run([*command, "--mapping", str(MAPPING)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)

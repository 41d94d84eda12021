"""Time whole commands in pairs: A B A B …, and compare them pair by pair, since a machine's speed drifts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "benchmarks" / ".peers"
# As an installed relink runs: with the bytecode that an earlier run left.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
RELINK = (str(Path(sys.executable).with_name("relink")),)


class Run(NamedTuple):
    """One run: seconds on the clock, seconds of processor (children too), peak KiB of its largest process."""

    wall: float
    cpu: float
    peak: int


class Command(NamedTuple):
    """`before` is called ahead of each run, to bring about the state that is to be timed."""

    words: Sequence[str]
    folder: Path
    before: Sequence[str] = ()


def peer(name: str) -> str:
    """The path of a program from PyPI (ruff, semgrep, libcst's python), in an environment of its own."""
    program = PEERS / "bin" / name
    if not program.exists():
        subprocess.run(["uv", "venv", "-q", str(PEERS)], check=True)
        packages = ["ruff", "semgrep", "libcst>=1.8.6"]
        subprocess.run(["uv", "pip", "install", "-q", "--python", str(PEERS / "bin/python"), *packages], check=True)
    return str(program)


def run(command: Command) -> Run:
    """Run a command with its output thrown away; exit codes above 1 are errors."""
    if command.before:
        subprocess.run(command.before, cwd=command.folder, check=True)
    start = time.perf_counter()
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(command.words, cwd=command.folder, stdout=nowhere, stderr=nowhere, env=_ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command.words)} ended with {process.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def compare(what: str, ours: Command, other: Command, figure: str, bound: float, pairs: int = 5) -> None:
    """Print the median of the ratios of `figure` ("wall" or "cpu"), after one pair that is not counted."""
    run(ours), run(other)
    found = [(run(ours), run(other)) for _ in range(pairs)]
    ratio = median(getattr(one, figure) / getattr(two, figure) for one, two in found)
    mine, theirs = (median(getattr(pair[side], figure) for pair in found) for side in (0, 1))
    verdict = "holds" if ratio <= bound else "DOES NOT HOLD"
    print(f"{what}: {ratio:.2f} (must be <= {bound}; {verdict}); {figure} {mine:.3f} s : {theirs:.3f} s, {pairs} pairs")

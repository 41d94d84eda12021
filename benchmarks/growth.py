"""Time per byte for the same tree once, 4 and 16 times; and one worker against two on files that only LibCST reads."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from timing import RELINK, Command, run
from trees import service, write_tree

from codemods.facts import read_facts


def growth() -> None:
    times = {}
    for factor in (1, 4, 16):
        with TemporaryDirectory() as folder:
            write_tree(Path(folder), 60 * factor, moved=False, share=2)
            command = Command([*RELINK, "check", "--no-cache"], Path(folder))
            times[factor] = median(run(command).cpu for _ in range(3))
    start = run(Command([*RELINK, "rules"], Path.cwd())).cpu
    each = {factor: (seconds - start) / factor for factor, seconds in times.items()}
    print("growth: cpu per tree", *(f"{factor}x {seconds:.2f} s" for factor, seconds in each.items()), "(within 15 %)")


def workers() -> None:
    # A statement of Python 3.14 that older interpreters leave to LibCST.
    files = [
        (f"{n}.py", service(n, 120, moved=False) + "type A = int\ntry: pass\nexcept A, B: pass\n") for n in range(24)
    ]
    ratios = []
    for _ in range(5):
        seconds = []
        for count in (1, 2):
            with ProcessPoolExecutor(count) as pool:
                list(pool.map(abs, range(count)))
                start = time.perf_counter()
                list(read_facts(files, pool))
                seconds.append(time.perf_counter() - start)
        ratios.append(seconds[0] / seconds[1])
    print(f"workers: two are {median(ratios):.2f} x as fast as one on LibCST's work (must be >= 1.6)")


if __name__ == "__main__":
    growth()
    workers()

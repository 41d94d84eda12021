"""A hook on one file with 25 statements and no cache, above the start of Python itself."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from timing import RELINK, Command, run
from trees import service, write_mapping

with TemporaryDirectory() as folder:
    root = Path(folder)
    write_mapping(root / "mapping.yaml")
    root.joinpath("store.py").write_text(service(1, 25, moved=False))
    ours = Command([*RELINK, "check", "--mapping", "mapping.yaml", "store.py"], root, before=["rm", "-rf", ".relink"])
    python = Command([sys.executable, "-c", "pass"], root)
    run(ours), run(python)
    pairs = [(run(ours), run(python)) for _ in range(15)]
    for figure in ("wall", "cpu"):
        above = median(getattr(one, figure) - getattr(two, figure) for one, two in pairs) * 1000
        print(f"hook, 25 statements, cold: {above:.0f} ms of {figure} above Python's start (must be <= 150 ms of wall)")

"""The gate on a moved tree of 9,000 files (or the tree and mapping given): second run and no cache, against peers."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from timing import RELINK, ROOT, Command, compare, peer
from trees import write_tree

with TemporaryDirectory() as folder:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
    mapping = ["--mapping", sys.argv[2]] if len(sys.argv) > 2 else []
    if len(sys.argv) < 2:
        write_tree(root, 9_000)
    warm = Command([*RELINK, "check", *mapping], root)
    cold = Command([*RELINK, "check", "--no-cache", *mapping], root)
    ruff = Command([peer("ruff"), "check", "--isolated", "--select", "S608", "--no-cache", "."], root)
    rule = str(ROOT / "benchmarks" / "semgrep.yaml")
    semgrep = Command(
        [
            peer("semgrep"),
            "scan",
            "--config",
            rule,
            "--metrics=off",
            "--disable-version-check",
            "--no-git-ignore",
            "-q",
            ".",
        ],
        root,
    )
    compare("gate, second run, against ruff", warm, ruff, "cpu", 0.7)
    compare("gate, no cache, against ruff", cold, ruff, "cpu", 1.5)
    compare("gate, no cache, against semgrep", cold, semgrep, "cpu", 0.1, pairs=1)

"""A backend that is not moved yet: `backend.py TREE MAPPING`, else a made one.

The gate and its memory against semgrep; `relink diff` against LibCST's codemod runner with a command that does nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from timing import RELINK, ROOT, Command, compare, peer, run
from trees import write_tree

with TemporaryDirectory() as folder:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
    mapping = ["--mapping", sys.argv[2]] if len(sys.argv) > 2 else []
    if len(sys.argv) < 2:
        write_tree(root, 180, moved=False, share=4)
    check = Command([*RELINK, "check", "--no-cache", *mapping], root)
    diff = Command([*RELINK, "diff", "--no-cache", *mapping], root)
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
    runner = [peer("python"), "-m", "libcst.tool", "codemod", "noop.NOOPCommand", "-j", "2", "--no-format", "."]
    compare("gate, not moved, no cache, against semgrep", check, semgrep, "cpu", 0.5, pairs=3)
    compare("diff against semgrep", diff, semgrep, "wall", 1.0, pairs=3)
    compare("diff against LibCST's codemod runner", diff, Command(runner, root), "wall", 0.1, pairs=2)
    print(f"memory: {max(run(check).peak, run(diff).peak) / 1024:.0f} MiB (must be <= 200 MiB)")

"""A hook on one clean file of 40 KB, against `ruff check --select S608` on it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from timing import RELINK, Command, compare, peer
from trees import write_tree

with TemporaryDirectory() as folder:
    root = Path(folder)
    write_tree(root, 40)
    text = "".join(
        f"def f{n}(items):\n    return [each.upper() for each in items if each != {n}]\n\n\n" for n in range(520)
    )
    root.joinpath("clean.py").write_text(text)
    subprocess.run([*RELINK, "check"], cwd=root, capture_output=True, check=True)
    ours = Command([*RELINK, "check", "clean.py"], root)
    ruff = Command([peer("ruff"), "check", "--isolated", "--select", "S608", "clean.py"], root)
    compare(f"hook, clean file of {len(text) // 1000} KB, against ruff", ours, ruff, "wall", 2.0, pairs=25)

"""The gate on a moved tree of 5,000 files, 300 of them settings and scripts, with Redis keys, against ruff."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from timing import RELINK, Command, compare, peer
from trees import write_settings, write_tree

with TemporaryDirectory() as folder:
    root = Path(folder)
    write_tree(root, 4_700)
    write_settings(root, 300)
    warm = Command([*RELINK, "check"], root)
    cold = Command([*RELINK, "check", "--no-cache"], root)
    ruff = Command([peer("ruff"), "check", "--isolated", "--select", "S608", "--no-cache", "."], root)
    compare("gate with settings, second run, against ruff", warm, ruff, "cpu", 0.7)
    compare("gate with settings, no cache, against ruff", cold, ruff, "cpu", 1.5)

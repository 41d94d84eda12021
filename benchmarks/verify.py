"""Statements that `relink verify` judges in a second on an embedded server, each planned on both layouts.

    uv run python benchmarks/verify.py [TREE MAPPING]

The tree is read and the server is loaded before the clock starts; each statement is asked, also those that occur twice.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from statistics import median

from codemods.cli.run import Request, view_run
from codemods.gate.selection import Choice
from codemods.occurrences import Query
from codemods.python.columns import ColumnReader
from codemods.rollout.steps import Step
from codemods.verify.ask import Server
from codemods.verify.layouts import embedded_layouts
from codemods.verify.mapped import mapped_tables
from codemods.verify.session import definitions_of
from codemods.verify.statements import subjects
from codemods.verify.verdict import judge

BACKEND = Path(__file__).parent.parent / "fixtures" / "backend"
ROUNDS = 9


def main() -> None:
    tree, mapping = map(Path, sys.argv[1:3] or (BACKEND / "before", BACKEND / "mapping.yaml"))
    mapping = mapping.resolve()
    os.chdir(tree)
    sight = view_run(Request((), str(mapping), Choice(), Step(), caches=False))
    workspace = sight.view.workspace
    queries = [each for each in sight.occurrences("sql") if isinstance(each, Query)]
    asked = list(subjects(queries, workspace, sight.findings(), unsafe=False))
    tables = mapped_tables(workspace, ColumnReader(sight.view.modules.values()))
    used = [each.as_it_was for each in asked if each.schemas and not each.hidden]
    with embedded_layouts(definitions_of(workspace), workspace.mapping, tables, used) as layouts:
        old, new = Server(layouts.old), Server(layouts.new)
        speeds = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            for each in asked:
                judge(each, old, new, workspace.mapping, complete=False)
            speeds.append(len(asked) / (time.perf_counter() - began))
    print(f"{len(asked)} statements: {median(speeds):,.0f} a second (median of {ROUNDS}; {min(speeds):,.0f} at least)")


if __name__ == "__main__":
    main()

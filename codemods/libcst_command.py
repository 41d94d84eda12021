"""relink as a command of LibCST's codemod runner, beside a team's other codemods.

    python -m libcst.tool codemod -x codemods.libcst_command.RelinkCommand --mapping mapping.yaml --no-format .

It makes the safe changes of `relink apply` in the files that the runner asks for, with all of the current folder in
sight. What is left is a warning of the runner's. The files keep every byte that no edit names; the runner's formatter
knows nothing of that, hence `--no-format`.
"""

from __future__ import annotations

import argparse
from functools import lru_cache
from pathlib import Path

import libcst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from codemods.apply.write import Change
from codemods.cli.run import read_mapping
from codemods.gate.scope import Scope, narrow
from codemods.gate.selection import Selection
from codemods.pipeline import Means, Plan, make_plan
from codemods.plan import changes
from codemods.rules.registry import load_rules
from codemods.settings import load_settings


class RelinkCommand(VisitorBasedCodemodCommand):
    """Rewrites one file at a time as the plan of its whole tree has it."""

    DESCRIPTION = "Re-point SQL, ORM classes, connections and Redis keys at the restructured databases."

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        arg_parser.add_argument("--mapping", metavar="FILE", help="the mapping file (default: that of [tool.relink])")

    def __init__(self, context: CodemodContext, mapping: str | None = None) -> None:
        super().__init__(context)
        self._mapping = mapping

    def transform_module_impl(self, tree: libcst.Module) -> libcst.Module:
        root = Path.cwd().resolve()
        plan, planned = _planned(root, self._mapping)
        path = Path(self.context.filename or "").resolve()
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
        if name not in plan.sources:
            return tree
        for finding in plan.findings:
            if finding.path == name and not (finding.fix and finding.fix.safety.value == "safe"):
                line, column = plan.sources[name].line_column(finding.span.start)
                self.warn(f"{name}:{line}:{column}: {finding.rule} {finding.message}")
        change = planned.get(name)
        if change is None:
            return tree
        if tree.bytes != change.before:
            self.warn(f"{name}: has changed since relink looked at it; run again")
            return tree
        return libcst.parse_module(change.after)


@lru_cache(maxsize=1)
def _planned(root: Path, mapping: str | None) -> tuple[Plan, dict[str, Change]]:
    """The plan of the tree under `root`, made once a process, and its safe changes by file."""
    settings = load_settings(root)
    means = Means(queries=settings.queries)
    plan = make_plan(
        root,
        [],
        read_mapping(mapping, settings),
        settings.exclude,
        lambda _: None,
        means=means,
        handling=settings.handling,
    )
    plan = narrow(plan, Scope(root, (), Selection((settings.choice,), load_rules())))
    return plan, {change.path: change for change in changes(plan.findings, plan.sources, unsafe=False)}

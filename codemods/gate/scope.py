"""From all that was found to what is reported: what every command does to a plan before it shows or applies it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from codemods.gate.selection import Selection, select
from codemods.gate.suppressions import suppress
from codemods.pipeline import Plan


class Scope(NamedTuple):
    """What a run can judge: the rules it reports, in the files under `paths` (absolute; none: all under `root`).

    Of these only those of its `share`, unless that is None.
    """

    root: Path
    paths: Sequence[Path]
    selection: Selection
    share: frozenset[str] | None = None

    def holds(self, rule: str, path: str) -> bool:
        """Whether a finding of `rule` in the file `path` would have been reported."""
        file = self.root / path
        inside = not self.paths or any(file == given or given in file.parents for given in self.paths)
        return inside and (self.share is None or path in self.share) and self.selection.keeps(rule, path)


def narrow(plan: Plan, scope: Scope) -> Plan:
    """The plan with the selected rules only, and without what comments ask to ignore."""
    selected = select(plan.findings, scope.selection)
    asked = [source for source in plan.sources.values() if scope.holds("unused-ignore", source.path)]
    return plan._replace(findings=suppress(selected, plan.sources, asked, scope.selection))

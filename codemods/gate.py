"""From all that was found to what is reported: what every command does to a plan before it shows or applies it."""

from __future__ import annotations

from codemods.pipeline import Plan
from codemods.selection import Selection, select
from codemods.suppressions import suppress


def narrow(plan: Plan, selection: Selection) -> Plan:
    """The plan with the selected rules only, and without what comments ask to ignore."""
    selected = select(plan.findings, selection)
    return plan._replace(findings=suppress(selected, plan.sources, selection))

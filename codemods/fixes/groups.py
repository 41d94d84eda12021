"""Findings that belong together, such as a table of an ORM and the keys that refer to it, change together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from codemods.model import Finding, Fix, Reason, Safety

CAUTION = {Safety.SAFE: 0, Safety.UNSAFE: 1, Safety.MANUAL: 2}


def whole_groups(findings: Iterable[Finding]) -> list[Finding]:
    """`findings`, each with the caution of the most careful one of its group."""
    found = list(findings)
    worst: dict[str, Fix] = {}
    for finding in found:
        fix = finding.fix
        if fix and fix.group:
            worst[fix.group] = max(worst.get(fix.group, fix), fix, key=lambda each: CAUTION[each.safety])
    return [
        replace(finding, fix=_as_careful(finding.fix, worst[finding.fix.group]))
        if finding.fix and finding.fix.group
        else finding
        for finding in found
    ]


def keep(findings: Iterable[Finding], wanted: Callable[[Finding], bool]) -> list[Finding]:
    """The findings that are `wanted`; what has to change together with an unwanted one is for a person."""
    kept, dropped = [], set()
    for finding in findings:
        if wanted(finding):
            kept.append(finding)
        elif finding.fix and finding.fix.edits:
            dropped.add(finding.fix.group)
    return [
        replace(finding, fix=Fix(Safety.MANUAL, Reason.ALL_OR_NONE, group=finding.fix.group))
        if finding.fix and finding.fix.group in dropped - {""} and finding.fix.edits
        else finding
        for finding in kept
    ]


def _as_careful(fix: Fix, worst: Fix) -> Fix:
    if CAUTION[fix.safety] >= CAUTION[worst.safety]:
        return fix
    if worst.safety is Safety.MANUAL:
        return Fix(Safety.MANUAL, Reason.ALL_OR_NONE, group=fix.group)
    return replace(fix, safety=worst.safety, reason=worst.reason)

"""The roll-out: which service, phase, owner or rule a finding belongs to, and what that adds up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from codemods import mapping as mappings
from codemods.checkout.discover import UsageProblem
from codemods.checkout.ignored import read_patterns
from codemods.model import Finding, Impact, Safety
from codemods.rules.registry import Rule

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

PHASES = {"connections": 1, "sql": 1, "orm": 1, "redis": 2, "docs": 3}
"""The phase of the plan that a group of rules is work of; the tool's own rules are of none."""
NOBODY = "nobody"
_OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


class Step(NamedTuple):
    """What part of the roll-out is asked for: None stands for all of it."""

    service: str | None = None
    phase: int | None = None


def only(
    findings: Iterable[Finding], step: Step, mapping: mappings.Mapping, rules: Mapping[str, Rule]
) -> tuple[Finding, ...]:
    """The findings of one step. Raises `UsageProblem` when the mapping has no such service."""
    check(step, mapping)
    return tuple(each for each in findings if concerns(step, each.path, phase_of(each, rules), mapping))


def check(step: Step, mapping: mappings.Mapping) -> None:
    """Raises `UsageProblem` when the mapping has no such service."""
    known = [service.name for service in mapping.services]
    if step.service is not None and step.service not in known:
        raise UsageProblem(f"the mapping has no service {step.service!r}; it has {', '.join(known) or 'none'}")


def concerns(step: Step, path: str, phase: int, mapping: mappings.Mapping) -> bool:
    """Whether work of `phase` in the file `path` is part of `step`."""
    return step.service in (None, service_of(path, mapping)) and step.phase in (None, phase)


def service_of(path: str, mapping: mappings.Mapping) -> str:
    """The service whose file `path` is."""
    service = mapping.service_of(path)
    return service.name if service else NOBODY


def phase_of(finding: Finding, rules: Mapping[str, Rule]) -> int:
    """The phase of the plan, 0 for what is work of none."""
    rule = rules.get(finding.rule)
    return PHASES.get(rule.group, 0) if rule else 0


def parts(
    findings: Sequence[Finding], by: str, mapping: mappings.Mapping, rules: Mapping[str, Rule], root: Path
) -> dict[str, list[Finding]]:
    """The findings by "service", "phase", "owner" or "rule", in order of the parts' names."""
    owners = Owners(root)
    names: dict[str, Callable[[Finding], str]] = {
        "service": lambda finding: service_of(finding.path, mapping),
        "phase": lambda finding: f"phase-{phase_of(finding, rules)}",
        "owner": lambda finding: owners.of(finding.path),
        "rule": lambda finding: finding.rule,
    }
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(names[by](finding), []).append(finding)
    return dict(sorted(found.items()))


class Owners:
    """The owners of files by the checkout's CODEOWNERS; the last pattern that matches counts.

    Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features
    """

    def __init__(self, root: Path) -> None:
        self._patterns: list[tuple[GitIgnoreSpec, str]] = []
        file = next((root / name for name in _OWNERS if (root / name).is_file()), None)
        lines = file.read_text("utf-8", "replace").splitlines() if file else []
        for line in lines:
            pattern, *owners = line.split("#", 1)[0].split()[:2] or [""]
            if pattern and not pattern.startswith("["):
                self._patterns.append((read_patterns((pattern,)), owners[0] if owners else NOBODY))

    def of(self, path: str) -> str:
        """The first owner of a file."""
        return next((owner for spec, owner in reversed(self._patterns) if spec.match_file(path)), NOBODY)


class Row(NamedTuple):
    """One kind of work at one level of impact: how many files and places, and whose turn each place is."""

    impact: Impact
    group: str
    files: int
    places: int
    safe: int
    unsafe: int
    manual: int


def impact_table(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> list[Row]:
    """The plan's table for a tree, highest impact first."""
    found: dict[tuple[Impact, str], list[Finding]] = {}
    for finding in findings:
        if not finding.is_note:
            rule = rules.get(finding.rule)
            found.setdefault((finding.impact, rule.group if rule else "tool"), []).append(finding)
    order = list(Impact)
    return [
        Row(impact, group, len({each.path for each in own}), len(own), *(
            sum(_safety(each) is safety for each in own) for safety in Safety))
        for (impact, group), own in sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    ]  # fmt: skip


def _safety(finding: Finding) -> Safety:
    return finding.fix.safety if finding.fix else Safety.MANUAL

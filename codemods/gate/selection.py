"""Which rules a run reports: chosen by rule or by group, everywhere or for some files only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from codemods.checkout.discover import UsageProblem
from codemods.checkout.ignored import read_patterns
from codemods.fixes.groups import keep
from codemods.model import Finding, Impact
from codemods.rules.registry import GROUPS, Rule

_RANK = {Impact.LOW: 0, Impact.MEDIUM: 1, Impact.HIGH: 2}


@dataclass(frozen=True, slots=True)
class Choice:
    """What one place (the settings, the command line) says; names are those of rules and groups.

    `select` is None when it says nothing. `per_file` pairs a pattern as in .gitignore with the names that are not
    reported in the files it matches. `origin` begins an error message.
    """

    origin: str = "the command line"
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def over(self, weaker: Choice) -> Choice:
        """Both choices as one: a `select` here starts afresh, the rest adds to what `weaker` says."""
        start = Choice(per_file=weaker.per_file) if self.select is not None else weaker
        return Choice(
            self.origin,
            self.select if self.select is not None else start.select,
            (*start.ignore, *self.ignore),
            (*start.extend_select, *self.extend_select),
            (*start.per_file, *self.per_file),
        )

    def names(self) -> Iterator[str]:
        """Every name that it says."""
        yield from (*(self.select or ()), *self.ignore, *self.extend_select)
        for _, names in self.per_file:
            yield from names


class Selection:
    """The rules that are reported. Raises UsageProblem when a choice names what is neither a rule nor a group."""

    def __init__(self, choices: Sequence[Choice], rules: Mapping[str, Rule]) -> None:
        """`choices` come weakest first."""
        self._rules = rules
        chosen = Choice()
        for choice in choices:
            check_names(choice.names(), rules, choice.origin)
            chosen = choice.over(chosen)
        self._rules_on = frozenset(name for name in rules if _is_on(rules[name], chosen))
        self._per_file = [(read_patterns((pattern,)), names) for pattern, names in chosen.per_file]

    @property
    def strict(self) -> bool:
        """Whether a rule is reported that looks at SQL which names nothing of the mapping."""
        return "unmapped-table" in self._rules_on

    def means(self, name: str, rule: str) -> bool:
        """Whether `name`, of a rule or a group, speaks of the rule."""
        return name in (rule, self._rules[rule].group)

    def knows(self, name: str) -> bool:
        """Whether there is such a rule or group."""
        return name in self._rules or name in GROUPS

    def judges(self, name: str, path: str) -> bool:
        """Whether it can be said of `name` that it found nothing in the file `path`: a rule it means is reported."""
        return not self.knows(name) or any(self.means(name, rule) and self.keeps(rule, path) for rule in self._rules)

    def keeps(self, rule: str, path: str) -> bool:
        """Whether the rule is reported in the file `path`, relative to the run's root with `/`."""
        return rule in self._rules_on and not any(
            any(self.means(name, rule) for name in names) and spec.match_file(path) for spec, names in self._per_file
        )


def select(findings: Iterable[Finding], selection: Selection) -> tuple[Finding, ...]:
    """The findings whose rules are reported."""
    return tuple(keep(findings, lambda finding: selection.keeps(finding.rule, finding.path)))


def at_least(findings: Iterable[Finding], impact: Impact) -> tuple[Finding, ...]:
    """The findings with this impact or a higher one."""
    return tuple(finding for finding in findings if _RANK[finding.impact] >= _RANK[impact])


def check_names(names: Iterable[str], rules: Mapping[str, Rule], origin: str) -> None:
    """Raise UsageProblem for the first name that is neither a rule nor a group."""
    known = (*rules, *GROUPS)
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "see relink rules"
            raise UsageProblem(f"{origin}: there is no rule or group {name!r}; {hint}")


def _is_on(rule: Rule, chosen: Choice) -> bool:
    """A rule's own name counts for more than its group's, and `ignore` for more than `select`."""
    wanted = (*(chosen.select or ()), *chosen.extend_select)
    if rule.name in chosen.ignore:
        return False
    if rule.name in wanted:
        return True
    if rule.group in chosen.ignore or rule.only_by_name:
        return False
    return rule.group in wanted or (chosen.select is None and GROUPS[rule.group])

"""Let every rule look at an occurrence, and prove the SQL that their fixes would make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codemods.mapping import Moved
from codemods.model import Edit, Finding, Fix, Reason, Safety, Span
from codemods.occurrences import Engine, Occurrence, Query
from codemods.rename import replacements
from codemods.rules.registry import Rule
from codemods.sql import Role, equivalent
from codemods.workspace import Workspace, read_sql


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which texts are read: the bytes that it covers and the findings that came of it.

    `understood`: the text was read to its end, so that what has no finding here is known to need none.
    """

    covered: tuple[tuple[str, Span], ...]
    findings: tuple[Finding, ...]
    understood: bool

    @property
    def edits(self) -> frozenset[Edit]:
        """What this reading would change."""
        return frozenset(edit for finding in self.findings if finding.fix for edit in finding.fix.edits)


def read_occurrence(occurrence: Occurrence, rules: Sequence[Rule], workspace: Workspace) -> Reading:
    """The findings of `rules` in `occurrence`."""
    covered = tuple(
        (place.path, workspace.span(place)) for place in occurrence.source.places() if place.path in workspace.sources
    )
    foreign = isinstance(occurrence, Query) and occurrence.engine in (Engine.SQLITE, Engine.OTHER)
    findings = [] if foreign else [
        finding
        for rule in rules
        if rule.check is not None and rule.looks_at is type(occurrence)
        for finding in rule.check(occurrence, workspace)
    ]  # fmt: skip
    understood = True
    if isinstance(occurrence, Query):
        understood = not any(statement.problem for statement in read_sql(occurrence.source.text).statements)
        if any(finding.fix and finding.fix.edits for finding in findings) and not _is_proven(occurrence, workspace):
            findings = [_unproven(finding) for finding in findings]
    return Reading(covered, tuple(findings), understood)


def _is_proven(query: Query, workspace: Workspace) -> bool:
    before = query.source.text
    pieces: list[tuple[int, int, str]] = []
    renames: dict[tuple[str, ...], tuple[str, ...]] = {}
    for use in workspace.uses(query):
        if not isinstance(use.resolution, Moved) or use.reference.role in (Role.DROP, Role.TRUNCATE):
            continue
        relation = use.resolution.relation
        pieces.extend(replacements(use.reference, relation))
        renames[use.reference.names] = (relation.schema, relation.name)
    after = before
    for start, end, new in sorted(set(pieces), reverse=True):
        after = after[:start] + new + after[end:]
    return equivalent(before, after, tuple(renames.items()))


def _unproven(finding: Finding) -> Finding:
    if finding.fix is None or not finding.fix.edits:
        return finding
    return replace(
        finding,
        rule="unproven-rewrite",
        message=f"{finding.message}, but the changed statement could not be proven to be the same",
        fix=Fix(Safety.MANUAL, Reason.UNREADABLE_SQL),
    )

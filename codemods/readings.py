"""Let every rule look at an occurrence, and prove the SQL that their fixes would make of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from codemods.mapping import Moved, Relation
from codemods.model import Edit, Finding, Fix, Reason, Safety, Span
from codemods.occurrences import Engine, ModuleUrl, Occurrence, Query
from codemods.rename import new_parts, replacements
from codemods.rules.registry import Rule
from codemods.sourcemap import Range
from codemods.sql import Role, equivalent
from codemods.workspace import Use, Workspace, read_sql


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which texts are read: the bytes that it covers and the findings that came of it.

    `where` names the place of the code that reads, for messages. `understood`: the text was read to its end, so that
    what has no finding here is known to need none.
    """

    covered: tuple[tuple[str, Span], ...]
    findings: tuple[Finding, ...]
    understood: bool
    where: str = ""

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
        if rule.check is not None and isinstance(occurrence, rule.looks_at)
        for finding in rule.check(occurrence, workspace)
    ]  # fmt: skip
    understood = not isinstance(occurrence, ModuleUrl)
    if isinstance(occurrence, Query):
        understood = not any(statement.problem for statement in read_sql(occurrence.source.text).statements)
        doubtful = {workspace.span(place) for place in _unproven_places(occurrence, workspace)}
        findings = [_unproven(finding) if finding.span in doubtful else finding for finding in findings]
    where = f"{occurrence.path}:{workspace.line(occurrence.path, occurrence.at)}"
    return Reading(covered, tuple(findings), understood, where)


def _unproven_places(query: Query, workspace: Workspace) -> Iterator[Range]:
    """Where the names stand whose statement would not be proven the same with their new names."""
    by_statement: dict[int, list[tuple[Use, Relation]]] = defaultdict(list)
    for use in workspace.uses(query):
        if isinstance(use.resolution, Moved) and use.reference.role not in (Role.DROP, Role.TRUNCATE):
            by_statement[use.statement.start].append((use, use.resolution.relation))
    for start, uses in by_statement.items():
        before = query.source.text[start : uses[0][0].statement.end]
        pieces = {piece for use, relation in uses for piece in replacements(use.reference, relation)}
        after = before
        for first, last, new in sorted(pieces, reverse=True):
            after = after[: first - start] + new + after[last - start :]
        renames = {(use.reference.names, new_parts(use.reference, relation)) for use, relation in uses}
        if not _prove(before, after, tuple(sorted(renames))):
            for use, _ in uses:
                place = workspace.place(query, use.reference)
                if place is not None:
                    yield place


@lru_cache(maxsize=8192)
def _prove(before: str, after: str, renames: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]) -> bool:
    return equivalent(before, after, renames)


def _unproven(finding: Finding) -> Finding:
    if finding.fix is None or not finding.fix.edits:
        return finding
    return replace(
        finding,
        rule="unproven-rewrite",
        message=f"{finding.message}, but the changed statement could not be proven to be the same",
        fix=Fix(Safety.MANUAL, Reason.UNREADABLE_SQL),
    )

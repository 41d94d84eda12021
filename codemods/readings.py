"""Let every rule look at an occurrence, and prove the SQL that their fixes would make of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from codemods.declarations import read_sql
from codemods.fixes.catalogs import moved_filters
from codemods.fixes.other_uses import is_bare_name
from codemods.fixes.quoted_name import quoter_places
from codemods.fixes.rename import new_parts, replaced, replacements
from codemods.mapping import Moved
from codemods.model import Edit, Finding, Fix, Impact, Reason, Safety, Span
from codemods.occurrences import (
    Documented,
    Engine,
    Evidence,
    ModuleUrl,
    Occurrence,
    Prose,
    Query,
    RedisKey,
    RedisSetting,
    TableArgument,
)
from codemods.rules.registry import Rule
from codemods.sourcemap import Range
from codemods.sql import Renames, equivalent
from codemods.workspace import Workspace


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


def read_occurrence(
    occurrence: Occurrence, rules: Sequence[Rule], workspace: Workspace, proves: bool = True
) -> Reading:
    """The findings of `rules` in `occurrence`; with `proves`, also whether their fixes hold."""
    if isinstance(occurrence, Documented):
        ordinary = [rule for rule in rules if not rule.only_by_name]
        reading = read_occurrence(occurrence.inner, ordinary, workspace, proves)
        findings = [replace(each, rule="old-name-in-docs", impact=Impact.LOW) for each in reading.findings]
        return replace(reading, findings=tuple(findings))
    texts = [occurrence.source]
    if isinstance(occurrence, TableArgument) and occurrence.schema is not None:
        texts.append(occurrence.schema)
    places = [place for text in texts for place in (*text.places(), *quoter_places(text, workspace))]
    covered = tuple((place.path, workspace.span(place)) for place in places if place.path in workspace.sources)
    foreign = isinstance(occurrence, Query) and occurrence.engine in (Engine.SQLITE, Engine.OTHER)
    findings = [] if foreign else [
        finding
        for rule in rules
        if rule.check is not None and isinstance(occurrence, rule.looks_at)
        for finding in rule.check(occurrence, workspace)
    ]  # fmt: skip
    understood = not isinstance(occurrence, (ModuleUrl, Prose, RedisSetting)) and not _is_loose_text(occurrence)
    if isinstance(occurrence, Query):
        understood = not any(statement.problem for statement in read_sql(occurrence.source.text).statements)
        understood = understood and (occurrence.evidence is not Evidence.EXPECTED or bool(workspace.uses(occurrence)))
        doubtful = {workspace.span(place) for place in _unproven_places(occurrence, workspace)} if proves else set()
        findings = [_unproven(finding) if finding.span in doubtful else finding for finding in findings]
        findings = _not_for_others(findings, occurrence, workspace)
    where = f"{occurrence.path}:{workspace.line(occurrence.path, occurrence.at)}"
    return Reading(covered, tuple(findings), understood, where)


@dataclass(slots=True)
class _Planned:
    """The changes of one statement: texts to replace, the names that this renames, and where they stand."""

    pieces: set[tuple[int, int, str]] = field(default_factory=set)
    renames: set[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=set)
    places: list[Range | None] = field(default_factory=list)


def _not_for_others(findings: list[Finding], query: Query, workspace: Workspace) -> list[Finding]:
    """`findings`; manual where an edit is of a piece that the text has several times, and not all of these want it.

    A piece that is a name by itself, with no white space around it, means the same wherever it stands.
    """
    written = (run for run in query.source.runs if run.path and not _is_name(run.text))
    pieces = Counter((run.path, run.place(0), run.place(len(run.text))) for run in written)
    named = (run.of_table.range for run in query.source.runs if run.of_table and run.of_table.form == "bare")
    quoters = Counter((*quoter_places(query.source, workspace), *named))
    if max((*pieces.values(), *quoters.values()), default=1) == 1:
        return findings
    wanted = Counter(edit for finding in findings if finding.fix for edit in finding.fix.edits)

    def times(edit: Edit) -> int:
        at = workspace.sources[edit.path].character_offset(edit.span.start)
        inside = (count for (path, start, end), count in pieces.items() if path == edit.path and start <= at <= end)
        beside = (count for place, count in quoters.items() if (place.path, place.start) == (edit.path, at))
        return max((*inside, *beside), default=1)

    return [
        _for_one_of_several(finding)
        if finding.fix and any(times(edit) > wanted[edit] for edit in finding.fix.edits)
        else finding
        for finding in findings
    ]


def _is_name(text: str) -> bool:
    return text == text.strip() and is_bare_name(text)


def _for_one_of_several(finding: Finding) -> Finding:
    note = "the same place also stands for names that did not move with it"
    return replace(
        finding, message=f"{finding.message}; {note}", fix=Fix(Safety.MANUAL, Reason.CONFLICTING_USES, note=note)
    )


def _is_loose_text(occurrence: Occurrence) -> bool:
    return isinstance(occurrence, RedisKey) and (
        occurrence.role in ("text", "cut")
        or occurrence.evidence in (Evidence.FRAGMENT, Evidence.NAME, Evidence.EXPECTED)
    )


def _unproven_places(query: Query, workspace: Workspace) -> Iterator[Range]:
    """Where the names stand whose statement would not be proven the same with their new names."""
    planned: dict[tuple[int, int], _Planned] = defaultdict(_Planned)
    for use in workspace.uses(query):
        if isinstance(use.resolution, Moved):
            relation = use.resolution.relation
            change = planned[use.statement.start, use.statement.end]
            change.pieces.update(replacements(use.reference, relation))
            change.renames.add((use.reference.names, new_parts(use.reference, relation)))
            change.places.append(workspace.place(query, use.reference))
    for found in moved_filters(query, workspace):
        change = planned[found.statement.start, found.statement.end]
        for old, new in found.changes:
            change.pieces.add((old.start, old.end, new))
            change.renames.add(((old.name,), (new,)))
            change.places.append(query.source.locate(old.start, old.end))
    for (start, end), change in planned.items():
        before = query.source.text[start:end]
        after = replaced(before, change.pieces, start)
        if not _prove(before, after, tuple(sorted(change.renames))):
            yield from (place for place in change.places if place is not None)


@lru_cache(maxsize=8192)
def _prove(before: str, after: str, renames: Renames) -> bool:
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

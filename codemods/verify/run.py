"""Judge every statement of a tree, each text once, and count the verdicts as the plan asks for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from codemods.catalog.load import Failed
from codemods.mapping import Mapping
from codemods.model import Finding, Impact
from codemods.verify.compare import Difference
from codemods.verify.statements import Subject
from codemods.verify.verdict import Status, Verdict
from codemods.workspace import Workspace

NO_SCHEMA = "no schema"
NO_SERVICE = "no service"


class Result(NamedTuple):
    subject: Subject
    verdict: Verdict


class Report(NamedTuple):
    """What a verification found; `failed` are definitions of the tree that an embedded server refused."""

    results: tuple[Result, ...]
    differences: tuple[Difference, ...] = ()
    failed: tuple[Failed, ...] = ()


class Tally(NamedTuple):
    """Verdicts of one schema or service; `success` is the share of same among those that could be judged, 0 to 100.

    It is None when none could. `assumed` are same as far as stand-ins can tell, and count as such.
    """

    name: str
    same: int
    assumed: int
    broken: int
    left: int
    unchecked: int

    @property
    def success(self) -> float | None:
        good = self.same + self.assumed
        judged = good + self.broken + self.left
        return 100.0 * good / judged if judged else None


def verify(subjects: Iterable[Subject], judge: Callable[[Subject], Verdict]) -> tuple[Result, ...]:
    """The verdict on each subject; the same old and new text in the same file is judged once."""
    known: dict[tuple[str, str, str, str | None], Verdict] = {}
    results = []
    for subject in subjects:
        key = (subject.old, subject.new, subject.query.path, subject.query.database)
        if key not in known:
            known[key] = judge(subject)
        results.append(Result(subject, known[key]))
    return tuple(dict.fromkeys(results))


def by_schema(results: Iterable[Result]) -> list[Tally]:
    """The verdicts by schema; a statement that names several counts in each."""
    return _tallies((schema, each) for each in results for schema in each.subject.schemas or {NO_SCHEMA})


def by_service(results: Iterable[Result], mapping: Mapping) -> list[Tally]:
    """The verdicts by the service that runs the statement."""
    return _tallies((_service(mapping, each.subject.query.path), each) for each in results)


def falls_short(report: Report, mapping: Mapping, least: float) -> bool:
    """Whether some schema, or some service of the mapping, has less than `least` per cent of success."""
    tallies = by_schema(report.results) + (by_service(report.results, mapping) if mapping.services else [])
    return any(each.success is not None and each.success < least for each in tallies)


def _service(mapping: Mapping, path: str) -> str:
    service = mapping.service_of(path)
    return service.name if service else NO_SERVICE


def _tallies(results: Iterable[tuple[str, Result]]) -> list[Tally]:
    counts: dict[str, Counter[Status]] = {}
    for name, result in results:
        counts.setdefault(name, Counter())[result.verdict.status] += 1
    return [Tally(name, *(counts[name][status] for status in Status)) for name in sorted(counts)]


def broken_statements(results: Iterable[Result], workspace: Workspace) -> Iterator[Finding]:
    """A finding at the exact place of each statement that the new layout does not take."""
    for subject, verdict in results:
        if verdict.status is not Status.BROKEN:
            continue
        at = subject.origin(verdict.position or 0)
        source = subject.query.source
        place = source.locate(at, at + 1) or source.locate(subject.first, subject.first + 1) or source.first()
        if place is not None:
            message = f"{subject.statement.verb} does not mean on the new layout what it did: {verdict.message}"
            help = "correct the statement or the mapping, then verify again"
            yield workspace.finding("broken-statement", place, message, help, Impact.HIGH)

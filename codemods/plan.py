"""Settle what the rules found: one verdict a place, no change that another reader of the text contradicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as ReadOnly
from dataclasses import replace
from typing import TYPE_CHECKING

from codemods import formats
from codemods.apply.proof import prove_python
from codemods.apply.splice import splice
from codemods.apply.write import Change
from codemods.fixes.groups import CAUTION, whole_groups
from codemods.model import Edit, Finding, Fix, Reason, Safety, Span
from codemods.parallel import run_parallel
from codemods.python.ir import Module
from codemods.readings import Reading
from codemods.source import PYTHON_SUFFIXES, Source

if TYPE_CHECKING:
    from concurrent.futures import Executor


def settle(readings: Sequence[Reading]) -> list[Finding]:
    """The findings of all readings, each place once, by path and position.

    Where two readings of one literal disagree about an edit, the edit becomes manual (`conflicting-uses`).
    """
    by_path: dict[str, list[tuple[Span, Reading]]] = defaultdict(list)
    for reading in readings:
        if reading.understood:
            for path, span in reading.covered:
                by_path[path].append((span, reading))
    chosen: dict[tuple[object, ...], Finding] = {}
    for reading in readings:
        for finding in reading.findings:
            key = (finding.path, finding.span, finding.rule)
            known = chosen.get(key)
            settled = finding if known is None or known.fix == finding.fix else _more_careful(known, finding)
            chosen[key] = settled
    findings = [_unless_contested(finding, by_path) for finding in chosen.values()]
    return sorted(
        whole_groups(_without_overlaps(findings)), key=lambda finding: (finding.path, finding.span, finding.rule)
    )


def _unless_contested(finding: Finding, by_path: dict[str, list[tuple[Span, Reading]]]) -> Finding:
    """`finding`; manual when some reading covers the place of one of its edits without asking for the same edit."""
    for edit in finding.fix.edits if finding.fix else ():
        for span, reading in by_path[edit.path]:
            if span.start <= edit.span.start <= edit.span.end <= span.end and edit not in reading.edits:
                return _conflicting(finding, _clash(finding, reading))
    return finding


def _clash(finding: Finding, reading: Reading) -> str:
    if finding.fix and finding.fix.note:
        return f"and {reading.where} puts other names in its place, which did not move with it"
    return f"the same text is read at {reading.where}, where it has to stay"


def _conflicting(finding: Finding, note: str) -> Finding:
    said = f"{finding.message}; {note}"
    return replace(finding, message=said, fix=_manual(finding, Reason.CONFLICTING_USES, note))


def _more_careful(one: Finding, other: Finding) -> Finding:
    if one.fix is None or other.fix is None:
        return one if one.fix is None else other
    if _is_beside(one) and _is_beside(other) and one.help == other.help and one.fix.group == other.fix.group:
        # The text stays, and each of its users is given the same schema.
        edits = tuple(dict.fromkeys((*one.fix.edits, *other.fix.edits)))
        return replace(one, fix=replace(_worse(one, other).fix or one.fix, edits=edits))
    if one.fix.edits and other.fix.edits and one.fix.edits != other.fix.edits:
        return _conflicting(one, f"the same place serves names that moved apart ({one.help}, {other.help})")
    return _worse(one, other)


def _worse(one: Finding, other: Finding) -> Finding:
    return max(one, other, key=lambda finding: CAUTION[finding.fix.safety] if finding.fix else 0)


def _is_beside(finding: Finding) -> bool:
    """Whether the fix leaves the finding's own text alone and writes next to it, such as another argument."""
    edits = finding.fix.edits if finding.fix else ()
    return bool(edits) and not any(
        edit.path == finding.path and finding.span.start <= edit.span.start <= edit.span.end <= finding.span.end
        for edit in edits
    )


def _without_overlaps(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Keep edits apart: a later fix that touches the bytes of an earlier one becomes manual.

    So do all that would write different things at one place, since either would speak for the others.
    """
    ordered = sorted(findings, key=lambda finding: (finding.path, finding.span))
    added: dict[tuple[str, Span], set[bytes]] = defaultdict(set)
    for finding in ordered:
        for edit in finding.fix.edits if finding.fix else ():
            added[edit.path, edit.span].add(edit.new)
    taken: dict[str, list[tuple[Edit, Finding]]] = defaultdict(list)
    for finding in ordered:
        edits = finding.fix.edits if finding.fix else ()
        clash = any(len(added[edit.path, edit.span]) > 1 for edit in edits) or any(
            _overlap(edit, other) and edit != other for edit in edits for other, _ in taken[edit.path][-4:]
        )
        if clash:
            yield _conflicting(finding, "another change touches the same text")
            continue
        for edit in edits:
            taken[edit.path].append((edit, finding))
        yield finding


def _manual(finding: Finding, reason: Reason, note: str = "") -> Fix:
    return Fix(Safety.MANUAL, reason, note=note, group=finding.fix.group if finding.fix else "")


def _overlap(one: Edit, other: Edit) -> bool:
    if one.span.start == one.span.end == other.span.start == other.span.end:
        return one.span.start == other.span.start
    return one.span.start < other.span.end and other.span.start < one.span.end


def changes(findings: Iterable[Finding], sources: dict[str, Source], unsafe: bool) -> list[Change]:
    """The new bytes of each file when the safe fixes (and the unsafe ones on request) are made."""
    allowed = (Safety.SAFE, Safety.UNSAFE) if unsafe else (Safety.SAFE,)
    edits: dict[str, set[Edit]] = defaultdict(set)
    for finding in findings:
        if finding.fix and finding.fix.safety in allowed:
            for edit in finding.fix.edits:
                edits[edit.path].add(edit)
    found = []
    for path in sorted(edits):
        before = sources[path].data
        ordered = tuple(sorted(edits[path]))
        found.append(Change(path, before, splice(before, ordered), ordered))
    return found


def prove(
    findings: Sequence[Finding],
    sources: dict[str, Source],
    modules: ReadOnly[str, Module],
    executor: Executor | None = None,
) -> list[Finding]:
    """`findings` with the fixes of each file that fails its proof turned into `unproven-rewrite`."""
    planned = [
        (change, sources[change.path], modules.get(change.path)) for change in changes(findings, sources, unsafe=True)
    ]
    failed: dict[str, str] = {}
    for (change, _, _), problem in zip(planned, run_parallel(_problem, planned, _size, executor), strict=True):
        if problem:
            failed[change.path] = problem
    return whole_groups(_unproven(finding, failed) for finding in findings)


def _size(item: tuple[Change, Source, Module | None]) -> int:
    return len(item[0].before)


def _problem(item: tuple[Change, Source, Module | None]) -> str | None:
    change, source, facts = item
    if facts is None:
        problems = formats.prove(source, change.after, change.edits)
    else:
        problems = formats.prove_python(facts, source, change.after, change.edits)
        if problems and source.kind.endswith(PYTHON_SUFFIXES) and not source.is_template:
            problems = prove_python(change.before, change.after, change.edits)
    return problems[0] if problems else None


def _unproven(finding: Finding, failed: dict[str, str]) -> Finding:
    edits = finding.fix.edits if finding.fix else ()
    problem = next((failed[edit.path] for edit in edits if edit.path in failed), None)
    if problem is None:
        return finding
    message = f"{finding.message}, but the change of its file could not be proven ({problem})"
    return replace(finding, rule="unproven-rewrite", message=message, fix=_manual(finding, Reason.SPLIT_NAME))

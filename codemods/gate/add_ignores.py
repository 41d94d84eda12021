"""Write `relink: ignore[rule]` comments beside findings, so that a tree can be guarded before all of it is moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from codemods.apply import Change, leaves_code, splice
from codemods.gate.ignores import Ignore, Ignores
from codemods.model import Edit, Finding, Span
from codemods.source import PYTHON_SUFFIXES, Source
from codemods.sql import SQL_SUFFIXES

_NOT_IGNORABLE = frozenset({"unused-mapping", "unused-ignore", "unreadable-file"})


class Added(NamedTuple):
    """New bytes of files, and the findings that no comment was written for."""

    changes: list[Change]
    left: list[Finding]


def add_ignores(findings: Iterable[Finding], sources: Mapping[str, Source]) -> Added:
    """Comments for the findings in Python and SQL files; in others relink cannot tell whether one may stand there."""
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.path].append(finding)
    added = Added([], [])
    for path, in_file in sorted(by_path.items()):
        source = sources.get(path)
        able = [finding for finding in in_file if finding.rule not in _NOT_IGNORABLE]
        edits = tuple(_edits(able, source)) if source and path.endswith((*PYTHON_SUFFIXES, *SQL_SUFFIXES)) else ()
        if source is None or not edits or not leaves_code(source, edits):
            added.left.extend(in_file)
            continue
        added.left.extend(finding for finding in in_file if finding.rule in _NOT_IGNORABLE)
        added.changes.append(Change(path, source.data, splice(source.data, edits), edits))
    return added


def _edits(findings: Iterable[Finding], source: Source) -> Iterator[Edit]:
    ignores = Ignores(source)
    rules: dict[int, set[str]] = defaultdict(set)
    for finding in findings:
        rules[ignores.line_for_comment(source.character_offset(finding.span.start))].add(finding.rule)
    for line, names in sorted(rules.items()):
        beside = next(
            (each for each in ignores.comments if each.names and not each.alone and each.speaks_for == line), None
        )
        yield _extended(beside, names, source) if beside else _new(line, names, source)


def _extended(comment: Ignore, names: set[str], source: Source) -> Edit:
    at = source.byte_offset(comment.names[-1].end)
    missing = sorted(names - {name.text for name in comment.names})
    return Edit(source.path, Span(at, at), source.encode("".join(f", {name}" for name in missing)))


def _new(line: int, names: set[str], source: Source) -> Edit:
    at = source.byte_offset(source.offset_of(line, len(source.line_text(line).rstrip()) + 1))
    sign = "#" if source.path.endswith(PYTHON_SUFFIXES) else "--"
    return Edit(source.path, Span(at, at), source.encode(f"  {sign} relink: ignore[{', '.join(sorted(names))}]"))

"""Findings in the diagnostic format of reviewdog, which turns fixes into suggestions one click away."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from codemods.apply import splice
from codemods.model import Edit, Finding, Impact, Span
from codemods.report.place import Place, new_text, ordered, place, place_of, sentence
from codemods.source import Source

_SEVERITIES = {Impact.HIGH: "ERROR", Impact.MEDIUM: "WARNING", Impact.LOW: "INFO"}


def render(findings: Sequence[Finding], sources: Mapping[str, Source]) -> str:
    """One object with all diagnostics, sorted. Lines are 1-based; columns are 1-based bytes of UTF-8.

    The edits of a fix become one suggestion, since suggestions are taken one by one; a fix of several files has none.
    """
    diagnostics = [_diagnostic(finding, sources) for finding in ordered(findings)]
    return json.dumps({"source": {"name": "relink"}, "diagnostics": diagnostics}, indent=2) + "\n"


def _diagnostic(finding: Finding, sources: Mapping[str, Source]) -> dict[str, object]:
    source = sources.get(finding.path)
    found: dict[str, object] = {
        "message": sentence(finding),
        "location": {"path": finding.path, "range": _range(place(finding, sources), source)},
        "severity": _SEVERITIES[finding.impact],
        "code": {"value": finding.rule},
    }
    suggestion = _suggestion(finding, sources)
    return {**found, "suggestions": [suggestion]} if suggestion else found


def _suggestion(finding: Finding, sources: Mapping[str, Source]) -> dict[str, object] | None:
    edits = sorted(finding.fix.edits) if finding.fix else []
    source = sources.get(finding.path)
    if not edits or source is None or any(edit.path != finding.path for edit in edits):
        return None
    start, end = edits[0].span.start, edits[-1].span.end
    moved = [replace(edit, span=Span(edit.span.start - start, edit.span.end - start)) for edit in edits]
    whole = Edit(finding.path, Span(start, end), splice(source.data[start:end], moved))
    text = new_text(whole, sources)
    return None if text is None else {"range": _range(place_of(whole.span, source), source), "text": text}


def _range(at: Place, source: Source | None) -> dict[str, object]:
    return {
        "start": {"line": at.line, "column": _in_bytes(at.line, at.column, source)},
        "end": {"line": at.end_line, "column": _in_bytes(at.end_line, at.end_column, source)},
    }


def _in_bytes(line: int, column: int, source: Source | None) -> int:
    before = source.line_text(line)[: column - 1] if source else ""
    return len(before.encode("utf-8", "surrogatepass")) + 1

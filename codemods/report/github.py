"""Findings as workflow commands, which GitHub shows beside the changed lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codemods.model import Finding, Impact
from codemods.report.place import ordered, place, sentence, shown
from codemods.source import Source

_COMMANDS = {Impact.HIGH: "error", Impact.MEDIUM: "warning", Impact.LOW: "notice"}


def render(findings: Sequence[Finding], sources: Mapping[str, Source]) -> str:
    """One command a finding, sorted, each with its line end; empty without findings."""
    return "".join(_line(finding, sources) for finding in ordered(findings))


def _line(finding: Finding, sources: Mapping[str, Source]) -> str:
    at = place(finding, sources)
    values = {"title": f"relink ({finding.rule})", "file": finding.path, "line": at.line, "endLine": at.end_line}
    if at.line == at.end_line:  # GitHub takes columns within one line only, and counts the last one in.
        values |= {"col": at.column, "endColumn": max(at.end_column - 1, at.column)}
    words = ",".join(f"{name}={_property(str(value))}" for name, value in values.items())
    return f"::{_COMMANDS[finding.impact]} {words}::{_escaped(sentence(finding))}\n"


def _escaped(text: str) -> str:
    return shown(text).replace("%", "%25")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")

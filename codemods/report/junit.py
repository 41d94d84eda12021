"""Findings as a JUnit report: a suite for each file, a failed case for each finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from codemods.model import Finding
from codemods.report.place import ordered, place, sentence, shown
from codemods.source import Source


def render(findings: Sequence[Finding], sources: Mapping[str, Source]) -> str:
    """The XML document, sorted; one passed case when there is nothing to report.

    Notes are skipped cases, since there is nothing to do about them in the code.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="relink" {_counts(findings)}>']
    for path, group in groupby(ordered(findings), key=lambda finding: finding.path):
        in_file = list(group)
        lines.append(f"  <testsuite name={_quoted(path)} {_counts(in_file)}>")
        lines += [_case(finding, sources) for finding in in_file]
        lines.append("  </testsuite>")
    if not findings:
        lines.append(f'  <testsuite name="relink" {_counts(findings)}>')
        lines += ['    <testcase classname="relink" name="nothing to report" />', "  </testsuite>"]
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _counts(findings: Sequence[Finding]) -> str:
    notes = sum(finding.is_note for finding in findings)
    return f'tests="{max(len(findings), 1)}" failures="{len(findings) - notes}" skipped="{notes}" errors="0"'


def _case(finding: Finding, sources: Mapping[str, Source]) -> str:
    at = place(finding, sources)
    name = _quoted(f"{finding.rule} {at.line}:{at.column}")
    where = f'classname={_quoted(finding.path)} name={name} file={_quoted(finding.path)} line="{at.line}"'
    message = sentence(finding)
    outcome = (
        f"<skipped message={_quoted(message)} />"
        if finding.is_note
        else f"<failure message={_quoted(message)}>{escape(f'{shown(finding.path)}:{at.line}:{at.column}')}</failure>"
    )
    return f"    <testcase {where}>{outcome}</testcase>"


def _quoted(text: str) -> str:
    return quoteattr(shown(text))

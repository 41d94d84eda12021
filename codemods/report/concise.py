"""One line a finding, `path:line:column: rule message`, as compilers write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codemods.dsn import mask_passwords
from codemods.model import Finding
from codemods.report.place import ordered, place, shown
from codemods.source import Source


def render(findings: Sequence[Finding], sources: Mapping[str, Source]) -> str:
    """The lines, sorted, each with its line end; empty without findings. Columns are 1-based characters."""
    return "".join(_line(finding, sources) for finding in ordered(findings))


def _line(finding: Finding, sources: Mapping[str, Source]) -> str:
    at = place(finding, sources)
    message = shown(mask_passwords(finding.message))
    return f"{shown(finding.path)}:{at.line}:{at.column}: {finding.rule} {message}\n"

"""Findings as a code quality report, which GitLab compares with the target branch's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from codemods.gate.fingerprint import numbered
from codemods.model import Finding, Impact
from codemods.report.place import ordered, place, sentence
from codemods.source import Source

_SEVERITIES = {Impact.HIGH: "critical", Impact.MEDIUM: "major", Impact.LOW: "minor"}


def render(findings: Sequence[Finding], sources: Mapping[str, Source]) -> str:
    """A list of objects, sorted. The fingerprint is unique and does not depend on line numbers."""
    objects = [_object(finding, value, sources) for finding, value in numbered(ordered(findings), sources)]
    return json.dumps(objects, indent=2) + "\n"


def _object(finding: Finding, fingerprint: str, sources: Mapping[str, Source]) -> dict[str, object]:
    at = place(finding, sources)
    in_file = f"{finding.path}\0{fingerprint}".encode("utf-8", "surrogatepass")
    return {
        "description": sentence(finding),
        "check_name": finding.rule,
        "fingerprint": hashlib.sha256(in_file).hexdigest(),
        "severity": _SEVERITIES[finding.impact],
        "location": {
            "path": finding.path,
            "positions": {
                "begin": {"line": at.line, "column": at.column},
                "end": {"line": at.end_line, "column": at.end_column},
            },
            "lines": {"begin": at.line, "end": at.end_line},
        },
    }

"""Findings as SARIF 2.1.0, the form in which code scanning services take them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from codemods import __version__
from codemods.dsn import mask_passwords
from codemods.gate.fingerprint import numbered
from codemods.model import Edit, Finding, Impact
from codemods.report.place import Place, new_text, ordered, place, place_of, sentence, shown
from codemods.rules.registry import Rule, load_rules
from codemods.source import Source

_LEVELS = {Impact.HIGH: "error", Impact.MEDIUM: "warning", Impact.LOW: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(findings: Sequence[Finding], sources: Mapping[str, Source]) -> str:
    """One run, sorted, with the rules that found something. Columns are 1-based characters, the end is exclusive.

    Fingerprints hold while lines move, so that a service knows a finding again.
    """
    loaded = load_rules()
    rules = sorted({finding.rule for finding in findings})
    driver = {"name": "relink", "version": __version__, "rules": [_rule(loaded[name]) for name in rules]}
    results = [_result(finding, value, rules, sources) for finding, value in numbered(ordered(findings), sources)]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": rule.explanation},
        "properties": {"tags": [rule.group]},
    }


def _result(
    finding: Finding, fingerprint: str, rules: Sequence[str], sources: Mapping[str, Source]
) -> dict[str, object]:
    location = {"artifactLocation": _file(finding.path), "region": _region(place(finding, sources))}
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": _LEVELS[finding.impact],
        "message": {"text": sentence(finding)},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    if finding.fix:
        result["properties"] = {"safety": finding.fix.safety.value}
    changes = _changes(finding, sources)
    if changes:
        result["fixes"] = [{"description": {"text": shown(mask_passwords(finding.help))}, "artifactChanges": changes}]
    return result


def _changes(finding: Finding, sources: Mapping[str, Source]) -> list[dict[str, object]]:
    """What the fix changes, file by file; nothing when a part of it cannot be told."""
    by_path: dict[str, list[dict[str, object]]] = {}
    for edit in sorted(finding.fix.edits) if finding.fix else ():
        replacement = _replacement(edit, sources)
        if replacement is None:
            return []
        by_path.setdefault(edit.path, []).append(replacement)
    return [{"artifactLocation": _file(path), "replacements": parts} for path, parts in by_path.items()]


def _replacement(edit: Edit, sources: Mapping[str, Source]) -> dict[str, object] | None:
    source, text = sources.get(edit.path), new_text(edit, sources)
    if source is None or text is None:
        return None
    return {"deletedRegion": _region(place_of(edit.span, source)), "insertedContent": {"text": text}}


def _file(path: str) -> dict[str, object]:
    return {"uri": quote(os.fsencode(path)), "uriBaseId": "%SRCROOT%"}


def _region(at: Place) -> dict[str, object]:
    return {"startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column}

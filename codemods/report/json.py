"""Findings as a JSON list, for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from codemods.dsn import mask_passwords
from codemods.model import Edit, Finding
from codemods.report.place import new_text, ordered, place, replacement
from codemods.source import Source


def render(findings: Sequence[Finding], sources: Mapping[str, Source]) -> str:
    """A list of objects, sorted, ending in a line end.

    `path` is relative with `/`; lines and columns are 1-based characters with an exclusive end; `safety` and
    `reason` are null without a fix; `replacement` is the new text of the range when all edits lie in it.
    `edits` have byte offsets (`start`, `end`) and the new text `new`; it is null, as is `replacement`,
    when the text is not in the file's encoding or holds a password.
    """
    return json.dumps([_object(finding, sources) for finding in ordered(findings)], indent=2) + "\n"


def _object(finding: Finding, sources: Mapping[str, Source]) -> dict[str, object]:
    at, fix = place(finding, sources), finding.fix
    edits = fix.edits if fix else ()
    texts = [new_text(edit, sources) for edit in edits]
    return {
        "path": finding.path,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
        "rule": finding.rule,
        "message": mask_passwords(finding.message),
        "help": mask_passwords(finding.help),
        "impact": finding.impact.value,
        "safety": fix.safety.value if fix else None,
        "reason": fix.reason.value if fix and fix.reason else None,
        "replacement": replacement(finding, sources),
        "edits": None if None in texts else [_edit(*pair) for pair in zip(edits, texts, strict=True)],
    }


def _edit(edit: Edit, text: str | None) -> dict[str, object]:
    return {"path": edit.path, "start": edit.span.start, "end": edit.span.end, "new": text}

"""How many findings each rule has, and how many of them relink can change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from codemods.model import Finding, Safety
from codemods.report.summary import safety

_KINDS = ((Safety.SAFE, "safe"), (Safety.UNSAFE, "unsafe"), (Safety.MANUAL, "for you"))


def render(findings: Sequence[Finding]) -> str:
    """A table with one line a rule, the most frequent first; empty without findings."""
    if not findings:
        return ""
    totals = Counter(finding.rule for finding in findings)
    split = Counter((finding.rule, safety(finding)) for finding in findings)
    rows = [("all", *(words for _, words in _KINDS), "rule")]
    for rule, total in sorted(totals.items(), key=lambda pair: (-pair[1], pair[0])):
        rows.append((str(total), *(str(split[rule, kind]) for kind, _ in _KINDS), rule))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return "".join(
        "  ".join([*(cell.rjust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) + "\n"
        for row in rows
    )

"""The last lines of a run: what was found, and whose turn it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from codemods.model import Finding, Safety

_NEXT = {
    Safety.SAFE: ("relink can change safely", "relink apply"),
    Safety.UNSAFE: ("relink can change once you agree", "relink apply --unsafe"),
    Safety.MANUAL: ("for you: relink only shows where", ""),
}


def render(findings: Sequence[Finding], files: int, applied: int | None = None) -> str:
    """The summary of a run over `files` files; `applied` counts what it fixed (None: it was no `apply`)."""
    done = "" if applied is None else f"Changed {_count(applied, 'place')}.\n"
    if not findings:
        return f"{done}Nothing {'left ' if done else ''}to do in {_count(files, 'file')}.\n"
    touched = len({finding.path for finding in findings})
    lines = [f"{_count(len(findings), 'finding')} in {touched} of {_count(files, 'file')}:"]
    by_safety = Counter(safety(finding) for finding in findings)
    width = len(str(len(findings)))
    for kind, (words, command) in _NEXT.items():
        if by_safety[kind]:
            lines.append(f"  {by_safety[kind]:>{width}}  {words}" + (f"  ({command})" if command else ""))
    by_rule = Counter(finding.rule for finding in findings)
    lines.append("By rule:")
    for rule, count in sorted(by_rule.items(), key=lambda pair: (-pair[1], pair[0])):
        lines.append(f"  {count:>{width}}  {rule}")
    return done + "\n".join(lines) + "\n"


def safety(finding: Finding) -> Safety:
    """Who acts on a finding: without a fix, a person."""
    return finding.fix.safety if finding.fix else Safety.MANUAL


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")

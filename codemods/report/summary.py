"""The last lines of a run: what was found, and whose turn it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from codemods.gate.baseline import Entry
from codemods.model import Finding, Safety
from codemods.report.place import shown

_NEXT = {
    Safety.SAFE: ("relink can change safely", "relink apply, which proves each change first"),
    Safety.UNSAFE: ("relink can change once you agree", "relink apply --unsafe"),
    Safety.MANUAL: ("for you: relink only shows where", ""),
}


def render(findings: Sequence[Finding], files: int, applied: int | None = None) -> str:
    """The summary of a run over `files` files; `applied` counts what it fixed (None: it was no `apply`)."""
    done = "" if applied is None else f"Changed {count(applied, 'place')}.\n"
    if not findings:
        return f"{done}Nothing {'left ' if done else ''}to do in {count(files, 'file')}.\n"
    touched = len({finding.path for finding in findings})
    lines = [f"{count(len(findings), 'finding')} in {touched} of {count(files, 'file')}:"]
    by_safety = Counter(safety(finding) for finding in findings)
    width = len(str(len(findings)))
    for kind, (words, command) in _NEXT.items():
        if by_safety[kind]:
            lines.append(f"  {by_safety[kind]:>{width}}  {words}" + (f"  ({command})" if command else ""))
    by_rule = Counter(finding.rule for finding in findings)
    lines.append("By rule:")
    for rule, number in sorted(by_rule.items(), key=lambda pair: (-pair[1], pair[0])):
        lines.append(f"  {number:>{width}}  {rule}")
    return done + "\n".join(lines) + "\n"


def ignored(findings: int, left: Sequence[Finding]) -> str:
    """What `--add-ignores` did: comments for `findings`, none for those that are `left`."""
    lines = []
    if findings:
        lines.append(f"Comments now ignore {count(findings, 'finding')}. To take them back: relink rollback")
    without = sum(not finding.is_note for finding in left)
    if without:
        lines.append(f"{count(without, 'finding')} got none: relink writes comments into Python and SQL files only.")
    return "".join(f"{line}\n" for line in lines)


def stale(baseline: str, entries: Sequence[Entry]) -> str:
    """What the baseline knows and the run no longer found."""
    if not entries:
        return ""
    lines = [f"{count(len(entries), 'finding')} of {baseline} found no longer; relink baseline update takes them out:"]
    lines += [f"  {shown(entry.path)}: {entry.rule} {shown(entry.message)}" for entry in entries]
    return "\n".join(lines) + "\n"


def updated(baseline: str, before: int, after: int, new: int, grow: bool) -> str:
    """What `relink baseline update` did."""
    lines = [f"{baseline} knew {count(before, 'finding')} and knows {after:,} now."]
    if new and not grow:
        lines.append(f"{count(new, 'new finding')} stayed out: repair them, or take them in with --grow.")
    return "\n".join(lines) + "\n"


def safety(finding: Finding) -> Safety:
    """Who acts on a finding: without a fix, a person."""
    return finding.fix.safety if finding.fix else Safety.MANUAL


def count(number: int, thing: str) -> str:
    """The number with its noun."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")

"""Findings for people: grouped by file, with the line of the source and the place underlined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby

from codemods.dsn import mask_passwords
from codemods.model import REASONS, Finding, Impact, Safety
from codemods.report.place import Place, ordered, place, shown
from codemods.report.summary import safety
from codemods.source import Source

_REACH = 1000

_RULE = {Impact.HIGH: "bold red", Impact.MEDIUM: "bold yellow", Impact.LOW: "bold cyan"}
_VERDICT = {
    Safety.SAFE: "safe to apply",
    Safety.UNSAFE: "not safe to apply without you",
    Safety.MANUAL: "for you",
}


def render(
    findings: Sequence[Finding],
    sources: Mapping[str, Source],
    *,
    color: bool = False,
    width: int = 100,
) -> str:
    """The findings, sorted; empty without any. Lines of source are cut to `width` terminal cells."""
    blocks = []
    for path, group in groupby(ordered(findings), key=lambda finding: finding.path):
        blocks.append(_painted(shown(path), "bold underline", color) + "\n")
        blocks += [_finding(finding, sources, color, width) + "\n" for finding in group]
    return "\n".join(blocks)


def _finding(finding: Finding, sources: Mapping[str, Source], color: bool, width: int) -> str:
    at = place(finding, sources)
    where = f"{shown(finding.path)}:{at.line}:{at.column}"
    rule = _painted(finding.rule, _RULE[finding.impact], color)
    lines = [f"{where} {rule} {shown(mask_passwords(finding.message))}"]
    source = sources.get(finding.path)
    if source is not None and source.data:
        lines += _quoted(source, at, color, width)
    lines.append(f"  help: {shown(mask_passwords(finding.help))}")
    verdict = _VERDICT[safety(finding)]
    if finding.fix and finding.fix.reason:
        verdict += f": {REASONS[finding.fix.reason]} ({finding.fix.reason.value})"
    return "\n".join([*lines, f"  fix:  {verdict}"])


def _quoted(source: Source, at: Place, color: bool, width: int) -> list[str]:
    line = source.line_text(at.line)
    end = at.end_column - 1 if at.end_line == at.line else len(line)
    before, span, behind = _parts(line, at.column - 1, max(end, at.column - 1))
    number = str(at.line)
    before, span, behind = _cut(before, span, behind, max(width - len(number) - 5, 20))
    mark = " " * _width(before) + _painted("^" * max(_width(span), 1), "bold red", color)
    margin = " " * len(number)
    return [f"  {number} | {before}{span}{behind}".rstrip(), f"  {margin} | {mark}"]


def _parts(line: str, start: int, end: int) -> tuple[str, str, str]:
    """What stands before, in and behind the range, with passwords masked and controls escaped."""
    if len(line) > 3 * _REACH:
        # Nobody sees the rest of such a line; the reach is long enough to hold a whole URL and its password.
        skipped = max(start - _REACH, 0)
        line = line[skipped : start + 2 * _REACH]
        start, end = start - skipped, min(end - skipped, len(line))
    masked = mask_passwords(line)
    if masked != line:
        # The range moves with the text around it; inside of a password it becomes the mask.
        opcodes = SequenceMatcher(None, line, masked, autojunk=False).get_opcodes()
        starts = [c + min(start - a, d - c) for _, a, b, c, d in opcodes if a <= start <= b]
        ends = [c + min(end - a, d - c) for _, a, b, c, d in opcodes if a <= end <= b]
        start, end = starts[-1], max(ends[0], starts[-1])
    return shown(masked[:start]), shown(masked[start:end]), shown(masked[end:])


def _cut(before: str, span: str, behind: str, room: int) -> tuple[str, str, str]:
    """The three parts shortened to `room` cells, most of them given to the range and what leads to it."""
    if _width(span) > room // 2:
        span = _head(span, room // 2)
    if _width(before) + _width(span) > room * 3 // 4:
        before = _head(before[::-1], max(room * 3 // 4 - _width(span), 4))[::-1]
    return before, span, _head(behind, room - _width(before) - _width(span))


def _head(text: str, room: int) -> str:
    """The text, or as much of its start as fits together with a mark that there is more."""
    if len(text) <= room and _width(text) <= room:
        return text
    kept = text[: max(room - 1, 0)]
    while kept and _width(kept) >= room:
        kept = kept[:-1]
    return kept + "…"


def _painted(text: str, style: str, color: bool) -> str:
    if not color:
        return text
    from rich.color import ColorSystem
    from rich.style import Style

    return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)


def _width(text: str) -> int:
    """The terminal cells that a text takes."""
    if text.replace("…", "").isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)

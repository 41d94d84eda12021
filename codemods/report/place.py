"""Where a finding is, in lines and columns, and text of a file made fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codemods.model import Finding
from codemods.source import Source

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A range of one file; lines and columns are 1-based, columns are characters, the end is exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


def place(finding: Finding, sources: Mapping[str, Source]) -> Place:
    """The place of a finding; the first character of its file when the file could not be read."""
    source = sources.get(finding.path)
    if source is None:
        return Place()
    size = len(source.data)
    start, end = (source.line_column(min(offset, size)) for offset in (finding.span.start, finding.span.end))
    return Place(*start, *end)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """By path, then by place, then by rule: the same order in every format and on every machine."""
    return sorted(findings, key=lambda each: (each.path, each.span, each.rule, each.message))


def shown(text: str) -> str:
    """The text on one line, unable to steer a terminal: a tab is four blanks, other controls are escaped."""
    return _CONTROL.sub(_escaped, text.replace("\t", "    "))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

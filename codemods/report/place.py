"""Where a finding is, in lines and columns, and text of a file made fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from codemods.apply import splice
from codemods.dsn import mask_passwords
from codemods.model import Edit, Finding, Safety, Span
from codemods.source import Source

_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufffe\uffff]"
)


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
    return Place() if source is None else place_of(finding.span, source)


def place_of(span: Span, source: Source) -> Place:
    """The place of a span of a file's bytes."""
    size = len(source.data)
    start, end = (source.line_column(min(offset, size)) for offset in (span.start, span.end))
    return Place(*start, *end)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """By path, then by place, then by rule: the same order in every format and on every machine."""
    return sorted(findings, key=lambda each: (each.path, each.span, each.rule, each.message))


def new_text(edit: Edit, sources: Mapping[str, Source]) -> str | None:
    """The text that an edit puts in; None when it cannot be told without harm.

    That is when it is not in the file's encoding, and when it holds a password: a masked text would be written into
    the file by whoever applies it.
    """
    source = sources.get(edit.path)
    try:
        text = edit.new.decode(source.encoding if source else "utf-8")
    except UnicodeDecodeError:
        return None
    return text if mask_passwords(text) == text else None


def replacement(finding: Finding, sources: Mapping[str, Source]) -> str | None:
    """The new text of the finding's range; None when its fix changes something else, or cannot be told."""
    edits, span, source = finding.fix.edits if finding.fix else (), finding.span, sources.get(finding.path)
    inside = all(
        edit.path == finding.path and span.start <= edit.span.start <= edit.span.end <= span.end for edit in edits
    )
    if not edits or not inside or source is None:
        return None
    moved = [replace(edit, span=Span(edit.span.start - span.start, edit.span.end - span.start)) for edit in edits]
    return new_text(Edit(finding.path, span, splice(source.data[span.start : span.end], moved)), sources)


def sentence(finding: Finding) -> str:
    """What is, what to do, and who may do it, on one line and without passwords."""
    words = f"{finding.message}; {finding.help}"
    if finding.fix and finding.fix.safety is Safety.UNSAFE and finding.fix.reason:
        words += f" (not safe to apply without you: {finding.fix.reason.value})"
    return shown(mask_passwords(words))


def shown(text: str) -> str:
    """The text on one line, unable to steer a terminal: a tab is four blanks, other controls are escaped."""
    return _CONTROL.sub(_escaped, text.replace("\t", "    "))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

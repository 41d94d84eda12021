"""What makes a finding the same one after lines moved or its file was renamed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from codemods.dsn import mask_passwords
from codemods.model import Finding
from codemods.source import Source

_REACH = 300


def fingerprint(finding: Finding, sources: Mapping[str, Source]) -> str:
    """A hash of the rule, the place's text and its line, white space aside; neither path nor line number counts.

    Passwords are masked first, so that nothing can be learned from the hash.
    """
    source = sources.get(finding.path)
    words = (finding.rule, *(_content(finding, source) if source else (finding.message,)))
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def numbered(findings: Sequence[Finding], sources: Mapping[str, Source]) -> Iterator[tuple[Finding, str]]:
    """Each finding with `fingerprint:n`, which counts the equal ones of one file and so is unique in it."""
    seen: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        value = fingerprint(finding, sources)
        seen[finding.path, value] += 1
        yield finding, f"{value}:{seen[finding.path, value]}"


def _content(finding: Finding, source: Source) -> tuple[str, str]:
    first, last = (source.character_offset(min(at, len(source.data))) for at in (finding.span.start, finding.span.end))
    line, column = source.line_column(min(finding.span.start, len(source.data)))
    # Only what is near counts in a line that no person wrote.
    near = source.line_text(line)[max(column - 1 - _REACH, 0) : column - 1 + _REACH]
    return _normal(source.text[first:last]), _normal(near)


def _normal(text: str) -> str:
    return " ".join(mask_passwords(text).split())

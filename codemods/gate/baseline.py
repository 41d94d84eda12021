"""A file of known findings: what is in it is not reported, so that a gate can stand before all is moved.

An entry is known by its fingerprint, not its line: it survives moved lines, and a renamed file where no entry of the
same name is nearer. Two equal lines need two entries.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from codemods.checkout.discover import UsageProblem
from codemods.dsn import mask_passwords
from codemods.gate.fingerprint import fingerprint
from codemods.model import Finding
from codemods.source import Source

_VERSION = 1


class Entry(NamedTuple):
    """A known finding. `message` is for the reader of the file and counts for nothing."""

    path: str
    rule: str
    fingerprint: str
    message: str


class Comparison(NamedTuple):
    """Findings that no entry knows, the entries found (with today's path), and those that are no longer."""

    new: tuple[Finding, ...]
    found: tuple[Entry, ...]
    stale: tuple[Entry, ...]


def compare(findings: Iterable[Finding], sources: Mapping[str, Source], known: Iterable[Entry]) -> Comparison:
    """Hold the findings against the known ones, each entry used once: first those of the same file, then others."""
    by_place: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in known:
        by_place[entry.path, entry.fingerprint].append(entry)
    found, left = [], []
    for finding in findings:
        entry = entry_of(finding, sources)
        waiting = by_place[entry.path, entry.fingerprint]
        if waiting:
            waiting.pop()
            found.append(entry)
        else:
            left.append((finding, entry))
    elsewhere: dict[str, list[Entry]] = defaultdict(list)
    for (_, value), entries in by_place.items():
        elsewhere[value].extend(entries)
    new = []
    for finding, entry in left:
        if not finding.is_note and elsewhere[entry.fingerprint]:
            elsewhere[entry.fingerprint].pop()
            found.append(entry)
        else:
            new.append(finding)
    stale = sorted(entry for entries in elsewhere.values() for entry in entries)
    return Comparison(tuple(new), tuple(sorted(found)), tuple(stale))


def update(
    comparison: Comparison, sources: Mapping[str, Source], judges: Callable[[Entry], bool], grow: bool
) -> list[Entry]:
    """The entries of the next baseline: without the stale ones that this run `judges`, with the new ones on request."""
    kept = [entry for entry in comparison.stale if not judges(entry)]
    added = [entry_of(finding, sources) for finding in comparison.new if not finding.is_note] if grow else []
    return sorted([*comparison.found, *kept, *added])


def entry_of(finding: Finding, sources: Mapping[str, Source]) -> Entry:
    """The entry that knows `finding`."""
    return Entry(finding.path, finding.rule, fingerprint(finding, sources), mask_passwords(finding.message))


def write(entries: Iterable[Entry]) -> bytes:
    """The file, one entry a line, so that a change of it can be read and merged."""
    lines = ",\n".join(f"    {json.dumps(entry._asdict())}" for entry in entries)
    return f'{{\n  "version": {_VERSION},\n  "findings": [\n{lines}\n  ]\n}}\n'.encode()


def read(path: Path) -> list[Entry]:
    """The entries of a file; raises UsageProblem with the way out when it is absent or is not a baseline."""
    try:
        loaded: Any = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise UsageProblem(f"{path}: there is no such baseline; relink baseline create makes it") from error
    except (OSError, ValueError, RecursionError) as error:
        raise UsageProblem(f"{path}: this baseline cannot be read: {error}") from error
    if (
        not isinstance(loaded, dict)
        or loaded.get("version") != _VERSION
        or not isinstance(loaded.get("findings"), list)
    ):
        raise UsageProblem(f"{path}: this is not a baseline of version {_VERSION}; relink baseline create makes one")
    entries = []
    for number, item in enumerate(loaded["findings"], 1):
        values = [item.get(name) for name in Entry._fields] if isinstance(item, dict) else [None]
        if not all(isinstance(value, str) for value in values):
            raise UsageProblem(f"{path}: finding {number} lacks one of {', '.join(Entry._fields)}")
        entries.append(Entry(*values))
    return entries

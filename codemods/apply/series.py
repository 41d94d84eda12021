"""The changes of a run as a series of patches for `git am`, each a part that can be reviewed by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from codemods.apply.diff import unified_diff
from codemods.apply.splice import splice
from codemods.model import Edit

_NO_COMMIT = "0" * 40
_DATE = "Mon, 17 Sep 2001 00:00:00 +0000"
"""What git itself writes into patches that have no date of their own: a series is the same each time."""


class Part(NamedTuple):
    """One patch: its name, the text of its message, and the edits, in the bytes of the files before the series."""

    name: str
    message: str
    edits: tuple[Edit, ...]


def series(parts: Sequence[Part], before: Mapping[str, bytes], paths: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """The name and the bytes of each patch in order, each made on top of those before it.

    A part without edits of its own has no patch.
    `before` holds the bytes of every file; `paths` what git calls it.
    """
    done: dict[str, set[Edit]] = {}
    current = dict(before)
    made: list[tuple[Part, bytes]] = []
    for part in parts:
        diffs = []
        for path in sorted({edit.path for edit in part.edits}):
            edits = done.setdefault(path, set())
            edits.update(edit for edit in part.edits if edit.path == path)
            after = splice(before[path], sorted(edits))
            diffs.append(unified_diff(paths[path], current[path], after))
            current[path] = after
        if any(diffs):
            made.append((part, b"".join(diffs)))
    return [
        (f"{number:04}-{_file_name(part.name)}.patch", _mail(part, diff, number, len(made)))
        for number, (part, diff) in enumerate(made, 1)
    ]


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.]+", "-", name).strip("-") or "part"


def _mail(part: Part, diff: bytes, number: int, count: int) -> bytes:
    head = (
        f"From {_NO_COMMIT} {_DATE.replace(',', '')}\nFrom: relink <relink@localhost>\nDate: {_DATE}\n"
        f"Subject: [PATCH {number}/{count}] Re-point {part.name}\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n"
        f"{part.message}\n---\n\n"
    )
    return head.encode() + diff + b"--\nrelink\n\n"

"""Verdicts kept in the checkout, so that a run without a server can use them: one small file a statement."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from codemods.verify.run import Result
from codemods.verify.statements import Subject
from codemods.verify.verdict import Status, Verdict

STALE = "nobody verified it since it or the mapping changed; run relink verify with a server"


def key(subject: Subject) -> str:
    """The name of a statement's file: it changes with the old text, the new text and the database."""
    text = "\0".join((subject.old, subject.new, subject.query.database or ""))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Stored:
    """The verdicts in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def judge(self, subject: Subject) -> Verdict:
        """The kept verdict; one that says so when there is none."""
        try:
            kept = json.loads((self._folder / f"{key(subject)}.json").read_bytes())
            return Verdict(Status(kept["status"]), str(kept["method"]), str(kept["message"]), kept.get("position"))
        except (OSError, ValueError, KeyError, TypeError):
            return Verdict(Status.UNCHECKED, "", STALE)

    def contents(self, results: Iterable[Result]) -> dict[str, bytes]:
        """What the folder should hold, by the name of the file."""
        return {
            f"{key(subject)}.json": json.dumps(
                {"status": verdict.status.value, "method": verdict.method, "message": verdict.message,
                 "position": verdict.position},
                sort_keys=True,
            ).encode() + b"\n"
            for subject, verdict in results
        }  # fmt: skip

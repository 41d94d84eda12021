"""Only what a branch adds: findings on lines that differ from where it left a revision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from codemods.apply import path_from_top
from codemods.checkout.discover import UsageProblem
from codemods.checkout.git import GitProblem, ask, top_of
from codemods.model import Finding
from codemods.source import Source

_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


def added_since(
    findings: Iterable[Finding], sources: Mapping[str, Source], root: Path, revision: str
) -> tuple[Finding, ...]:
    """The findings on lines that were added or changed since the branch left `revision`, uncommitted ones too.

    A renamed file counts as its old self; notes stay out. Raises UsageProblem when git cannot tell.
    """
    changes = _Changes(root, revision)
    return tuple(
        finding
        for finding in findings
        if not finding.is_note and _is_added(finding, sources.get(finding.path), changes)
    )


def _is_added(finding: Finding, source: Source | None, changes: _Changes) -> bool:
    lines = changes.of(finding.path)
    if lines is None or source is None or not source.data:
        return lines is None or bool(lines)
    size = len(source.data)
    first, last = (source.line_column(min(at, size))[0] for at in (finding.span.start, finding.span.end))
    return any(line in lines for line in range(first, last + 1))


class _Changes:
    """The lines of each file that are new, asked of git once a file."""

    def __init__(self, root: Path, revision: str) -> None:
        self._root = root
        top = top_of(root)
        if top is None:
            raise UsageProblem(f"--since {revision}: {root} is in no git checkout")
        self._top = top
        self._known: dict[str, frozenset[int] | None] = {}
        try:
            self._base = ask(top, "merge-base", "--end-of-options", revision, "HEAD").strip()
            names = ask(top, "diff", "--name-status", "-z", "--find-renames", self._base)
            self._untracked = frozenset(ask(top, "ls-files", "--others", "-z").split("\0"))
        except GitProblem as error:
            raise UsageProblem(f"--since {revision}: {error}") from error
        self._changed = dict(_old_names(names.split("\0")))

    def of(self, path: str) -> frozenset[int] | None:
        """The new lines, 1-based, of a file under the root; None when all of them are."""
        if path not in self._known:
            self._known[path] = self._lines(path_from_top(self._root, path))
        return self._known[path]

    def _lines(self, path: str) -> frozenset[int] | None:
        if path in self._untracked or self._changed.get(path, path) is None:
            return None
        if path not in self._changed:
            return frozenset()
        names = {path, self._changed[path] or path}
        options = ("-U0", "--find-renames", "--text", "--no-color", "--no-ext-diff", "--no-textconv")
        try:
            diff = ask(self._top, "--literal-pathspecs", "diff", *options, self._base, "--", *sorted(names))
        except GitProblem as error:
            raise UsageProblem(str(error)) from error
        found: set[int] = set()
        for start, count in _HUNK.findall(diff):
            found.update(range(int(start), int(start) + int(count or 1)))
        return frozenset(found)


def _old_names(fields: list[str]) -> Iterable[tuple[str, str | None]]:
    """Each changed file with the name it had, None when it is new."""
    waiting = iter(fields)
    for status in waiting:
        if not status:
            continue
        name = next(waiting, "")
        if status[0] in "RC":
            yield next(waiting, ""), name
        else:
            yield name, None if status == "A" else name

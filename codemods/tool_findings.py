"""Findings about the run itself: files that were not read, rows of the mapping that matched nothing."""

from __future__ import annotations

from collections.abc import Iterable

from codemods.mapping import Already, Ambiguous, Moved
from codemods.model import Finding, Fix, Impact, Reason, Safety, Span
from codemods.source import Source, Unreadable
from codemods.workspace import Workspace

_NOWHERE = Span(0, 0)


def unreadable_files(files: Iterable[Unreadable], sources: dict[str, Source]) -> list[Finding]:
    """A finding for each file that could not be read."""
    return [
        Finding(
            file.path,
            _NOWHERE,
            "unreadable-file",
            f"not looked at: {file.reason}",
            "correct the file, or exclude it in the settings",
            Impact.MEDIUM,
            Fix(Safety.MANUAL, Reason.UNREADABLE_SQL),
        )
        for file in files
    ]


def unused_rows(workspace: Workspace, sources: dict[str, Source]) -> list[Finding]:
    """A note for each relation of the mapping that no query names, by its old or its new name."""
    named = set()
    for use in workspace.all_uses():
        if isinstance(use.resolution, (Moved, Already)):
            named.add(use.resolution.relation)
        elif isinstance(use.resolution, Ambiguous):
            named.update(use.resolution.candidates)
    path = workspace.mapping.path.name
    return [
        Finding(
            path,
            _NOWHERE,
            "unused-mapping",
            f"line {relation.line}: no statement names {relation.old_name} or {relation.qualified}",
            "check its spelling, if the code should use it",
            Impact.LOW,
        )
        for relation in workspace.mapping.relations
        if relation not in named
    ]

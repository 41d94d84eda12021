"""Findings about the run itself: files that were not read, rows of the mapping that matched nothing."""

from __future__ import annotations

from collections.abc import Iterable

from codemods.mapping import Already, Ambiguous, Moved
from codemods.model import Finding, Fix, Impact, Reason, Safety, Span
from codemods.source import Source, Unreadable, decode
from codemods.workspace import Workspace

_NOWHERE = Span(0, 0)


def unreadable_files(files: Iterable[Unreadable]) -> list[Finding]:
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


def unused_rows(workspace: Workspace) -> tuple[list[Finding], dict[str, Source]]:
    """A note for each relation of the mapping that no query names, by its old or its new name; and its source."""
    named = set()
    for use in workspace.all_uses():
        if isinstance(use.resolution, (Moved, Already)):
            named.add(use.resolution.relation)
        elif isinstance(use.resolution, Ambiguous):
            named.update(use.resolution.candidates)
    path = workspace.mapping.path.as_posix()
    try:
        source = decode(path, workspace.mapping.path.read_bytes())
    except OSError as error:
        source = Unreadable(path, str(error))
    if isinstance(source, Unreadable):
        return [], {}
    notes = []
    for relation in workspace.mapping.relations:
        if relation not in named:
            start = source.byte_offset(source.offset_of(relation.line, relation.column))
            message = f"no statement names {relation.old_name} or {relation.qualified}"
            help = "check its spelling, if the code should use it"
            notes.append(Finding(path, Span(start, start), "unused-mapping", message, help, Impact.LOW))
    return notes, {path: source}

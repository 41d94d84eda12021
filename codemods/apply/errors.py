"""What goes wrong when files are changed."""

from __future__ import annotations


class ApplyError(Exception):
    """A change was not made (or not undone). `way_out` says what to do next, in one sentence."""

    def __init__(self, message: str, way_out: str) -> None:
        super().__init__(f"{message} ({way_out})")
        self.message = message
        self.way_out = way_out


class EditConflict(ApplyError):
    """Two edits of one file want different things at the same place, or an edit lies outside of the file."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "nothing was changed; please report this as a bug of relink")

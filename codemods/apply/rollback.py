"""Undo a run, to the byte, or change nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from codemods.apply.atomic import left_over, replace, sync_folder
from codemods.apply.errors import ApplyError
from codemods.apply.journal import Run, digest, mark_rolled_back, original, runs

_SHOWN = 20


def rollback(root: Path, run: str | None = None) -> Run:
    """Give every file of a run (default: the latest one not undone yet) its old bytes and mode.

    A run that was interrupted is undone as far as it came, and an interrupted rollback can be repeated.
    Raises ApplyError, with nothing written, when a file changed since; also when a file cannot be written.
    """
    root = root.resolve()
    recorded = runs(root)
    if run is None:
        open_runs = [each for each in recorded if not each.rolled_back]
        if not open_runs:
            raise ApplyError("there is no run to undo", f"runs are recorded in {root / '.relink/journal'}")
        chosen = open_runs[-1]
    else:
        named = [each for each in recorded if each.id == run]
        if not named:
            known = ", ".join(each.id for each in recorded[-5:]) or "none"
            raise ApplyError(f"there is no run {run}", f"the latest runs: {known}")
        chosen = named[0]
        if chosen.rolled_back:
            raise ApplyError(f"the run {run} is undone already", "nothing is left to do")
    restore(root, chosen)
    return chosen


def restore(root: Path, run: Run, *, leave_changed: bool = False) -> None:
    """Undo this run in the resolved `root`; raises ApplyError as `rollback` does.

    With `leave_changed`, files that somebody else changed are passed over instead.
    """
    states = {entry.path: _state(root, entry.path) for entry in run.entries}
    changed = [e.path for e in run.entries if states[e.path] not in (e.before, e.after)]
    if changed and not leave_changed:
        names = "".join(f"\n  {path}" for path in changed[:_SHOWN])
        more = f"\n  and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        raise ApplyError(
            f"{len(changed)} file(s) changed since the run {run.id}:{names}{more}\n",
            "nothing was undone; bring these files back to what the run wrote, or undo with git",
        )
    todo = [
        (entry, original(run, number)) for number, entry in enumerate(run.entries) if states[entry.path] == entry.after
    ]
    try:
        for entry, data in todo:
            replace(root / entry.path, data, entry.mode)
        for entry in run.entries:
            left_over(root / entry.path).unlink(missing_ok=True)
        for folder in {(root / entry.path).parent for entry in run.entries}:
            sync_folder(folder)
        mark_rolled_back(run)
    except OSError as error:
        raise ApplyError(
            f"the run {run.id} is not undone completely: {error.strerror or error}",
            "every file is old or new, none is mixed; remove the cause and run `relink rollback` again",
        ) from error


def _state(root: Path, path: str) -> str | None:
    """The digest of a file of the run, None when it is gone or is no longer a file inside the root."""
    place = root / path
    with suppress(OSError):
        if place.resolve(strict=True) == place and place.is_relative_to(root) and place.is_file():
            return digest(place.read_bytes())
    return None

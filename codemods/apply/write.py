"""Change files: all of them, or none."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codemods.apply.atomic import replace, sync_folder
from codemods.apply.errors import ApplyError
from codemods.apply.journal import Entry, Run, begin, digest
from codemods.apply.rollback import restore
from codemods.apply.splice import splice
from codemods.model import Edit

_LOOK_AGAIN = "nothing was changed; run relink again, it will look at the file as it is now"


@dataclass(frozen=True, slots=True)
class Change:
    """The new bytes of one file. `path` is relative to the root, with `/`; `edits`, if any, give `after`."""

    path: str
    before: bytes
    after: bytes
    edits: tuple[Edit, ...] = ()


def apply_changes(root: Path, changes: Sequence[Change]) -> Run | None:
    """Write the changes under `root` and return the recorded run, None when nothing differs.

    The journal is on the disk before the first file is touched; each file is replaced atomically with its
    mode kept; a link stands for its target. When a file cannot be written, those already written get their
    old bytes back. Raises ApplyError when nothing was changed, or with the way to undo what was.
    """
    root = root.resolve()
    wanted = [change for change in changes if change.before != change.after]
    if not wanted:
        return None
    targets = [_target(root, change) for change in wanted]
    if len(set(targets)) < len(targets):
        twice = next(target for index, target in enumerate(targets) if target in targets[:index])
        raise ApplyError(f"{twice} is changed twice", "nothing was changed; name it only once")
    entries = [_entry(root, target, change) for target, change in zip(targets, wanted, strict=True)]
    run = begin(root, entries, [change.before for change in wanted])
    target = root
    try:
        for target, entry, change in zip(targets, entries, wanted, strict=True):
            if target.read_bytes() != change.before:
                raise ApplyError(f"{change.path} changed while relink was writing", _LOOK_AGAIN)
            replace(target, change.after, entry.mode)
        for folder in {target.parent for target in targets}:
            sync_folder(folder)
    except OSError as error:
        restore(root, run, leave_changed=True)
        raise ApplyError(
            f"{target} cannot be written: {error.strerror or error}",
            "every file has its old bytes again; remove the cause and run relink again",
        ) from error
    except (ApplyError, KeyboardInterrupt):
        restore(root, run, leave_changed=True)
        raise
    return run


def _target(root: Path, change: Change) -> Path:
    """The regular file that a change is about, links followed."""
    if change.edits and splice(change.before, change.edits) != change.after:
        raise ApplyError(f"the edits of {change.path} do not give its new bytes", "report this as a bug")
    try:
        target = (root / change.path).resolve(strict=True)
        current = target.read_bytes()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise ApplyError(f"{change.path} cannot be read: {error}", _LOOK_AGAIN) from error
    if not target.is_relative_to(root):
        raise ApplyError(f"{change.path} leads outside of {root}", "nothing was changed; leave this link out")
    if current != change.before:
        raise ApplyError(f"{change.path} changed while relink was running", _LOOK_AGAIN)
    return target


def _entry(root: Path, target: Path, change: Change) -> Entry:
    mode = stat.S_IMODE(target.stat().st_mode)
    return Entry(target.relative_to(root).as_posix(), digest(change.before), digest(change.after), mode)

"""What a run is about to change, on the disk before it changes anything.

`.relink/journal/<time>-<random>/` holds `0`, `1`, … (the old bytes of each file), `manifest.json` (written
last: a run without it has changed nothing) and, once it is undone, `rolled-back`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from codemods.apply.atomic import create, sync_folder
from codemods.apply.errors import ApplyError
from codemods.apply.state import state_folder

_VERSION = 1
_MANIFEST = "manifest.json"
_ROLLED_BACK = "rolled-back"
_ALL_BITS = 0o7777


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a run: its path seen from the root, its SHA-256 before and after, its permission bits."""

    path: str
    before: str
    after: str
    mode: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run that changed files. `id` is the name of its folder; ids sort by time."""

    id: str
    folder: Path
    entries: tuple[Entry, ...]
    rolled_back: bool = False


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def begin(root: Path, entries: Sequence[Entry], originals: Sequence[bytes]) -> Run:
    """Write the journal of a run. Raises ApplyError when it cannot be written; no file is changed then."""
    identity = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S%fZ}-{os.urandom(4).hex()}"
    folder = root / ".relink" / "journal" / identity
    try:
        state = state_folder(root)
        (state / "journal").mkdir(exist_ok=True, mode=0o700)
        folder.mkdir(mode=0o700)
        for number, data in enumerate(originals):
            create(folder / str(number), data)
        manifest = {"version": _VERSION, "files": [asdict(entry) for entry in entries]}
        create(folder / "manifest.new", json.dumps(manifest, indent=1).encode())
        sync_folder(folder)
        (folder / "manifest.new").replace(folder / _MANIFEST)
        for place in (folder, state / "journal", state, root):
            sync_folder(place)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ApplyError(
            f"the journal in {folder.parent} cannot be written: {error.strerror or error}",
            "no file was changed; make room or allow writing there, then run relink again",
        ) from error
    return Run(identity, folder, tuple(entries))


def runs(root: Path) -> tuple[Run, ...]:
    """The runs recorded in this root, oldest first. Raises ApplyError when a record cannot be understood."""
    folders = sorted((root / ".relink" / "journal").glob(f"*/{_MANIFEST}"))
    return tuple(_read(manifest) for manifest in folders)


def _read(path: Path) -> Run:
    try:
        manifest = json.loads(path.read_bytes())
        if manifest["version"] != _VERSION:
            raise ValueError(f"version {manifest['version']}")
        entries = tuple(Entry(**fields) for fields in manifest["files"])
        strange = next((each for each in entries if not _is_entry(each)), None)
        if strange:
            raise ValueError(f"no run of relink wrote {strange}")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ApplyError(
            f"{path} cannot be read: {error}",
            "the folder beside it holds the old bytes of each file as 0, 1, …; move it away to go on",
        ) from error
    return Run(path.parent.name, path.parent, entries, (path.parent / _ROLLED_BACK).exists())


def _is_entry(entry: Entry) -> bool:
    return b"\0" not in os.fsencode(entry.path) and 0 <= entry.mode <= _ALL_BITS


def original(run: Run, number: int) -> bytes:
    """The bytes that the run's file with this number had before. Raises ApplyError when they are damaged."""
    path = run.folder / str(number)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ApplyError(f"{path}: {error.strerror or error}", "restore this file from git") from error
    if digest(data) != run.entries[number].before:
        raise ApplyError(f"{path} was changed since it was written", "restore this file from git")
    return data


def mark_rolled_back(run: Run) -> None:
    """Record that the run is undone. Raises OSError."""
    (run.folder / _ROLLED_BACK).touch()
    sync_folder(run.folder)

"""Write one file so that a reader, or a crash, sees the old bytes or the new ones and nothing between."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path


def left_over(target: Path) -> Path:
    """Where `replace` prepares the new bytes of `target`; a file there is what a crash left behind."""
    # A digest keeps the name short: the target's own name may already be as long as a name can be.
    digest = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
    return target.with_name(f".relink-{digest}.tmp")


def create(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read; the bytes are on the disk when this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def replace(target: Path, data: bytes, mode: int) -> None:
    """Make `data` the content of the existing file `target`, with these permission bits and its owner.

    Raises OSError with the old file untouched. The new name is on the disk after `sync_folder`.
    """
    prepared = left_over(target)
    owner = target.stat()
    prepared.unlink(missing_ok=True)
    try:
        create(prepared, data)
        # Only a privileged user may give a file away; for others it is theirs already, or becomes so.
        with suppress(PermissionError):
            os.chown(prepared, owner.st_uid, owner.st_gid)
        prepared.chmod(mode)
        prepared.replace(target)
    finally:
        with suppress(OSError):
            prepared.unlink(missing_ok=True)


def save(path: Path, data: bytes) -> None:
    """Make `data` the content of a file, which may be new. Raises OSError with an old file untouched."""
    if path.exists():
        replace(path, data, stat.S_IMODE(path.stat().st_mode))
        return
    prepared = left_over(path)
    try:
        prepared.write_bytes(data)
        prepared.replace(path)
    finally:
        prepared.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the file system can do that."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems refuse this for folders; the files themselves are synced already.
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)

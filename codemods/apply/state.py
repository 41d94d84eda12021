"""`.relink` in a checkout: where relink keeps what it has to remember between runs."""

from __future__ import annotations

from pathlib import Path

from codemods.apply.errors import ApplyError

_IGNORE = b"*\n!/verify/\n!/verify/*\n"
"""Everything in it is this machine's own, but for verdicts, which may be committed."""


def state_folder(root: Path) -> Path:
    """`.relink` in the root, made when it is missing; git ignores it because it says so itself.

    Raises OSError, and ApplyError when `.relink` is a link or a file.
    """
    folder = root / ".relink"
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ApplyError(f"{folder} is not a folder", "move it away: relink keeps its journal there")
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_bytes(_IGNORE)
    return folder


def keep_files(root: Path, name: str, contents: dict[str, bytes]) -> None:
    """Make `.relink/<name>/` hold exactly these files. Raises ApplyError."""
    try:
        folder = state_folder(root) / name
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            if path.name not in contents:
                path.unlink()
        for file, data in contents.items():
            path = folder / file
            if not path.exists() or path.read_bytes() != data:
                path.write_bytes(data)
    except OSError as error:
        raise ApplyError(f"{error.filename} cannot be written: {error.strerror}", "allow writing there") from error

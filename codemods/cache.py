"""What earlier runs worked out, under `.relink/cache` of the checkout.

An entry is a file named by the digest of everything that its value depends on, so an entry is right or absent: there
is nothing to invalidate. It is written under another name and moved into place; one that does not carry its own
digest is a miss. The cache never holds source text. Where it cannot be written it is silently off.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from codemods import __version__
from codemods.apply.errors import ApplyError
from codemods.apply.state import state_folder
from codemods.mapping import Mapping, load

_DIGEST = 16
_MOST_BYTES = 64 * 1024 * 1024
_MOST_ENTRIES = 256
_NEVER_CHANGES = ("pathlib", "pathlib._local")


def digest(*parts: bytes) -> bytes:
    """A digest of these parts, each told from the next."""
    state = blake2b(digest_size=_DIGEST)
    for part in parts:
        state.update(b"%d:" % len(part))
        state.update(part)
    return state.digest()


class Cache:
    """Values by kind and key, of the checkout at `root`; without one it keeps nothing."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._folder = root / ".relink" / "cache" if root else None
        self._made = False

    def get(self, kind: str, key: bytes) -> Any:
        """The value stored under `key`; None when there is none that is whole."""
        if self._folder is None:
            return None
        try:
            data = self._path(kind, key).read_bytes()
            if digest(data[_DIGEST:]) != data[:_DIGEST]:
                return None
            return _Reader(io.BytesIO(data[_DIGEST:])).load()
        except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, TypeError, ValueError):
            return None

    def put(self, kind: str, key: bytes, value: object) -> None:
        """Store `value`, whole or not at all."""
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        self.put_bytes(f"{kind}-{self._name(key)}", digest(data) + data)

    def put_bytes(self, name: str, data: bytes) -> None:
        """Store bytes under a name of their own."""
        if self._folder is None:
            return
        target = self._folder / name
        new = target.with_name(f"new-{os.urandom(8).hex()}")
        try:
            self._make()
            new.write_bytes(data)
            new.replace(target)
            self._prune()
        except (OSError, ApplyError):
            with suppress(OSError):
                new.unlink(missing_ok=True)

    def holds(self, name: str) -> bool:
        """Whether there are bytes under this name; without a folder nothing is ever lacking."""
        return self._folder is None or (self._folder / name).exists()

    def _path(self, kind: str, key: bytes) -> Path:
        assert self._folder is not None
        return self._folder / f"{kind}-{self._name(key)}"

    def _name(self, key: bytes) -> str:
        return digest(_build(), key).hex()

    def _make(self) -> None:
        if self._root and self._folder and not self._made:
            state_folder(self._root)
            self._folder.mkdir(exist_ok=True)
            self._made = True

    def _prune(self) -> None:
        """Remove the entries that were written longest ago, down to what the cache may hold."""
        assert self._folder is not None
        with os.scandir(self._folder) as listing:
            found = sorted((entry.stat().st_mtime_ns, entry.stat().st_size, entry.path) for entry in listing)
        size = sum(each for _, each, _ in found)
        while found and (size > _MOST_BYTES or len(found) > _MOST_ENTRIES):
            _, each, path = found.pop(0)
            size -= each
            with suppress(FileNotFoundError):  # another run was faster
                Path(path).unlink()


NOTHING_KEPT = Cache(None)


def load_mapping(path: Path, cache: Cache) -> Mapping:
    """The mapping in the file `path`, read again only when it changed. Raises `MappingError`."""
    if not path.is_file():
        return load(path)
    try:
        key = digest(os.fsencode(path), path.read_bytes())
    except OSError:
        return load(path)
    mapping = cache.get("mapping", key)
    if not isinstance(mapping, Mapping):
        mapping = load(path)
        cache.put("mapping", key, mapping)
    return mapping


@lru_cache(maxsize=1)
def _build() -> bytes:
    """What this relink is recognised by: its version, and in a working copy the state of its files."""
    stamps = [__version__, sys.version]
    for folder, _, names in sorted(os.walk(Path(__file__).parent)):
        for name in sorted(names):
            if name.endswith(".py"):
                found = Path(folder, name).stat()
                stamps.append(f"{name} {found.st_mtime_ns} {found.st_size}")
    return "\n".join(stamps).encode()


class _Reader(pickle.Unpickler):
    """Makes records of relink and nothing else, whoever wrote the entry: a checkout may come from a stranger."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.startswith("codemods.") or module in _NEVER_CHANGES else None
        if not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name} is no record of relink")
        return found

"""The answer for files that cannot hold a finding, before anything else of relink is imported.

A pre-commit hook asks about a few files at a time, and mostly they are clean: then starting up would take all the
time. What the first step of the funnel has to know is kept in the cache by every run; here it is read again, and what
is not plainly clean is left to the ordinary way, whose first step is the same.
"""

from __future__ import annotations

import os
import sys

from codemods import __version__
from codemods.funnel.triggers import Triggers

_SETS = ("names", "classes", "calls", "context", "common", "topics", "rows")


def answers(arguments: list[str]) -> bool:
    """Whether these arguments ask for a check of files that are all clean; the summary is printed then."""
    asked = _asked(arguments)
    if asked is None:
        return False
    mapping, paths = asked
    try:
        triggers = _recall(mapping)
    except FileNotFoundError:  # the current folder is gone
        return False
    if triggers is None or not all(_is_clean(path, triggers) for path in paths):
        return False
    sys.stderr.write(f"Nothing to do in {len(paths)} file{'' if len(paths) == 1 else 's'}.\n")
    return True


def name_of(mapping: str | None) -> str | None:
    """The name under which the triggers of a mapping are kept, as seen from the current folder; None without one."""
    from _blake2 import blake2b  # hashlib would load all of OpenSSL

    state = blake2b(f"{__version__} {os.stat(__file__).st_mtime_ns} {sys.version} {mapping}".encode(), digest_size=16)
    folder = os.getcwd()
    while True:
        for name in ("relink.toml", "pyproject.toml"):
            data = _bytes(os.path.join(folder, name))
            state.update(b"-" if data is None else b"%d:%s" % (len(data), data))
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return f"hook-{state.hexdigest()}"
        folder = above


def record(mapping_file: str, triggers: Triggers) -> bytes:
    """The triggers as bytes, with what their mapping is recognised by."""
    news = [b"%s %s" % (word, b" ".join(new)) for word, new in triggers.new_names.items()]
    lines = [
        *(b" ".join(sorted(getattr(triggers, name))) for name in _SETS),
        b" ".join(triggers.key_starts),
        b" ".join(sorted(triggers.key_calls)),
        b"1" if triggers.everything else b"",
        *news,
    ]
    return b"\n".join((_digest(mapping_file), os.fsencode(mapping_file), *lines, b"."))


def _recall(mapping: str | None) -> Triggers | None:
    data = _bytes(os.path.join(".relink", "cache", name_of(mapping) or ""))
    if data is None or not data.endswith(b"\n."):
        return None
    known, file, *lines, _ = data.split(b"\n")
    if len(lines) < len(_SETS) + 3 or _digest(os.fsdecode(file)) != known:
        return None
    triggers = Triggers(**{name: frozenset(line.split()) for name, line in zip(_SETS, lines, strict=False)})
    starts, calls, everything, *news = lines[len(_SETS) :]
    triggers.key_starts, triggers.key_calls = starts.split(), frozenset(calls.split())
    triggers.everything = bool(everything)
    for word, *new in map(bytes.split, news):
        triggers.new_names[word] = new
    return triggers


def _asked(arguments: list[str]) -> tuple[str | None, list[str]] | None:
    """The mapping and the paths of a plain `check [--mapping FILE] PATH...`."""
    if arguments[:1] != ["check"]:
        return None
    mapping, rest = None, arguments[1:]
    if rest[:1] == ["--mapping"]:
        mapping, rest = (rest[1] if len(rest) > 1 else None), rest[2:]
    return (mapping, rest) if rest and not any(path.startswith("-") for path in rest) else None


def _is_clean(path: str, triggers: Triggers) -> bool:
    here = os.getcwd()
    if not path.endswith(".py") or os.path.realpath(path) != os.path.join(here, os.path.normpath(path)):
        return False
    data = _bytes(path) if os.path.isfile(path) else None
    if data is None or b"\0" in data or b"relink" in data or b"coding" in data[:400]:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    look = triggers.look(data, True)
    return not (look.names_something or look.is_loud or look.has_statement or look.runs_something)


def _digest(file: str) -> bytes:
    from _blake2 import blake2b

    data = _bytes(file)
    return blake2b(data, digest_size=16).hexdigest().encode() if data is not None else b""


def _bytes(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None

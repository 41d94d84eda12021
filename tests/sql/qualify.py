"""A text with a schema before each bare name of it, the simplest rewrite that relink makes."""

from __future__ import annotations

from codemods.sql import Kind, Renames, Script

_KINDS = (Kind.RELATION, Kind.SEQUENCE, Kind.TYPE, Kind.FUNCTION)


def qualify(script: Script) -> tuple[str, Renames]:
    """The text of `script` with `app.` before each bare relation, sequence, type and function, and the renames."""
    starts = {
        (found.start, found.parts[0].name)
        for statement in script.statements
        for found in statement.references
        if found.kind in _KINDS and len(found.parts) == 1 and not found.partial
    }
    text = script.text
    for start, _ in sorted(starts, reverse=True):
        text = f"{text[:start]}app.{text[start:]}"
    return text, tuple({((name,), ("app", name)) for _, name in starts})

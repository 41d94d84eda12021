"""Which `search_path` a script has set by the time each of its statements runs."""

from __future__ import annotations

from collections.abc import Iterator

from .cursor import has_piece
from .model import Script, Statement


def with_paths(script: Script) -> Iterator[tuple[Statement, tuple[str, ...]]]:
    """Each statement with the schemas where its bare names are looked up; () when the script does not say."""
    path: tuple[str, ...] = ()
    is_local = False
    for statement in script.statements:
        if statement.verb == "SET":
            text = script.text[statement.start : statement.end].lower()
            if "search_path" in text or "schema" in text:
                path = statement.search_paths[-1].schemas if statement.search_paths else ()
                is_local = " local " in text
        elif statement.verb in ("RESET", "DISCARD", "ROLLBACK", "ABORT", "\\c", "\\connect") or (
            is_local and statement.verb in ("COMMIT", "END")
        ):
            path = ()
        yield statement, path if _is_known(path) else ()


def _is_known(path: tuple[str, ...]) -> bool:
    return not any(schema == "$user" or has_piece(schema) or schema.startswith(":") for schema in path)

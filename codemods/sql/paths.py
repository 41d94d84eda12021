"""Which `search_path` a script has set by the time each of its statements runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from .cursor import has_piece
from .model import Kind, Role, Script, Statement

_SET = re.compile(r"set\s+(?:(session|local)\s+)?(?:search_path|schema)\b", re.IGNORECASE)
_RESET = re.compile(r"(?:reset|discard)\s+(?:search_path|all)\b", re.IGNORECASE)
_BACK = re.compile(r"\bto\b", re.IGNORECASE)

Path = tuple[str, ...]


def with_paths(script: Script) -> Iterator[tuple[Statement, Path]]:
    """Each statement with the schemas where its bare names are looked up; () when the script does not say."""
    path: Path = ()
    outside: Path = ()  # of the transaction
    is_local = False
    for statement in script.statements:
        verb = statement.verb
        if verb == "SET":
            if found := _SET.match(script.text, statement.start, statement.end):
                path = statement.search_paths[-1].schemas if statement.search_paths else ()
                is_local = (found[1] or "").lower() == "local"
        elif verb in ("BEGIN", "START"):
            outside = path
        elif verb in ("\\c", "\\connect") or _RESET.match(script.text, statement.start, statement.end):
            path = ()
        elif verb in ("COMMIT", "END") and is_local:
            path, is_local = outside, False
        elif verb in ("ROLLBACK", "ABORT") and not _BACK.search(script.text, statement.start, statement.end):
            path = outside
        yield statement, path if _is_known(path) else ()


def made(statement: Statement, path: Path) -> Iterator[tuple[str, str]]:
    """The schemas and names of what a statement that runs under `path` creates, or moves to another schema."""
    schemas = [each.names[-1] for each in statement.references if each.kind is Kind.SCHEMA]
    for found in statement.references:
        if found.role is Role.CREATE and found.kind is not Kind.SCHEMA and (len(found.parts) > 1 or path):
            yield (found.names[-2] if len(found.parts) > 1 else path[0]), found.names[-1]
        elif found.role is Role.ALTER and statement.verb.startswith("ALTER") and schemas:
            yield schemas[0], found.names[-1]


def renamed(statement: Statement, path: Path, made: Set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The schemas and new names of what a statement renames among the relations that `made` says to exist."""
    for owned in statement.owned:
        if owned.renamed:
            schemas = owned.owner[-2:-1] or path
            yield from ((schema, owned.name) for schema in schemas if (schema, owned.owner[-1]) in made)


def _is_known(path: Path) -> bool:
    return not any(schema == "$user" or has_piece(schema) or schema.startswith(":") for schema in path)

"""Whether relink and libpg_query see the same names in a statement, at the same places."""

from __future__ import annotations

from collections import Counter

from pglast_names import Named

from codemods.sql import Kind, Script
from codemods.sql.keywords import BUILT_IN_TYPES, NOT_CALLED, REGISTERED
from codemods.sql.naming_functions import POSTGRESQL
from codemods.sql.tokens import DOLLAR, META, STRING, lex

_KINDS = {"relation": {Kind.RELATION, Kind.SEQUENCE}, "type": {Kind.TYPE}, "function": {Kind.FUNCTION}}
_SYSTEM = ("pg_catalog", "pg_temp")
# Names that relink leaves out on purpose: PostgreSQL's own.
_LEFT_OUT = {
    "relation": frozenset(),
    "type": BUILT_IN_TYPES | NOT_CALLED,
    "function": NOT_CALLED | REGISTERED | {name.upper() for name in POSTGRESQL},
}


def disagreement(sql: str, script: Script, expected: list[Named]) -> str | None:
    """In what relink's relations, types and functions differ from the expected ones; None when they do not."""
    either = Counter(name.parts for name in expected if name.kind == "any")
    for kind, kinds in _KINDS.items():
        ours = [(start, parts) for start, parts in outside_literals(sql, script, kinds) if _counts(kind, parts)]
        wanted = [name for name in expected if name.kind == kind and _counts(kind, name.parts)]
        seen, named = Counter(parts for _, parts in ours), Counter(name.parts for name in wanted)
        missed, extra = named - seen, seen - named - either
        if missed or extra:
            return f"{kind}s missed {list(missed)}, extra {list(extra)}"
        elsewhere = {name.start for name in wanted if name.start is not None} - {start for start, _ in ours}
        if elsewhere:
            return f"{kind}s at other places: {sorted(elsewhere)}"
    return None


def _counts(kind: str, parts: tuple[str, ...]) -> bool:
    if kind == "relation":
        return True
    return parts[0] not in _SYSTEM if parts[1:] else parts[0].upper() not in _LEFT_OUT[kind]


def outside_literals(sql: str, script: Script, kinds: set[Kind]) -> list[tuple[int, tuple[str, ...]]]:
    """What relink sees of `kinds` outside of literals and bodies: where it starts (0-based characters), its parts."""
    tokens = lex(sql)
    literals = [
        range(tokens.starts[index], tokens.ends[index])
        for index in range(tokens.count)
        if tokens.kinds[index] in (STRING, DOLLAR, META)
    ]
    return [
        (found.start, found.names)
        for statement in script.statements
        for found in statement.references
        if found.kind in kinds and not found.literal and not any(found.start in literal for literal in literals)
    ]

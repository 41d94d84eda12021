"""Reads the files under fixtures/sql (their README says what they look like)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from codemods.sql import HOLE, Kind, Script

FOLDER = Path(__file__).parents[2] / "fixtures" / "sql"
_LINE = re.compile(
    r"-- (?:(none)|(?P<each>none of these)|(?P<problem>problem)(?:: (?P<why>.*))?|(?P<word>\w+): (?P<names>.*))$"
)
_KINDS = {
    "relations": Kind.RELATION,
    "sequences": Kind.SEQUENCE,
    "functions": Kind.FUNCTION,
    "types": Kind.TYPE,
    "schemas": Kind.SCHEMA,
    "databases": Kind.DATABASE,
    "indexes": Kind.INDEX,
}
_WORDS = {*_KINDS, "columns", "bound", "temporary", "path", "filter", "exact", "filtered", "owned"}


@dataclass(frozen=True)
class Case:
    """A text, what has to be found in it, and the words its problem has to contain (None: no problem)."""

    where: str
    sql: str
    found: dict[str, list[str]]
    problem: str | None


def cases() -> list[Case]:
    """Every case of every file."""
    return [case for path in sorted(FOLDER.glob("*.sql")) for case in _read(path)]


def _read(path: Path) -> list[Case]:
    result: list[Case] = []
    header: dict[str, list[str]] | None = None
    problem: str | None = None
    body: list[str] = []
    first = 0
    each = False

    def finish() -> None:
        if each:
            lines = enumerate(body, first + 1)
            result.extend(Case(f"{path.name}:{at}", line, {}, None) for at, line in lines if line)
        elif header is not None:
            sql = "\n".join(body).strip("\n").replace("⟦⟧", HOLE)
            result.append(Case(f"{path.name}:{first}", sql, header, problem))

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = _LINE.match(line)
        if found is None or (found["word"] and found["word"] not in _WORDS):
            body.append(line)
            continue
        if body or header is None:
            finish()
            header, problem, body, first = {}, None, [], number
        each = bool(found["each"])
        if found["problem"]:
            problem = found["why"] or ""
        elif found["word"]:
            header[found["word"]] = found["names"].split(", ")
    finish()
    return result


def summary(script: Script) -> dict[str, list[str]]:
    """What was found, in the words of the fixtures."""
    result: dict[str, list[str]] = {}
    for statement in script.statements:
        for found in statement.references:
            if found.kind is Kind.COLUMN:
                word = "bound" if found.bound else "columns"
            else:
                word = next(word for word, kind in _KINDS.items() if kind is found.kind)
            name = ".".join("⟦partial⟧" if part.partial else part.name for part in found.parts)
            result.setdefault(word, []).append(name)
        for name in statement.temporary:
            result.setdefault("temporary", []).append(name)
        for owned in statement.owned:
            result.setdefault("owned", []).append(f"{owned.name} of {'.'.join(owned.owner)}")
        for path in statement.search_paths:
            result.setdefault("path", []).extend(path.schemas)
        for at in statement.catalog_filters:
            word = "exact" if at.exact else "filter"
            result.setdefault(word, []).append(at.schema.name if at.schema else "any")
            result.setdefault("filtered", []).extend(part.name for part in at.relations)
    return {word: names for word, names in result.items() if names}

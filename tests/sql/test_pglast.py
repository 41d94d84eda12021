"""libpg_query agrees on the relations of every fixture that is plain SQL."""

from __future__ import annotations

from collections import Counter

import pytest
from fixture_cases import Case, cases
from pglast_names import relations

from codemods.sql import Kind, read
from codemods.sql.tokens import DOLLAR, META, STRING, lex

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_libpg_query_agrees(case: Case) -> None:
    for statement in read(case.sql).statements:
        sql = case.sql[statement.start : statement.end]
        expected = relations(sql)
        if expected is None or statement.temporary:
            continue
        ours = outside_literals(sql)
        assert Counter(parts for _, parts in ours) == Counter(name.parts for name in expected)
        assert {name.start for name in expected if name.start is not None} <= {start for start, _ in ours}


def test_most_fixtures_are_plain_sql() -> None:
    plain = sum(relations(case.sql) is not None for case in CASES)
    assert plain > len(CASES) * 0.8


def outside_literals(sql: str) -> list[tuple[int, tuple[str, ...]]]:
    """Relations and sequences that stand outside of literals and bodies, with their start."""
    tokens = lex(sql)
    literals = [
        range(tokens.starts[index], tokens.ends[index])
        for index in range(tokens.count)
        if tokens.kinds[index] in (STRING, DOLLAR, META)
    ]
    return [
        (found.start, found.names)
        for statement in read(sql).statements
        for found in statement.references
        if found.kind in (Kind.RELATION, Kind.SEQUENCE)
        and not found.literal
        and not any(found.start in literal for literal in literals)
    ]

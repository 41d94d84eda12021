"""libpg_query agrees on the relations, types and functions of every fixture that is plain SQL."""

from __future__ import annotations

import pytest
from agreement import disagreement
from fixture_cases import Case, cases
from pglast_names import asks_a_server, names

from codemods.sql import read

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_libpg_query_agrees(case: Case) -> None:
    for statement in read(case.sql).statements:
        sql = case.sql[statement.start : statement.end]
        expected = names(sql)
        if expected is not None and not statement.temporary and not asks_a_server(sql):
            assert disagreement(sql, read(sql), expected) is None


def test_most_fixtures_are_plain_sql() -> None:
    plain = sum(names(case.sql) is not None for case in CASES)
    assert plain > len(CASES) * 0.8

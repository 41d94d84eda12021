"""SQL is told from prose."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fixture_cases import FOLDER, Case, cases
from hypothesis import given
from hypothesis import strategies as st

from codemods.sql import looks_like_sql


def lines(name: str) -> list[str]:
    text = Path(FOLDER / "prose" / name).read_text(encoding="utf-8")
    return [line.replace("\\n", "\n") for line in text.splitlines()]


@pytest.mark.parametrize("text", lines("prose.txt"))
def test_prose_is_not_sql(text: str) -> None:
    assert not looks_like_sql(text)


@pytest.mark.parametrize("text", lines("sql.txt"))
def test_sql_is_sql(text: str) -> None:
    assert looks_like_sql(text)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.where)
def test_complete_queries_of_the_fixtures_are_sql(case: Case) -> None:
    words = case.sql.split()
    if case.problem is None and words[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "MERGE"):
        assert looks_like_sql(case.sql)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert looks_like_sql(text) in (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "select " + " " * 100_000,
        "insert into " + "/**/" * 30_000 + "x",
        "insert into " + "a" * 100_000,
        "update a" + " " * 100_000 + "set",
        "comment on table x" + " " * 100_000,
        "grant " + "a " * 50_000,
        "select A" + "A 1" * 50_000,
        "(" * 100_000 + "select 1",
        "/*" * 50_000,
    ],
    ids=lambda text: text[:20],
)
def test_hostile_text_gets_a_quick_answer(text: str) -> None:
    start = time.process_time()
    looks_like_sql(text)
    assert time.process_time() - start < 1

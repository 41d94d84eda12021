"""What has to hold for any statement of the grammar, with libpg_query as the judge."""

from __future__ import annotations

import pytest
from agreement import disagreement
from grammar import short_statements, statements
from hypothesis import HealthCheck, assume, given, settings
from pglast_names import asks_a_server, names
from qualify import qualify
from renaming import renaming_trouble

from codemods.sql import equivalent, read


def check(sql: str) -> None:
    script = read(sql)
    expected = names(sql)
    assert expected is not None
    assert [statement.problem for statement in script.statements] == [None]
    assert asks_a_server(sql) or disagreement(sql, script, expected) is None
    assert renaming_trouble(sql, script) is None
    assert equivalent(sql, *qualify(script))


@pytest.mark.parametrize("sql", short_statements())
def test_every_line_of_the_grammar_is_read_as_libpg_query_reads_it(sql: str) -> None:
    check(sql)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(statements())
def test_libpg_query_sees_the_same_names_and_only_they_move(sql: str) -> None:
    assume(names(sql) is not None)
    check(sql)

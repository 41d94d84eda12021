"""What a server is sent in place of a driver's placeholders, and the way back to the original characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemods.sql.tokens import HOLE
from codemods.verify.placeholders import Filling, Unbindable, bind


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("SELECT 1", "SELECT 1"),
        ("SELECT * FROM t WHERE a = %s AND b = %s", "SELECT * FROM t WHERE a = $1 AND b = $2"),
        ("SELECT %(a)s, %(b)s, %(a)s", "SELECT $1, $2, $1"),
        ("SELECT :a, :b, :a::int", "SELECT $1, $2, $1::int"),
        ("SELECT $2::text, $1", "SELECT $2::text, $1"),
        ("SELECT a FROM t WHERE b LIKE 'x%%' AND c %% 2 = 0", "SELECT a FROM t WHERE b LIKE 'x%%' AND c % 2 = 0"),
        ("SELECT a FROM t WHERE b IN %s", "SELECT a FROM t WHERE b IN ($1)"),
        ("SELECT now() - interval %s", "SELECT now() -  $1::INTERVAL"),
        (f"SELECT a FROM t LIMIT {HOLE}", "SELECT a FROM t LIMIT $1"),
        ("SELECT '%s', \"a%s\" FROM t", "SELECT '%s', \"a%s\" FROM t"),
        (f"SELECT a FROM t LIMIT ${HOLE} OFFSET ${HOLE}", "SELECT a FROM t LIMIT $1 OFFSET $2"),
        (f"SELECT a FROM t WHERE b = '{HOLE}' AND c LIKE '%{HOLE}%'", "SELECT a FROM t WHERE b = $1 AND c LIKE '%1%'"),
        (f"SELECT a FROM t WHERE b IN {HOLE}", "SELECT a FROM t WHERE b IN ($1)"),
        (
            f"SELECT now() - interval '{HOLE}', interval '{HOLE} days'",
            "SELECT now() -  $1::INTERVAL, interval '1 days'",
        ),
        ("INSERT INTO t (a, b) VALUES %s", "INSERT INTO t (a, b) VALUES (NULL, NULL)"),
        (
            "INSERT INTO t (a) VALUES %s ON CONFLICT DO NOTHING",
            "INSERT INTO t (a) VALUES (NULL) ON CONFLICT DO NOTHING",
        ),
        ("INSERT INTO t (a, b) VALUES ", "INSERT INTO t (a, b) VALUES (NULL, NULL) "),
        ("SELECT a::text, b /* %s */ FROM t -- :x", "SELECT a::text, b /* %s */ FROM t -- :x"),
    ],
)
def test_placeholders_become_parameters(text: str, sent: str) -> None:
    assert bind(text, Filling.PARAMETER).text == sent


@pytest.mark.parametrize(
    "text",
    ["INSERT INTO t VALUES %s", "VALUES", f"SELECT * FROM t_{HOLE}", "SELECT {column} FROM t", f'SELECT "{HOLE}"'],
)
def test_what_no_value_can_stand_for_is_said(text: str) -> None:
    with pytest.raises(Unbindable):
        bind(text, Filling.PARAMETER)


def test_the_highest_parameter_is_counted() -> None:
    assert bind("SELECT $3, $1", Filling.PARAMETER).parameters == 3
    assert bind("SELECT %s", Filling.PARAMETER).parameters == 1
    assert bind("SELECT $1, :a", Filling.NULL) == bind("SELECT $1, :a", Filling.NULL)._replace(text="SELECT NULL, NULL")


WORDS = st.lists(st.sampled_from(["SELECT", "a", "%s", "%%", ":name", "interval %s", "IN %s", "'x'", "$1", "é", HOLE]))


@given(WORDS, st.sampled_from(Filling))
def test_every_unchanged_character_leads_back(words: list[str], filling: Filling) -> None:
    text = " ".join(words)
    sent = bind(text, filling)
    origins = [sent.origin(position) for position in range(len(sent.text))]
    assert origins == sorted(origins)
    assert all(0 <= origin < len(text) for origin in origins)
    for position, origin in enumerate(origins):
        if sent.text[position] == "é":
            assert text[origin] == "é"

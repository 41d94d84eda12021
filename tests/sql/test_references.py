"""Every fixture, and what has to hold for any text at all."""

from __future__ import annotations

import time

import pytest
from fixture_cases import Case, cases, summary
from hypothesis import given, settings
from hypothesis import strategies as st

from codemods.sql import Identifier, Script, read

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_finds_what_the_fixture_says(case: Case) -> None:
    script = read(case.sql)
    problems = [statement.problem for statement in script.statements if statement.problem]
    assert summary(script) == case.found
    if case.problem is None:
        assert not problems
    else:
        assert any(case.problem in problem for problem in problems)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_every_identifier_slices_back_to_its_name(case: Case) -> None:
    slices_back(read(case.sql))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_a_text_cut_anywhere_is_read_without_a_crash(case: Case) -> None:
    for end in range(0, len(case.sql), 3):
        slices_back(read(case.sql[:end]))


def test_fixtures_that_find_nothing_are_many() -> None:
    nothing = sum(not case.found for case in CASES)
    assert nothing > len(CASES) - nothing


def slices_back(script: Script) -> None:
    for statement in script.statements:
        assert 0 <= statement.start <= statement.end <= len(script.text)
        for found in statement.references:
            assert 1 <= len(found.parts) <= 3
            for part in found.parts:
                check_slice(script.text, part)
        for at in statement.catalog_filters:
            for part in (at.schema, *at.relations):
                assert part is None or script.text[part.start : part.end].strip('"') == part.name


def check_slice(text: str, part: Identifier) -> None:
    written = text[part.start : part.end]
    assert written
    if part.partial or len(written.encode("utf-8", "surrogatepass")) > 63:
        return
    if part.quoted and written.startswith('"'):
        assert written[1:-1].replace('""', '"') == part.name
    elif not part.quoted:
        assert written.lower() == part.name.lower()


VOCABULARY = """
SELECT FROM users public . ( ) , ; JOIN ON WHERE WITH AS UPDATE SET INSERT INTO DELETE USING :: regclass
'users' "Users" $$ $a$ E' ' " /* */ -- \\ \n CREATE TABLE FUNCTION LANGUAGE plpgsql DO BEGIN END EXECUTE IF
THEN LOOP DROP ALTER TRIGGER VIEW INDEX GRANT COPY STDIN RETURNING VALUES * = %s {x} $1 :y ? 1 \ufdd0 [ ] FOR
OF UNION LATERAL ONLY CAST COMMENT PREPARE EXPLAIN RECURSIVE REFERENCES PARTITION TYPE SCHEMA table_schema =
'public' nextval( CASE WHEN DECLARE CURSOR ATOMIC RETURNS POLICY RULE TO SEQUENCE OWNED BY PUBLICATION MERGE
TRUNCATE % ROWTYPE \0
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n", "\0", "\ufdd0"])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS, max_size=40).map("".join)))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    slices_back(read(text))


HOSTILE = {
    "open parentheses": "(" * 20_000,
    "nested parentheses": "SELECT " + "(" * 10_000 + "1" + ")" * 10_000,
    "nested queries": "SELECT " + "(SELECT a.b FROM x WHERE " * 5_000 + "1" + ")" * 5_000,
    "nested tables": "SELECT * FROM " + "(" * 10_000 + "x" + ")" * 10_000,
    "quotes": "'" * 50_001,
    "dollar tags": " ".join(f"$a{n}$" for n in range(20_000)),
    "comments": "/*" * 50_000,
    "lines of comment": "--\n" * 50_000,
    "nul": "\0" * 50_000,
    "with": "WITH a AS (" * 10_000,
    "copies": "COPY t FROM stdin;\n" * 10_000,
    "braces": "{" * 50_000,
    "dots": "a." * 50_000,
    "semicolons": ";" * 50_000,
    "blocks": "DO $$ BEGIN " + "IF a THEN " * 10_000 + "$$",
    "bodies": "".join(f"DO $a{n}$ BEGIN " for n in range(2_000)) + "".join(f"$a{n}$" for n in reversed(range(2_000))),
    "atomic": "CREATE FUNCTION f() BEGIN ATOMIC; " * 5_000,
    "casts": "SELECT 1" + "::x" * 30_000,
    "filters": "SELECT " + "table_schema IN (" * 5_000,
    "backslashes": "\\" * 50_000,
    "closed": ");" * 50_000,
    "controls": "\x01;" * 50_000,
    "commas": "FROM a" + ", a" * 30_000,
    "brackets": "SELECT " + "a[" * 20_000 + ";" * 20_000 + "]" * 20_000,
    "nested arrays": "SELECT " + "ARRAY[" * 10_000 + "1, 2" + "]" * 10_000,
    "backslash escapes": "SET standard_conforming_strings = off;" + "SELECT 'a\\' FROM t;" * 10_000,
    "executed variables": "DO $$ DECLARE q text; BEGIN " + "q := q || 'a'; EXECUTE q; " * 5_000 + "END $$",
    "formats": "SELECT " + "format('SELECT 1 FROM t', " * 5_000,
    "one long name": "SELECT 1 FROM " + "é" * 500_000,
    "a million characters": "SELECT u.a, 'it''s' FROM users u JOIN orders o ON o.a = u.a WHERE u.b = $1;\n" * 13_000,
}


UNICODE_SPACES = [chr(code) for code in range(0x80, 0x3001) if chr(code).isspace()]


@pytest.mark.parametrize("space", UNICODE_SPACES, ids=ascii)
def test_spaces_that_postgresql_does_not_know_are_no_spaces(space: str) -> None:
    statement = read(f"SELECT 1 FROM{space}users WHERE a = 1").statements[0]
    assert not any(found.names == ("users",) for found in statement.references)
    name = read(f'DELETE FROM users USING "a{space}b"').statements[0].references[1]
    assert name.names == (f"a{space}b",)


def test_invalid_utf_8_and_nul_do_not_hide_what_stands_around_them() -> None:
    text = b"SELECT '\xff\xfe\x00' FROM users; DELETE FROM \xff; TABLE orders".decode("utf-8", "surrogateescape")
    found = [part.names for statement in read(text).statements for part in statement.references]
    assert found == [("users",), ("\udcff",), ("orders",)]


def test_comments_nest() -> None:
    comment = "/* FROM a " * 100 + "*/ " * 100
    found = read(f"SELECT 1 {comment} FROM {comment} users -- {comment}").statements[0].references
    assert [part.names for part in found] == [("users",)]


def test_names_are_cut_where_postgresql_cuts_them() -> None:
    name = "users_" + "ü" * 28
    found = read(f'SELECT 1 FROM {name}üx, "{name}yz", {name}y').statements[0].references
    assert [part.names for part in found] == [(name,), (f"{name}y",), (f"{name}y",)]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(name: str) -> None:
    text = HOSTILE[name]
    start = time.process_time()
    read(text)
    assert time.process_time() - start < 5

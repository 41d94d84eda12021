"""Every fixture, and what has to hold for any text at all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

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


HOSTILE: dict[str, Callable[[int], str]] = {
    "open parentheses": lambda n: "(" * n,
    "nested parentheses": lambda n: "SELECT " + "(" * n + "1" + ")" * n,
    "nested queries": lambda n: "SELECT " + "(SELECT a.b FROM x WHERE " * n + "1" + ")" * n,
    "nested tables": lambda n: "SELECT * FROM " + "(" * n + "x" + ")" * n,
    "quotes": lambda n: "'" * (2 * n + 1),
    "dollar tags": lambda n: " ".join(f"$a{tag}$" for tag in range(n)),
    "comments": lambda n: "/*" * n,
    "nested comments": lambda n: "SELECT 1 FROM " + "/*" * n + "*/" * n + " users",
    "lines of comment": lambda n: "--\n" * n,
    "nul": lambda n: "\0" * n,
    "with": lambda n: "WITH a AS (" * n,
    "copies": lambda n: "COPY t FROM stdin;\n" * n,
    "braces": lambda n: "{" * n,
    "dots": lambda n: "a." * n,
    "semicolons": lambda n: ";" * n,
    "blocks": lambda n: "DO $$ BEGIN " + "IF a THEN " * n + "$$",
    "atomic": lambda n: "CREATE FUNCTION f() BEGIN ATOMIC; " * n,
    "casts": lambda n: "SELECT 1" + "::x" * n,
    "filters": lambda n: "SELECT " + "table_schema IN (" * n,
    "backslashes": lambda n: "\\" * n,
    "closed": lambda n: ");" * n,
    "controls": lambda n: "\x01;" * n,
    "commas": lambda n: "FROM a" + ", a" * n,
    "brackets": lambda n: "SELECT " + "a[" * n + ";" * n + "]" * n,
    "nested arrays": lambda n: "SELECT " + "ARRAY[" * n + "1, 2" + "]" * n,
    "backslash escapes": lambda n: "SET standard_conforming_strings = off;" + "SELECT 'a\\' FROM t;" * n,
    "executed variables": lambda n: "DO $$ DECLARE q text; BEGIN " + "q := q || 'a'; EXECUTE q; " * n + "END $$",
    "formats": lambda n: "SELECT " + "format('SELECT 1 FROM t', " * n,
    "types with arguments": lambda n: "SELECT " + "a(1" * n + ") 'x'" * n,
    "rows that are run": lambda n: "SELECT " + "'DROP TABLE a' || b, " * n + "c \\gexec",
    "unique columns": lambda n: "CREATE TABLE a (" + "b int UNIQUE, " * n + "PRIMARY KEY (b))",
    "actions": lambda n: "ALTER TABLE a " + "ADD b int UNIQUE, " * n + "ADD UNIQUE (b, c)",
    "adjacent strings": lambda n: "SELECT " + "'a'\n" * n + "::regclass FROM b",
    "operators": lambda n: "SELECT 1" + " + a || 'b' -> c" * n + " FROM d",
    "joins": lambda n: "SELECT 1 FROM a" + " JOIN b ON b.c = a.d" * n,
    "unions": lambda n: "SELECT 1 FROM a" + " UNION ALL SELECT b.c FROM b" * n,
    "names as text": lambda n: "SELECT " + "pg_input_is_valid('a', nextval('b', " * n,
    "arrays of names": lambda n: (
        "SELECT ARRAY[" + "'a', " * n + "'a']" + "::regclass[]" * n + ", '{a,b}'::regclass[]" * n
    ),
    "compared names": lambda n: "SELECT 1 FROM a WHERE " + "b::regclass IN ('c', 'd') AND " * n + "true",
    "arguments": lambda n: "SELECT f(" + "'a', " * n + "'a')",
    "named by format": lambda n: "SELECT format('SELECT 1 FROM " + "%I, " * n + "%I'" + ", 'a'" * n + ")",
    "functions of names": lambda n: "CREATE FUNCTION f(" + "a regclass, " * n + "b int) RETURNS int LANGUAGE sql",
    "new names": lambda n: "ALTER TABLE a RENAME TO b; ALTER TYPE c RENAME TO d; SELECT 1 FROM b;\n" * n,
    "copied queries": lambda n: "\\copy (SELECT 1 FROM a) TO 'b'\n\\copy (\n" * n,
    "transition tables": lambda n: "CREATE TRIGGER a AFTER UPDATE ON b REFERENCING " + "OLD TABLE AS c " * n,
    "modifiers of types": lambda n: "ALTER TYPE a ADD ATTRIBUTE b c" + "(1" * n,
    "one long name": lambda n: "SELECT 1 FROM " + "é" * (20 * n),
    "one long statement": lambda n: "SELECT u.a, 'it''s' FROM users u WHERE " + "u.b = $1 AND " * n + "true",
    "many statements": lambda n: "SELECT u.a FROM users u JOIN orders o ON o.a = u.a WHERE u.b = $1;\n" * n,
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
def test_long_hostile_text_gets_an_answer(name: str) -> None:
    slices_back(read(HOSTILE[name](10_000)))


def test_ten_million_characters_are_read_to_the_end() -> None:
    statement = "SELECT u.a, 'it''s a long text" + "." * 5_000 + "' FROM users u JOIN orders o ON o.a = u.a;\n"
    script = read(statement * (10_000_000 // len(statement) + 1))
    assert len(script.text) > 10_000_000
    assert all(len(each.references) == 2 for each in script.statements)


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    once, twice = (steps(HOSTILE[name](size)) for size in (250, 500))
    assert twice <= 2.1 * once + 100


def steps(text: str) -> int:
    """How many lines of the reader run for a text."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        nonlocal count
        count += event == "line"
        return trace if "/codemods/sql/" in frame.f_code.co_filename.replace("\\", "/") else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(text)
    finally:
        sys.settrace(before)
    return count

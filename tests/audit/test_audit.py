"""`relink audit`: records of a server joined with the code of the small backend."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cases import backend_case
from click.testing import CliRunner, Result
from postgres import Connection, execute

from codemods.audit.fingerprint import fingerprint
from codemods.catalog.connect import ServerError
from codemods.cli.main import commands

MAPPING = str(backend_case().mapping)
DELETE = "delete from user_sessions where token = 'abc'"
OTHER = "SELECT * FROM public.orders WHERE id = 5"


@pytest.fixture(autouse=True)
def in_tree() -> Iterator[None]:
    here = Path.cwd()
    os.chdir(backend_case().before)
    yield
    os.chdir(here)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["audit", "--mapping", MAPPING, *arguments], standalone_mode=False)


def stale(result: Result) -> dict[str, Any]:
    return {each["sql"]: each for each in json.loads(result.stdout)["stale"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM t WHERE b = %s", "select  a\nfrom t where b = 'x' -- why"),
        ("SELECT a FROM t WHERE b = $1", "SELECT a FROM t WHERE b = :name;"),
        ("SELECT a FROM t WHERE b IN (%s)", "SELECT a FROM t WHERE b IN (1, 2, 3)"),
        ("SELECT a %% 2 FROM t", "SELECT a % 2 FROM t"),
    ],
)
def test_one_statement_has_one_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("SELECT a FROM t", "SELECT a FROM u"), ('SELECT "A" FROM t', "SELECT a FROM t"), ("SELECT 1, a", "SELECT a")],
)
def test_others_have_others(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_statistics_are_joined_with_the_code(new_database: Callable[[str], Connection], postgres_url: str) -> None:
    connection = new_database("audit")
    # The embedded server has no such extension; a table of its columns stands in for the view.
    execute(connection, "CREATE TABLE pg_stat_statements (query text, calls bigint, total_exec_time float8, dbid oid)")
    execute(
        connection,
        "INSERT INTO pg_stat_statements SELECT q, 7, 1.5, d.oid FROM pg_database d,"
        " unnest(ARRAY['DELETE FROM user_sessions WHERE token = $1', 'SELECT 1']) q WHERE datname = 'audit'",
    )
    url = f"postgresql://postgres:@/audit?host={postgres_url.rsplit('host=', 1)[-1]}"
    result = run("--database-url", url, "--output-format", "json")
    (found,) = stale(result).values()
    assert (found["calls"], found["milliseconds"]) == (7, 1.5)
    assert found["names"] == [{"old": "user_sessions", "new": "shared_common.user_sessions"}]
    assert [place.split(":")[0] for place in found["places"]] == ["common/auth.py"]
    never = json.loads(result.stdout)["never"]
    assert never
    assert found["places"][0] not in never


def csv_log() -> str:
    out = io.StringIO()
    rows = [f"duration: 2.5 ms  statement: {DELETE}", f"execute <unnamed>: {OTHER}", "connection received",
            "duration: 4.0 ms"]  # fmt: skip
    for message in rows:
        fields = [""] * 26
        fields[5], fields[13] = "s1", message
        csv.writer(out).writerow(fields)
    return out.getvalue()


def json_log() -> str:
    rows = [f"duration: 2.5 ms  statement: {DELETE}", f"execute <unnamed>: {OTHER}", "duration: 4.0 ms"]
    return "".join(json.dumps({"session_id": "s1", "message": row}) + "\n" for row in rows) + '{"message": "cut'


@pytest.mark.parametrize("log", [csv_log(), json_log()], ids=["csvlog", "jsonlog"])
def test_logs_are_read(log: str, tmp_path: Path) -> None:
    (tmp_path / "postgresql.log").write_text(log)
    result = run("--log", str(tmp_path / "postgresql.log"), "--output-format", "json")
    assert result.return_value == 1
    found = stale(result)
    assert (found[DELETE]["calls"], found[DELETE]["milliseconds"]) == (1, 2.5)
    assert (found[OTHER]["calls"], found[OTHER]["milliseconds"], found[OTHER]["places"]) == (1, 4.0, [])
    text = run("--log", str(tmp_path / "postgresql.log")).stdout
    assert "user_sessions → shared_common.user_sessions" in text
    assert "issued by no code in sight" in text


def test_new_names_are_no_finding(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"message": "statement: SELECT 1 FROM shared_common.users"}) + "\n")
    assert run("--log", str(tmp_path / "a.json")).return_value == 0


@pytest.mark.parametrize("log", ["", '{"message": "database system is ready"}\n'], ids=["empty", "no statement"])
def test_a_log_without_a_statement_is_no_clean_bill(log: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(log)
    result = run("--log", str(tmp_path / "x"))
    assert isinstance(result.exception, ServerError)
    assert "no statement" in str(result.exception)


@pytest.mark.parametrize("log", ["no such file", "2026 LOG: statement: SELECT 1\n"])
def test_what_is_no_log_is_said(log: str, tmp_path: Path) -> None:
    if "LOG" in log:
        (tmp_path / "x").write_text(log)
    assert isinstance(run("--log", str(tmp_path / "x")).exception, ServerError)

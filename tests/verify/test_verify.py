"""`relink verify` on the small backend: embedded, live, and from kept verdicts."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cases import backend_case
from click import UsageError
from click.testing import CliRunner, Result
from postgres import Connection, execute

from codemods.catalog.connect import ServerError
from codemods.cli.main import commands

MAPPING = str(backend_case().mapping)


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(backend_case().before, tmp_path / "tree")
    here = Path.cwd()
    os.chdir(tmp_path / "tree")
    yield tmp_path / "tree"
    os.chdir(here)


@pytest.fixture(scope="module")
def layouts(new_database: Callable[[str], Connection], postgres_url: str) -> tuple[str, str]:
    """The URLs of the old layout and of the new one."""
    for name, folder in (("verify_old", backend_case().before), ("verify_new", backend_case().after)):
        connection = new_database(name)
        if name == "verify_new":
            for schema in ("shared_common", "saju_service", "store_service", "admin_service", "crawling_service"):
                execute(connection, f"CREATE SCHEMA {schema}")
        for path in sorted((folder / "migrations").glob("*.sql")):
            execute(connection, path.read_text("utf-8"))
    execute(new_database("verify_other"), "CREATE ROLE asker LOGIN")
    for name in ("verify_old", "verify_new"):
        with_grants = new_database_connection(postgres_url, name)
        for schema in ("public", "shared_common", "saju_service", "store_service", "admin_service", "crawling_service"):
            if schema == "public" or name == "verify_new":
                execute(with_grants, f"GRANT USAGE ON SCHEMA {schema} TO asker")
                execute(with_grants, f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO asker")
    return url(postgres_url, "verify_old"), url(postgres_url, "verify_new")


def new_database_connection(postgres_url: str, name: str) -> Connection:
    import psycopg2

    connection = psycopg2.connect(postgres_url, dbname=name)
    connection.autocommit = True
    return connection


def url(base: str, database: str, user: str = "postgres") -> str:
    return f"postgresql://{user}:@/{database}?host={base.rsplit('host=', 1)[-1]}"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["verify", "--mapping", MAPPING, *arguments], standalone_mode=False)


def statements(result: Result) -> list[dict[str, str]]:
    found = json.loads(result.stdout)["statements"]
    assert isinstance(found, list)
    return found


def test_an_embedded_server_is_loaded_from_the_tree_and_its_verdicts_are_kept(tree: Path) -> None:
    asked = run("--min-success", "90", "--output-format", "json")
    assert asked.return_value == 0, asked.output
    found = statements(asked)
    assert not [each for each in found if each["status"] == "broken"]
    assert sum(each["status"] == "same" for each in found) > 100
    assert json.loads(asked.stdout)["differences"] == []
    kept = run("--offline", "--min-success", "90", "--output-format", "json")
    assert [each["status"] for each in statements(kept)] == [each["status"] for each in found]
    path = tree / "saju" / "constants.py"
    path.write_text(path.read_text("utf-8").replace("LIMIT 5", "LIMIT 6"), "utf-8")
    stale = statements(run("--offline", "--output-format", "json"))
    assert [each["path"] for each in stale if "nobody verified it" in each["message"]]


def test_live_servers_are_asked_and_what_the_new_one_lacks_is_found_in_its_line(
    tree: Path, layouts: tuple[str, str], postgres_url: str
) -> None:
    old, new = layouts
    arguments = ("--old-database-url", old, "--database-url", new, "--yes")
    assert run(*arguments, "--min-success", "90").return_value == 0
    connection = new_database_connection(postgres_url, "verify_new")
    execute(connection, "ALTER TABLE crawling_service.crawl_jobs RENAME COLUMN state TO status")
    try:
        result = run(*arguments, "--min-success", "90")
    finally:
        execute(connection, "ALTER TABLE crawling_service.crawl_jobs RENAME COLUMN status TO state")
    assert result.return_value == 1
    assert 'column "state" of relation "crawl_jobs" does not exist' in result.stdout
    assert "public.crawl_jobs: its column state is gone" in result.stdout
    place = next(line for line in result.stdout.splitlines() if line.startswith("crawling/jobs.py:"))
    _, line, column, *_ = place.replace(" ", ":").split(":")
    source = (tree / "crawling" / "jobs.py").read_text("utf-8").splitlines()[int(line) - 1]
    assert source[int(column) - 1 :].startswith("state")


def test_a_role_that_may_write_is_refused_and_one_that_may_not_is_welcome(
    tree: Path, layouts: tuple[str, str], postgres_url: str
) -> None:
    refused = run("--old-database-url", layouts[0], "--database-url", layouts[1])
    assert isinstance(refused.exception, ServerError)
    assert "may write" in str(refused.exception)
    old, new = (url(postgres_url, name, "asker") for name in ("verify_old", "verify_new"))
    assert run("--old-database-url", old, "--database-url", new, "--min-success", "0").return_value == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--database-url", "postgresql:///x"), "go together"),
        (("--old-database-url", "postgresql:///x"), "go together"),
        (("--offline", "--redis-url", "nonsense"), "nonsense: Redis URL must specify"),
        (("--offline", "--redis-url", "redis://me:secret@localhost:port/0"), "redis://me:***@localhost:port/0"),
        (("--schema", "nothing.sql"), "pg_dump --schema-only"),
        (("--offline", "--redis-url", "redis://localhost:1/0"), "check the URL"),
        (
            ("--old-database-url", "postgresql://me:secret@localhost:1/x", "--database-url", "postgresql:///y"),
            "postgresql://me:***@localhost:1/x",
        ),
    ],
)
def test_a_server_that_cannot_be_asked_is_one_clear_error(tree: Path, arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert isinstance(result.exception, ServerError)
    assert words in str(result.exception)
    assert "secret" not in str(result.exception)


def test_only_one_kind_of_answer_is_asked_for(tree: Path) -> None:
    result = run("--offline", "--schema", "dump.sql")
    assert isinstance(result.exception, UsageError)
    assert "or --schema, or --offline" in str(result.exception)


def test_connections_are_tried(tree: Path) -> None:
    result = run("--offline", "--connect", "--min-success", "0")
    assert result.return_value == 1
    assert "Connections: 0 of" in result.stdout
    assert "/shop_main" not in result.stdout

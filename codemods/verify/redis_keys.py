"""Count the keys of a live Redis that are still under an old prefix, or in a database that is not theirs."""

from __future__ import annotations

import time
from collections import Counter
from typing import NamedTuple

from codemods.mapping import Mapping, RedisNamespace
from codemods.redis.connect import asking

_BATCH = 1000
_PAUSE = 0.01
"""Seconds between two batches: a hundred thousand keys a second at most."""


class Misplaced(NamedTuple):
    """Keys that begin with `prefix` in the Redis database `db`, and where they should be."""

    prefix: str
    db: int
    keys: int
    target: str


def misplaced_keys(url: str, mapping: Mapping) -> list[Misplaced]:
    """Scan every database of the server at `url`, without blocking it. Raises `ServerError`."""
    found: Counter[tuple[str, int, str]] = Counter()
    with asking(url) as redis:
        with redis.Redis.from_url(url) as server:
            databases = [int(name.removeprefix("db")) for name in server.info("keyspace")]
        for db in databases:
            with redis.Redis.from_url(url, db=db) as server:
                for number, key in enumerate(server.scan_iter(count=_BATCH)):
                    wrong = _wrong(key.decode("utf-8", "surrogateescape"), db, mapping.redis)
                    if wrong is not None:
                        found[wrong] += 1
                    if number % _BATCH == _BATCH - 1:
                        time.sleep(_PAUSE)
    return [Misplaced(prefix, db, count, target) for (prefix, db, target), count in sorted(found.items())]


def _wrong(key: str, db: int, namespaces: tuple[RedisNamespace, ...]) -> tuple[str, int, str] | None:
    new = max((each for each in namespaces if key.startswith(each.new)), key=lambda each: len(each.new), default=None)
    old = max((each for each in namespaces if key.startswith(each.old)), key=lambda each: len(each.old), default=None)
    if new is not None and (old is None or len(new.new) >= len(old.old)):
        return None if db == new.db else (new.new, db, f"{new.new} in database {new.db}")
    return None if old is None else (old.old, db, f"{old.new} in database {old.db}")

"""The prefixes of Redis keys, up to the first colon: of a tree's code, and of a sample of a live server's keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from codemods.occurrences import Evidence, Occurrence, RedisKey
from codemods.redis.connect import asking
from codemods.redis.keys import known_head

_SAMPLE = 100_000


def tree_prefixes(occurrences: Iterable[Occurrence]) -> Counter[str]:
    """Each prefix and in how many places of the code a key or pattern with it reaches Redis."""
    found: Counter[str] = Counter()
    for each in occurrences:
        if isinstance(each, RedisKey) and each.evidence is Evidence.CALL:
            prefix, colon, _ = known_head(each.source.text, each.role == "pattern").partition(":")
            if prefix and colon:
                found[f"{prefix}:"] += 1
    return found


def sample_prefixes(url: str) -> Counter[str]:
    """Each prefix and how often it was seen, in up to 100,000 keys. Raises `ServerError`."""
    found: Counter[str] = Counter()
    with asking(url) as redis, redis.Redis.from_url(url) as server:
        for key in islice(server.scan_iter(count=1000), _SAMPLE):
            prefix, colon, _ = key.decode("utf-8", "replace").partition(":")
            if colon:
                found[f"{prefix}:"] += 1
    return found

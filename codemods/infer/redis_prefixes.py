"""The prefixes of the keys in a live Redis, from a sample."""

from __future__ import annotations

from collections import Counter

from codemods.catalog.connect import ServerError
from codemods.dsn import mask_passwords

_SAMPLE = 100_000


def sample_prefixes(url: str) -> list[tuple[str, int]]:
    """Each prefix up to the first colon and how often it was seen, in up to 100,000 keys. Raises `ServerError`."""
    try:
        import redis
    except ImportError as error:
        raise ServerError("asking a Redis needs redis; install relink[live]") from error
    found: Counter[str] = Counter()
    try:
        with redis.Redis.from_url(url) as server:
            for number, key in enumerate(server.scan_iter(count=1000)):
                if number >= _SAMPLE:
                    break
                prefix, colon, _ = key.decode("utf-8", "replace").partition(":")
                if colon:
                    found[f"{prefix}:"] += 1
    except redis.RedisError as error:
        raise ServerError(f"{mask_passwords(url)}: {error}; check the URL and that the server is up") from error
    return sorted(found.items())

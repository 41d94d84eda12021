"""Connect to a live PostgreSQL, to ask and never to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.dsn import mask_passwords

if TYPE_CHECKING:
    from psycopg import Connection

_STATEMENT_TIMEOUT = "15s"
_LOCK_TIMEOUT = "2s"
_MAY_WRITE = """
    SELECT r.rolsuper OR EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
    FROM pg_roles r WHERE r.rolname = current_user
"""


class ServerError(Exception):
    """A server cannot be used; the message says why and what to do, without passwords."""


def connect(url: str, *, read_only: bool = True) -> Connection:
    """A connection whose every statement is its own transaction; read-only with short time-outs by default.

    Raises `ServerError`.
    """
    try:
        import psycopg
    except ImportError as error:
        raise ServerError("asking a server needs psycopg; install relink[live]") from error
    options = f"-c statement_timeout={_STATEMENT_TIMEOUT} -c lock_timeout={_LOCK_TIMEOUT}"
    if read_only:
        options += " -c default_transaction_read_only=on"
    try:
        connection = psycopg.connect(url, autocommit=True, options=options, connect_timeout=10)
    except psycopg.Error as error:
        first = mask_passwords(str(error)).strip().splitlines()[:1]
        shown = f"{mask_passwords(url)}: {first[0] if first else 'cannot connect'}"
        raise ServerError(f"{shown}; check the URL and that the server is up") from error
    connection.prepare_threshold = None
    return connection


def may_write(connection: Connection) -> bool:
    """Whether the connection's role could change data, were the session not read-only."""
    row = connection.execute(_MAY_WRITE).fetchone()
    return row is None or bool(row[0])

"""Connect to a live PostgreSQL, to ask and never to change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from codemods.dsn import mask_passwords

if TYPE_CHECKING:
    from psycopg import Connection

_STATEMENT_TIMEOUT = "15s"
_LOCK_TIMEOUT = "2s"
_MAY_WRITE = """
    SELECT 'it is a superuser' FROM pg_roles r WHERE r.rolname = current_user AND r.rolsuper
    UNION ALL (
        SELECT format('it may change %I.%I', n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND CASE c.relkind
            WHEN 'S' THEN has_sequence_privilege(c.oid, 'USAGE, UPDATE')
            WHEN 'r' THEN true WHEN 'p' THEN true WHEN 'v' THEN true WHEN 'f' THEN true ELSE false
        END AND (c.relkind = 'S' OR has_table_privilege(c.oid, 'DELETE, TRUNCATE')
                 OR has_any_column_privilege(c.oid, 'INSERT, UPDATE') OR pg_has_role(c.relowner, 'MEMBER'))
        ORDER BY 1 LIMIT 1)
    LIMIT 1
"""
_PROTECTIONS = """
    SELECT current_setting('transaction_read_only') = 'on' AND current_setting('statement_timeout') <> '0'
       AND current_setting('lock_timeout') <> '0'
"""


class ServerError(Exception):
    """A server cannot be used; the message says why and what to do, without passwords."""


def connect(url: str, *, read_only: bool = True) -> Connection:
    """A connection whose every statement is its own transaction; read-only with short time-outs by default.

    Raises `ServerError`.
    """
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise ServerError("asking a server needs psycopg; install relink[live]") from error
    ours = f"-c statement_timeout={_STATEMENT_TIMEOUT} -c lock_timeout={_LOCK_TIMEOUT}"
    if read_only:
        ours += " -c default_transaction_read_only=on"
    try:
        # The last of several settings counts.
        options = f"{conninfo_to_dict(url).get('options') or ''} {ours}".lstrip()
        connection = psycopg.connect(url, autocommit=True, options=options, connect_timeout=10)
        protected = connection.execute(_PROTECTIONS).fetchone() if read_only else (True,)
    except psycopg.Error as error:
        first = mask_passwords(str(error)).strip().splitlines()[:1]
        shown = f"{mask_passwords(url)}: {first[0] if first else 'cannot connect'}"
        raise ServerError(f"{shown}; check the URL and that the server is up") from error
    if protected != (True,):
        connection.close()
        raise ServerError(
            f"{mask_passwords(url)}: something in between, such as a pooler, drops what makes the session read-only "
            "and short; pass the URL of the server itself"
        )
    connection.prepare_threshold = None
    return connection


def ask(connection: Connection, query: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    """The rows that a query of ours gives. Raises `ServerError` when the server does not answer it."""
    import psycopg

    try:
        return connection.execute(query.encode(), values).fetchall()
    except psycopg.Error as error:
        said = (str(error) or type(error).__name__).splitlines()[0]
        raise ServerError(f"{connection.info.dbname}: {said}; run it again when the server is free") from error


def may_write(connection: Connection) -> str:
    """Why the connection's role could change data, were the session not read-only; "" when it could not."""
    return next((str(reason) for (reason,) in ask(connection, _MAY_WRITE)), "")

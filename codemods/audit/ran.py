"""The statements that a server ran: from pg_stat_statements, or from a log in CSV or JSON.

Sources: https://www.postgresql.org/docs/current/pgstatstatements.html and
https://www.postgresql.org/docs/current/runtime-config-logging.html
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from codemods.catalog.connect import ServerError, connect

_MESSAGE = re.compile(
    r"(?:duration: (?P<ms>[\d.]+) ms)?\s*(?:(?:statement|execute [^:]*|parse [^:]*): (?P<sql>.*))?", re.DOTALL
)
_CSV_MESSAGE, _CSV_SESSION, _CSV_FIELDS = 13, 5, 23
_STATISTICS = """
    SELECT query, sum(calls)::bigint, sum(total_exec_time)::float8 FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY query
"""


class Ran(NamedTuple):
    """A statement, how often it ran, and how many milliseconds that took (0 where the source does not say)."""

    sql: str
    calls: int
    milliseconds: float


def from_statistics(url: str) -> list[Ran]:
    """What pg_stat_statements has of the database at `url`. Raises `ServerError`."""
    import psycopg

    with connect(url) as connection:
        try:
            found = [Ran(*row) for row in connection.execute(_STATISTICS)]
        except psycopg.Error as error:
            first = str(error).splitlines()[0]
            raise ServerError(f"pg_stat_statements: {first}; create the extension, or pass --log FILE") from error
    if not found:
        raise ServerError("pg_stat_statements: it knows of no statement of this database; wait until some ran")
    return found


def from_log(path: Path) -> list[Ran]:
    """What a csvlog or jsonlog file says was run. Raises `ServerError` when it is neither, or says of nothing."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError as error:
        raise ServerError(f"{path}: {error.strerror}; pass a csvlog or jsonlog file") from error
    lines = _json_messages(text) if text.lstrip().startswith("{") else _csv_messages(text, path)
    found = list(_statements(lines))
    if not found:
        raise ServerError(f"{path}: it says of no statement that it ran; let the server log them (log_statement = all)")
    return found


def _csv_messages(text: str, path: Path) -> Iterator[tuple[str, str]]:
    csv.field_size_limit(10_000_000)
    for number, row in enumerate(csv.reader(text.splitlines(keepends=True)), 1):
        if len(row) < _CSV_FIELDS:
            raise ServerError(f"{path}: record {number} is not one of a csvlog; pass a csvlog or jsonlog file")
        yield row[_CSV_SESSION], row[_CSV_MESSAGE]


def _json_messages(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        try:
            record = json.loads(line)
            yield str(record.get("session_id", "")), str(record.get("message", ""))
        except (ValueError, AttributeError):
            continue  # the last line of a log that is being written


def _statements(messages: Iterable[tuple[str, str]]) -> Iterator[Ran]:
    """One record a statement; a duration that is logged by itself belongs to the session's last one."""
    last: dict[str, str] = {}
    for session, message in messages:
        found = _MESSAGE.match(message)
        sql, milliseconds = (found["sql"], float(found["ms"] or 0)) if found else (None, 0.0)
        if sql and milliseconds == 0.0:
            last[session] = sql
            yield Ran(sql, 1, 0.0)
        elif sql:
            yield Ran(sql, 1, milliseconds)
        elif milliseconds and session in last:
            yield Ran(last.pop(session), 0, milliseconds)

"""Ask one server about one statement: whether it can be planned, and which relations it would touch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from codemods.catalog.connect import ServerError
from codemods.verify.placeholders import Sent

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.pq.abc import PGconn, PGresult

CANCELLED = "57014"
_NAME = "relink_asks"
_EXPLAIN = f"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) EXECUTE {_NAME}"
PLANNED = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "WITH", "TABLE"})
"""The verbs that the server plans; everything else is looked up."""
_GONE = frozenset({"08", "57"})
"""Classes of errors after which there is no connection; a cancelled statement (57014) is the exception."""
_LOOK_UP = {"relation": "to_regclass", "sequence": "to_regclass", "function": "to_regproc", "type": "to_regtype"}


class Answer(NamedTuple):
    """What a server said: `relations` (as `schema.name`) when it could plan, else why not.

    `position` is the 0-based character of the statement that the error is at.
    """

    relations: frozenset[str] | None
    state: str = ""
    message: str = ""
    position: int | None = None


class Server:
    """Asks over one connection. Nothing is executed, only planned, in a read-only transaction that is rolled back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, sent: Sent) -> Answer:
        """The relations in the generic plan of a statement."""
        from psycopg.pq import ExecStatus

        # A value that is bound would be reckoned with: of `id = NULL` no table is left in the plan.
        values = f"({', '.join(['NULL'] * sent.parameters)})" if sent.parameters else ""
        with self._undone() as server:
            # The extended protocol refuses a second statement that hides in the text.
            result = server.prepare(_NAME.encode(), sent.text.encode())
            if result.status == ExecStatus.COMMAND_OK:
                result = server.exec_(f"{_EXPLAIN}{values}".encode())
        if result.status != ExecStatus.TUPLES_OK:
            return _refused(result, sent)
        plans = json.loads(result.get_value(0, 0) or b"[]")
        return Answer(frozenset(f"{each['Schema']}.{each['Relation Name']}" for each in _nodes(plans)
                                if "Relation Name" in each and "Schema" in each))  # fmt: skip

    def prepare(self, sent: Sent) -> Answer:
        """Whether a statement can be prepared, which needs no right to run it; the relations stay unknown."""
        from psycopg.pq import ExecStatus

        with self._undone() as server:
            result = server.prepare(b"", sent.text.encode())
        return Answer(frozenset()) if result.status == ExecStatus.COMMAND_OK else _refused(result, sent)

    @contextmanager
    def _undone(self) -> Iterator[PGconn]:
        import psycopg

        server = self._connection.pgconn
        try:
            server.exec_(b"BEGIN READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan")
            yield server
            server.exec_(b"ROLLBACK; DEALLOCATE ALL")
        except psycopg.OperationalError as error:
            raise _gone(str(error)) from error

    def exists(self, name: str, kind: str) -> bool:
        """Whether something of `kind` has this name, as the session's `search_path` finds it."""
        import psycopg

        try:
            row = self._connection.execute(f"SELECT {_LOOK_UP[kind]}(%s) IS NOT NULL".encode(), [name]).fetchone()
        except psycopg.OperationalError as error:
            raise _gone(str(error)) from error
        except psycopg.Error:  # it is no name that this server takes, such as one of another database
            return False
        return bool(row and row[0])


def _refused(result: PGresult, sent: Sent) -> Answer:
    """What the server said against `sent`."""
    from psycopg.pq import DiagnosticField

    state, message, at = (
        (result.error_field(field) or b"").decode("utf-8", "replace")
        for field in (DiagnosticField.SQLSTATE, DiagnosticField.MESSAGE_PRIMARY, DiagnosticField.STATEMENT_POSITION)
    )
    if not state or (state[:2] in _GONE and state != CANCELLED):
        raise _gone(message or result.get_error_message())
    position = sent.origin(int(at) - 1) if at else None
    return Answer(None, state, message, position)


def _gone(message: str) -> ServerError:
    return ServerError(f"the server is gone: {message.strip()}; run it again")


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)

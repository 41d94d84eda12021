"""Ask one server about one statement: whether it can be planned, and which relations it would touch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from codemods.catalog.connect import ServerError
from codemods.verify.placeholders import Sent

if TYPE_CHECKING:
    from psycopg import Connection

_EXPLAIN = "EXPLAIN (GENERIC_PLAN, VERBOSE, COSTS OFF, FORMAT JSON) "
PLANNED = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "WITH", "TABLE"})
"""The verbs that the server plans; everything else is looked up."""
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
    """Asks over one connection; nothing is executed, only planned."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, sent: Sent) -> Answer:
        """The relations in the generic plan of a statement."""
        from psycopg.pq import DiagnosticField, ExecStatus

        # The extended protocol refuses a second statement that hides in the text.
        result = self._connection.pgconn.exec_params((_EXPLAIN + sent.text).encode(), [None] * sent.parameters)
        if result.status == ExecStatus.TUPLES_OK:
            plans = json.loads(result.get_value(0, 0) or b"[]")
            return Answer(frozenset(f"{each['Schema']}.{each['Relation Name']}" for each in _nodes(plans)
                                    if "Relation Name" in each and "Schema" in each))  # fmt: skip
        state, message, at = (
            (result.error_field(field) or b"").decode("utf-8", "replace")
            for field in (DiagnosticField.SQLSTATE, DiagnosticField.MESSAGE_PRIMARY, DiagnosticField.STATEMENT_POSITION)
        )
        if not state:
            raise ServerError(f"the server is gone: {result.get_error_message().strip()}; run it again")
        position = sent.origin(max(int(at) - 1 - len(_EXPLAIN), 0)) if at else None
        return Answer(None, state, message, position)

    def exists(self, name: str, kind: str) -> bool:
        """Whether something of `kind` has this name, as the session's `search_path` finds it."""
        row = self._connection.execute(f"SELECT {_LOOK_UP[kind]}(%s) IS NOT NULL".encode(), [name]).fetchone()
        return bool(row and row[0])


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)

"""A real PostgreSQL for tests: embedded, started once a run, on a socket of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg2
import psycopg2.extensions

Connection = psycopg2.extensions.connection


def execute(connection: Connection, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def plan_relations(connection: Connection, statement: str) -> set[str]:
    """The `schema.name` of every relation in the generic plan of `statement`; raises what the server raises."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (GENERIC_PLAN, VERBOSE, FORMAT JSON) " + statement)
        row = cursor.fetchone()
    assert row is not None
    plans = row[0] if isinstance(row[0], list) else json.loads(row[0])
    return {f"{node['Schema']}.{node['Relation Name']}" for node in _nodes(plans) if "Relation Name" in node}


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def constants(connection: Connection, statement: str) -> str:
    """The plan as text, in which the server has resolved names in literals to objects."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (GENERIC_PLAN, VERBOSE, COSTS OFF) " + statement)
        return "\n".join(str(row[0]) for row in cursor.fetchall())

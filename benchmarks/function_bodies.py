"""What PostgreSQL's own parsers see in the body of a function: its SQL parser, or that of PL/pgSQL."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pglast
from pglast.parser import ParseError, parse_plpgsql_json
from pglast_names import relations, temporary_ones

from codemods.sql import Kind, Script
from codemods.sql.tokens import DOLLAR, STRING, lex

Names = Counter[tuple[str, ...]]

_ASSIGNED = re.compile(r"[^=]*?:?=", re.DOTALL)
_OF_TABLE = re.compile(r'\s*((?:[\w$.]|"(?:[^"]|"")*")+)%(row)?type\b', re.IGNORECASE)


def body_of(sql: str) -> tuple[str, str] | None:
    """The language and the text of the body that a CREATE FUNCTION or DO carries in a literal."""
    statement = pglast.parse_sql(sql)[0].stmt
    options = getattr(statement, "options", None) or getattr(statement, "args", None)
    if type(statement).__name__ not in ("CreateFunctionStmt", "DoStmt") or not options:
        return None
    found = {option.defname: option.arg for option in options}
    body = found.get("as")
    language = found["language"].sval if "language" in found else "plpgsql"
    text = body[0].sval if isinstance(body, tuple) else getattr(body, "sval", None)
    return (language.lower(), text) if text and (not isinstance(body, tuple) or len(body) == 1) else None


def expected(sql: str, language: str, body: str) -> Names | None:
    """The relations that the body names; None when PostgreSQL does not accept it."""
    if language == "sql":
        return _lasting([body])
    try:
        functions = json.loads(parse_plpgsql_json(sql))
    except ParseError:
        return None
    walked = list(_walk(functions))
    names = _lasting([_statement(each["query"], each["parseMode"]) for kind, each in walked if kind == "PLpgSQL_expr"])
    if names is None:
        return None
    for _, value in walked:
        if table := _OF_TABLE.match(value.get("typname", "")):
            parts = [name.parts for name in relations(f"select from {table[1]}") or ()]
            names.update(part if table[2] else part[:-1] for part in parts if table[2] or part[1:])
    return names


def _lasting(statements: list[str]) -> Names | None:
    """The relations that statements name, in order, without those that they made temporary ones before."""
    names: Names = Counter()
    temporary: set[str] = set()
    for sql in statements:
        found = relations(sql)
        if found is None:
            return None
        names.update(name.parts for name in found if name.parts[1:] or name.parts[0] not in temporary)
        for name, made in temporary_ones(sql):
            (temporary.add if made else temporary.discard)(name)
    return names


def _walk(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        for kind, inner in value.items():
            if kind in ("PLpgSQL_expr", "PLpgSQL_type"):
                yield kind, inner
            else:
                yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)


def _statement(query: str, mode: int) -> str:
    """The statement that PL/pgSQL makes of an expression (mode 2) or an assignment (3 and up)."""
    if mode == 2:
        return f"select {query}"
    return query if mode == 0 else "select " + _ASSIGNED.sub("", query, count=1)


def disagreement(sql: str, script: Script) -> str | None:
    """What relink sees and PostgreSQL does not in the body that `sql` carries, or the other way round.

    "" when they agree, None when there is no body in SQL or PL/pgSQL that PostgreSQL accepts and that stands in
    `sql` as it is.
    """
    found = body_of(sql)
    if found is None or found[0] not in ("sql", "plpgsql") or found[1] not in sql:
        return None
    names = expected(sql, *found)
    if names is None:
        return None
    ours = seen(sql, found[1], script)
    return "" if names == ours else f"the body: missed {list(names - ours)}, extra {list(ours - names)}"


def seen(sql: str, body: str, script: Script) -> Names:
    """The relations that relink sees in the body, outside of the literals in it."""
    tokens = lex(sql)
    start = next(
        tokens.starts[index]
        for index in range(tokens.count)
        if tokens.kinds[index] in (STRING, DOLLAR) and len(tokens.slice(index)) > len(body)
    )
    start = sql.find(body, start)
    inside = lex(body, script=False)
    literals = [
        range(start + inside.starts[index], start + inside.ends[index])
        for index in range(inside.count)
        if inside.kinds[index] in (STRING, DOLLAR)
    ]
    return Counter(
        found.names
        for statement in script.statements
        for found in statement.references
        if found.kind in (Kind.RELATION, Kind.SEQUENCE)
        and not found.partial
        and start <= found.start < start + len(body)
        and not any(found.start in literal for literal in literals)
    )

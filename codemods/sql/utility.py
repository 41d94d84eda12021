"""Statements that are neither queries nor definitions: COPY, LOCK, VACUUM, COMMENT, SET and so on."""

from __future__ import annotations

from .filters import content
from .literals import read_search_path
from .model import Kind, Role
from .privileges import named_object
from .query import QueryReader
from .routines import arguments, set_search_path
from .scope import PLAIN, QUERY


def copy(reader: QueryReader, start: int, end: int) -> str:
    """`COPY users (id) FROM …`, `COPY (SELECT …) TO …`"""
    words = reader.words
    index = reader.skip_words(start + 1, "BINARY")
    if words[index] == "(":
        close = reader.skip_parens(index)
        reader.walk(index, close)
        return "COPY"
    parts, index = reader.name(index)
    index = reader.skip_parens(index)
    reader.refer(parts, Kind.RELATION, Role.WRITE if words[index] == "FROM" else Role.READ)
    where = reader.find(index, end, "WHERE")
    if where:
        reader.walk(where, end)
    return "COPY"


def truncate(reader: QueryReader, start: int, end: int) -> str:
    """`TRUNCATE TABLE a, ONLY b CASCADE`"""
    reader.take_list(start + 1, Kind.RELATION, Role.TRUNCATE)
    return "TRUNCATE"


def lock(reader: QueryReader, start: int, end: int) -> str:
    """`LOCK TABLE a, b IN … MODE`"""
    reader.take_list(start + 1, Kind.RELATION, Role.OTHER)
    return "LOCK"


def maintain(reader: QueryReader, start: int, end: int) -> str:
    """`VACUUM (FULL) a (c), b`, `ANALYZE a`"""
    words = reader.words
    index = reader.skip_words(start + 1, "FULL", "FREEZE", "VERBOSE", "ANALYZE", "ANALYSE")
    if index == start + 1:
        index = reader.skip_parens(index)
    while index < end:
        index = reader.skip_parens(reader.take_table(index, Role.OTHER))
        if words[index] != ",":
            break
        index += 1
    return words[start]


def reindex(reader: QueryReader, start: int, end: int) -> str:
    """`REINDEX TABLE a`"""
    words = reader.words
    index = reader.skip_parens(start + 1)
    kinds = {"TABLE": Kind.RELATION, "INDEX": Kind.INDEX, "SCHEMA": Kind.SCHEMA, "DATABASE": Kind.DATABASE}
    kind = kinds.get(words[index])
    if kind is not None:
        reader.take(reader.skip_words(index + 1, "CONCURRENTLY"), kind, Role.OTHER)
    return "REINDEX"


def cluster(reader: QueryReader, start: int, end: int) -> str:
    """`CLUSTER users USING ix`, `CLUSTER ix ON users`"""
    index = reader.skip_words(reader.skip_parens(start + 1), "VERBOSE")
    parts, after = reader.name(index)
    if reader.words[after] == "ON":
        parts, after = reader.name(after + 1)
    reader.refer(parts, Kind.RELATION, Role.OTHER)
    return "CLUSTER"


def comment(reader: QueryReader, start: int, end: int) -> str:
    """`COMMENT ON …`, `SECURITY LABEL ON …`"""
    named_object(reader, reader.after(start, end, "ON"), end, Role.OTHER)
    return reader.words[start]


def refresh(reader: QueryReader, start: int, end: int) -> str:
    """`REFRESH MATERIALIZED VIEW v`"""
    index = reader.skip_words(start + 1, "MATERIALIZED", "VIEW", "CONCURRENTLY")
    reader.take(index, Kind.RELATION, Role.WRITE)
    return "REFRESH MATERIALIZED VIEW"


def set_variable(reader: QueryReader, start: int, end: int) -> str:
    """`SET search_path TO a, b`, or the glued `SET a = (SELECT …)` of an UPDATE."""
    index = reader.skip_words(start + 1, "SESSION", "LOCAL")
    if reader.words[index] == "SEARCH_PATH":
        set_search_path(reader, index + 1, end)
    elif reader.words[index] == "CONSTRAINTS":
        if reader.words[index + 1] != "ALL":
            reader.take_list(index + 1, Kind.INDEX, Role.OTHER)
    elif reader.words[index] == "SCHEMA" and reader.is_string(index + 1):
        span = content(reader, index + 1)
        if span:
            read_search_path(reader, *span)
    else:
        reader.walk(reader.name(index)[1], end, QUERY)
    return "SET"


def call(reader: QueryReader, start: int, end: int) -> str:
    """`CALL p(…)`, and the `RETURN x` of a body in SQL"""
    reader.walk(start + 1, end)
    return reader.words[start]


def explain(reader: QueryReader, start: int, end: int) -> int:
    """The index of the statement that EXPLAIN explains."""
    index = reader.skip_words(start + 1, "ANALYZE", "ANALYSE", "VERBOSE")
    if index == start + 1 and reader.words[index] == "(" and reader.words[index + 1] not in ("SELECT", "WITH", "("):
        index = reader.skip_parens(index)
    return index


def prepare(reader: QueryReader, start: int, end: int) -> int:
    """The index of the statement that PREPARE prepares."""
    index = arguments(reader, start + 2)
    return index + 1 if reader.words[index] == "AS" else end


def execute(reader: QueryReader, start: int, end: int) -> str:
    """`EXECUTE prepared (…)`"""
    reader.walk(min(start + 2, end), end)
    return "EXECUTE"


def cursor(reader: QueryReader, start: int, end: int) -> str:
    """`DECLARE c CURSOR FOR SELECT …`"""
    at = reader.find(start, end, "FOR")
    if at:
        reader.walk(at + 1, end)
    return "DECLARE"


def do(reader: QueryReader, start: int, end: int) -> str:
    """`DO $$ … $$`"""
    language = "plpgsql"
    bodies = []
    for index in range(start + 1, end):
        if reader.words[index] == "LANGUAGE":
            language = reader.tokens.slice(index + 1).strip("'\"").lower()
        elif reader.is_string(index) and reader.words[index - 1] != "LANGUAGE":
            bodies.append(index)
    reader.nested.extend((((body, False),), language) for body in bodies)
    return "DO"


def import_schema(reader: QueryReader, start: int, end: int) -> str:
    """`IMPORT FOREIGN SCHEMA remote … INTO local`"""
    at = reader.find(start, end, "INTO")
    if at:
        reader.take(at + 1, Kind.SCHEMA, Role.OTHER)
    return "IMPORT FOREIGN SCHEMA"


def query(reader: QueryReader, start: int, end: int) -> str:
    """SELECT, VALUES, TABLE, WITH, INSERT, UPDATE, DELETE, MERGE"""
    reader.walk(start, end, PLAIN)
    words = reader.words
    if words[start] == "UPDATE" and words[start + 1] == "SET":
        reader.fail("the table is missing")
    if words[start] == "WITH":
        index = start
        while index < end and words[index] not in ("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE"):
            index = reader.tokens.match.get(index, index) + 1
        return words[index] if index < end else "WITH"
    return "SELECT" if words[start] == "(" else words[start]


def fragment(reader: QueryReader, start: int, end: int) -> str:
    """A clause without its statement."""
    reader.fragment = True
    if reader.words[start] == "USING" and reader.is_name(start + 1):
        start = reader.take(start + 1, Kind.RELATION, Role.READ)
    reader.walk(start, end, QUERY)
    return "FRAGMENT"

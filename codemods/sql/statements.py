"""Splits a text into statements and reads each with the reader of its family."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from . import alter, bodies, create, formatted, plpgsql, privileges, psql, utility
from .keywords import FRAGMENT_STARTS, words
from .model import Reference, Script, Statement
from .query import QueryReader
from .tokens import HOLE, META, Tokens, lex

_MAX_DEPTH = 12
_DEFINES_BODY = ("CREATE FUNCTION", "CREATE PROCEDURE")
_ESCAPES_ON = re.compile(r"\bstandard_conforming_strings\s*(?:=|\bto\b)\s*'?(?:off|false|0)", re.IGNORECASE)
_NOTHING = words(
    """BEGIN START COMMIT END ROLLBACK ABORT SAVEPOINT RELEASE SHOW RESET DISCARD LISTEN UNLISTEN NOTIFY DEALLOCATE
    CLOSE FETCH MOVE CHECKPOINT LOAD REASSIGN"""
)


_BACKTICKS = re.compile(r"`\w+`")


def read(text: str) -> Script:
    """Find what each statement of `text` names. Never raises; takes time linear in the length of the text."""
    tokens = lex(text)
    found = _read_tokens(tokens, set(), 0)
    if "\\" in text and _ESCAPES_ON.search(text):
        found = (_doubt_escapes(text, statement) for statement in found)
    return Script(text, tuple(found))


def _doubt_escapes(text: str, statement: Statement) -> Statement:
    """The statement with a problem when a backslash stands in it, which may be an escape in any of its strings."""
    if statement.problem or "\\" not in text[statement.start : statement.end]:
        return statement
    return replace(statement, problem="backslashes where standard_conforming_strings is off")


def _read_tokens(tokens: Tokens, temporary: set[str], depth: int) -> Iterator[Statement]:
    for start, end in _split(tokens):
        reader = QueryReader(tokens, temporary)
        meta = tokens.kinds[start] == META
        verb = psql.command(reader, start) if meta else _dispatch(reader, start, end)
        last = end - 1
        if not meta and tokens.kinds[end] == META and psql.executes_rows(tokens.slice(end)):
            plpgsql.execute_columns(reader, start, end)
            last = end  # the command is what makes its literals statements
        made = tuple(reader.created_temporary)
        if verb in _DEFINES_BODY:  # the body runs later, in other sessions
            _read_nested(reader, set(temporary), depth)
        else:
            _read_nested(reader, temporary, depth)
            made = tuple(reader.created_temporary)
        _check(reader, start, end)
        yield Statement(
            tokens.starts[start],
            tokens.ends[last],
            verb,
            tuple(sorted(reader.references, key=_place)),
            tuple(reader.filters),
            tuple(reader.paths),
            made,
            tuple(reader.owned),
            tuple(reader.naming),
            tuple(reader.arguments),
            tuple(reader.of_rows),
            reader.problem,
        )


def _place(found: Reference) -> int:
    return found.parts[0].start


def _split(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """The ranges of tokens that are statements, or psql commands."""
    start = 0
    words = tokens.words
    atomic = "ATOMIC" in words
    resume = 0
    for end in [*tokens.ends_at, tokens.count]:
        if end < resume:
            continue
        if atomic and start < end and words[start] == "CREATE":
            resume = _atomic_end(tokens, start, end)
            if resume > end:
                continue
        if start < end:
            yield start, end
        if end < tokens.count and tokens.kinds[end] == META:
            yield end, end + 1
        start = end + 1


def _atomic_end(tokens: Tokens, start: int, end: int) -> int:
    """Where the statement ends whose body opens with BEGIN ATOMIC before `end`, else 0."""
    words, match = tokens.words, tokens.match
    index = start
    while index < end and not (words[index] == "ATOMIC" and words[index - 1] == "BEGIN"):
        index = match.get(index, index) + 1
    if index >= end:
        return 0
    depth = 1
    while index < tokens.count and depth:
        index = match.get(index, index) + 1
        depth += (words[index] == "CASE") - (words[index] == "END")
    return index


def _dispatch(reader: QueryReader, start: int, end: int) -> str:
    """Read one statement; return its verb."""
    words = reader.words
    for _ in range(4):
        if words[start] == "EXPLAIN":
            start = utility.explain(reader, start, end)
        elif words[start] == "PREPARE":
            if words[start + 1] == "TRANSACTION":
                return "PREPARE TRANSACTION"
            start = utility.prepare(reader, start, end)
    if start >= end:
        return "EXPLAIN"
    word = words[start]
    handler = _VERBS.get(word)
    if handler is not None:
        return handler(reader, start, end)
    if word in _NOTHING:
        return word
    if word in FRAGMENT_STARTS or word == ",":
        return utility.fragment(reader, start, end)
    if reader.kinds[start]:
        first = reader.tokens.slice(start)[:40]
        known = HOLE not in first and "{" not in first
        reader.fail(f"no statement starts with {first if known else 'a piece that is only known at run time'}")
    reader.fragment = True
    utility.fragment(reader, start, end)
    return word


_VERBS: dict[str, Callable[[QueryReader, int, int], str]] = {
    **dict.fromkeys(["SELECT", "VALUES", "TABLE", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "("], utility.query),
    "CREATE": create.create,
    "ALTER": alter.alter,
    "DROP": alter.drop,
    "GRANT": privileges.grant,
    "REVOKE": privileges.grant,
    "COPY": utility.copy,
    "TRUNCATE": utility.truncate,
    "LOCK": utility.lock,
    "VACUUM": utility.maintain,
    "ANALYZE": utility.maintain,
    "ANALYSE": utility.maintain,
    "REINDEX": utility.reindex,
    "CLUSTER": utility.cluster,
    "COMMENT": utility.comment,
    "SECURITY": utility.comment,
    "REFRESH": utility.refresh,
    "SET": utility.set_variable,
    "CALL": utility.call,
    "RETURN": utility.call,
    "EXECUTE": utility.execute,
    "DECLARE": utility.cursor,
    "DO": utility.do,
    "IMPORT": utility.import_schema,
}


def _read_nested(reader: QueryReader, temporary: set[str], depth: int) -> None:
    """Read the bodies and texts that the statement carries in literals."""
    if reader.nested_range is not None:
        start, end = reader.nested_range
        while start < end:
            stop = reader.find(start, end, ";") or end
            if reader.words[start] != "END":
                _dispatch(reader, start, stop)
            start = stop + 1
    for pieces, language in reader.nested:
        if language in ("c", "internal"):
            continue
        if language not in ("sql", "plpgsql"):
            reader.fail(f"the body is written in {language}")
            continue
        if depth >= _MAX_DEPTH:
            reader.fail("texts nested too deeply")
            continue
        _read_literal(reader, pieces, language, temporary, depth)


def _read_literal(
    reader: QueryReader, pieces: Sequence[bodies.Piece], language: str, temporary: set[str], depth: int
) -> None:
    text, places = bodies.join(reader.tokens, pieces)
    tokens = lex(text, script=False)
    lift = bodies.Lift(places, text, reader.text)
    if language == "plpgsql":
        body = QueryReader(tokens, temporary)
        plpgsql.read_body(body, tokens.count, _dispatch)
        _read_nested(body, temporary, depth + 1)
        _check(body, 0, tokens.count)
        reader.references.extend(lift.references(body.references))
        reader.filters.extend(lift.filters(body.filters))
        reader.paths.extend(lift.paths(body.paths))
        reader.created_temporary.extend(body.created_temporary)
        reader.owned.extend(body.owned)
        reader.arguments.extend(lift.references(body.arguments))
        if body.problem:
            reader.fail(body.problem)
    else:
        for statement in _read_tokens(tokens, temporary, depth + 1):
            found = statement.references
            if len(pieces) == 1:
                found = tuple(formatted.fill(reader.tokens, pieces[0][0], found))
            reader.references.extend(lift.references(found))
            reader.filters.extend(lift.filters(statement.catalog_filters))
            reader.paths.extend(lift.paths(statement.search_paths))
            reader.created_temporary.extend(statement.temporary)
            reader.owned.extend(statement.owned)
            reader.naming.extend(statement.naming)
            reader.of_rows.extend(statement.of_rows)
            reader.arguments.extend(lift.references(statement.arguments))
            if statement.problem:
                reader.fail(statement.problem)
    if lift.lossy:
        reader.fail("a name written with escapes")


def _check(reader: QueryReader, start: int, end: int) -> None:
    """Note what the lexer could not read in the tokens `start:end`."""
    tokens = reader.tokens
    first = bisect_left(tokens.trouble, (start, ""))
    if first < len(tokens.trouble) and tokens.trouble[first][0] < end:
        reader.fail(tokens.trouble[first][1])
    written = (tokens.starts[start], tokens.ends[end - 1]) if start < end else (0, 0)
    if _BACKTICKS.search(tokens.text, *written) and any(_in_backticks(tokens, at) for at in range(start, end - 2)):
        reader.fail("a name in backticks, as MySQL writes it")


def _in_backticks(tokens: Tokens, at: int) -> bool:
    """Whether a word in backticks, which are an operator's characters in PostgreSQL, begins at the token `at`."""
    return tokens.words[at] == tokens.words[at + 2] == "`" and tokens.ends[at + 1] - tokens.starts[at + 1] == (
        tokens.starts[at + 2] - tokens.ends[at]
    )

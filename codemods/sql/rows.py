"""What expressions take of rows: a table's bare name, which may be its row or a column, and what a dot takes of one."""

from __future__ import annotations

from collections.abc import Iterator

from .cursor import cut, fold, quoted_identifier
from .model import Statement
from .tokens import QUOTED, WORD, lex


def attributes(text: str, statement: Statement) -> Iterator[tuple[int, int, str]]:
    """What `statement` of `text` takes of rows without calling it, `u.name`: start, end and folded name of each.

    Names of tables behind their schema are not among them.
    """
    tokens = lex(text[statement.start : statement.end])
    named = {part.start - statement.start for found in statement.references for part in found.parts}
    for index in range(1, tokens.count):
        start, end = tokens.starts[index], tokens.ends[index]
        if tokens.words[index - 1] != "." or tokens.kinds[index] not in (WORD, QUOTED) or start in named:
            continue
        if tokens.words[index + 1] not in (".", "("):
            quoted = tokens.kinds[index] == QUOTED
            name = quoted_identifier(tokens.text, start, end).name if quoted else cut(fold(tokens.slice(index)))
            yield start + statement.start, end + statement.start, name


def says_row(text: str, statement: Statement, name: str) -> bool:
    """Whether `statement` of `text` says `name` by itself, neither as a reference nor as an alias or a qualifier."""
    tokens = lex(text[statement.start : statement.end])
    starts = {part.start - statement.start for found in statement.references for part in found.parts}
    ends = {found.end - statement.start for found in statement.references}
    for index in range(tokens.count):
        start, end = tokens.starts[index], tokens.ends[index]
        if start in starts or tokens.kinds[index] not in (WORD, QUOTED):
            continue
        if index and (tokens.words[index - 1] in (".", "AS") or tokens.ends[index - 1] in ends):
            continue
        quoted = tokens.kinds[index] == QUOTED
        said = quoted_identifier(tokens.text, start, end).name if quoted else cut(fold(tokens.slice(index)))
        if said == name and tokens.words[index + 1] not in (".", "("):
            return True
    return False

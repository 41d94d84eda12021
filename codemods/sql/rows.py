"""A table's bare name in an expression, which may be the row of the table or a column of that name."""

from __future__ import annotations

from .cursor import cut, fold, quoted_identifier
from .model import Statement
from .tokens import QUOTED, WORD, lex


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

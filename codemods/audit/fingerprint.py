"""One text for all the ways in which a statement can be sent: values, layout and letter case do not count."""

from __future__ import annotations

from functools import lru_cache

from codemods.sql.tokens import HOLE, NUMBER, PARAM, STRING, WORD, lex

_VALUE = "?"


@lru_cache(maxsize=65536)
def fingerprint(sql: str) -> str:
    """The words of a statement, folded, with `?` for each value and for a list of them."""
    tokens = lex(sql, script=False)
    words: list[str] = []
    for index in range(tokens.count):
        kind, written = tokens.kinds[index], tokens.slice(index)
        if kind in (STRING, NUMBER) or (kind == PARAM and written != "%%") or written == HOLE:
            if words[-2:] == [_VALUE, ","]:
                words.pop()
                continue
            words.append(_VALUE)
        elif kind == PARAM:
            words.append("%")
        else:
            words.append(written.lower() if kind == WORD else written)
    while words and words[-1] == ";":
        words.pop()
    return " ".join(words)

"""Proof that edits touch comments only."""

from __future__ import annotations

from collections.abc import Sequence

from codemods.apply.splice import splice
from codemods.model import Edit
from codemods.source import PYTHON_SUFFIXES, Source, Unreadable, decode
from codemods.sql import SQL_SUFFIXES
from codemods.sql.tokens import lex


def leaves_code(source: Source, edits: Sequence[Edit]) -> bool:
    """Whether the file means the same after `edits`, as its language reads it.

    Python is judged by LibCST's trees without their comments, SQL by its tokens. Other files have no judge: what
    makes the edits has to know their comments.
    """
    from codemods.apply.trees import equal  # LibCST is slow to import
    from codemods.python.parse import NotPython, parse

    after = decode(source.path, splice(source.data, edits))
    if isinstance(after, Unreadable) or after.encoding != source.encoding:
        return False
    if source.path.endswith(PYTHON_SUFFIXES):
        try:
            return equal(parse(source.text), parse(after.text))
        except NotPython:
            return False
    if source.path.endswith(SQL_SUFFIXES):
        return _tokens(source.text) == _tokens(after.text)
    return True


def _tokens(text: str) -> list[str]:
    tokens = lex(text)
    return [tokens.slice(index) for index in range(tokens.count)]

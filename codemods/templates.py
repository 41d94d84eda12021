"""Templates (Jinja and its like) of files that relink reads: what is filled in is a hole.

Source: https://jinja.palletsprojects.com/en/stable/templates/
"""

from __future__ import annotations

import re

from codemods.excerpts import Excerpt
from codemods.python.lexer import TokenKind, tokenize
from codemods.source import Source
from codemods.sourcemap import SourceMap
from codemods.sql import HOLE
from codemods.sql.tokens import BROKEN, DOLLAR, QUOTED, lex

_TAG = re.compile(r"\{\{.*?\}\}|\{%[-+]?\s*(?P<word>\w*).*?%\}|\{#.*?#\}", re.DOTALL)
_DEFAULT = re.compile(r"^\{\{[^{}]*?\|\s*default\s*\(?\s*(?P<quote>['\"])(?P<literal>[^'\"]*)(?P=quote)")
_LETTER = re.compile(r"[^\r\n]")
_BRANCHES = ("else", "elif", "elsif")
_STRING_OR_COMMENT = re.compile(r"'[^']*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_STATEMENT_ENDS = re.compile(r";\s*(?:--[^\n]*\s*|/\*(?:[^*]|\*(?!/))*\*/\s*)*\Z")
_NEAR = 1000


def mask(text: SourceMap) -> SourceMap:
    """`text` with a hole, or its default, for what is filled in; other tags are space.

    Between branches stands a hole, unless a whole statement ends there.
    """
    if "{{" not in text.text and "{%" not in text.text:
        return text

    def said(tag: re.Match[str]) -> str | SourceMap:
        default = _DEFAULT.search(tag.group())
        if default:
            start = tag.start() + default.start("literal")
            return text.slice(start, start + len(default["literal"]))
        before = text.text[max(tag.start() - _NEAR, 0) : tag.start()]
        between = tag["word"] in _BRANCHES and not _STATEMENT_ENDS.search(before)
        return HOLE if tag.group().startswith("{{") or between else " "

    return text.replace(_TAG, said)


def is_template_of_sql(text: str) -> bool:
    """Whether a script of SQL holds tags where SQL has none: outside of its strings, comments and data."""
    if "{{" not in text and "{%" not in text:
        return False
    tokens = lex(text)
    for index, kind in enumerate(tokens.kinds[: tokens.count]):
        if kind == BROKEN and _TAG.match(text, tokens.starts[index]):
            return True
        if kind in (QUOTED, DOLLAR) and _TAG.search(_STRING_OR_COMMENT.sub("", tokens.slice(index))):
            return True
    return False


def python_view(source: Source) -> Excerpt:
    """A template of Python: what is filled in is a hole in strings and a name elsewhere; other tags are space."""
    text = source.text
    plain = _TAG.sub(lambda found: _LETTER.sub("_" if found.group().startswith("{{") else " ", found.group()), text)
    inside = [
        (token.start, token.start + len(token.text))
        for token in tokenize(plain)
        if token.kind in (TokenKind.STRING, TokenKind.FORMAT_TEXT)
    ]
    masked, number = list(plain), 0
    for found in _TAG.finditer(text):
        while number < len(inside) and inside[number][1] <= found.start():
            number += 1
        in_string = number < len(inside) and inside[number][0] <= found.start()
        if found.group().startswith("{{") and in_string:
            masked[found.start() : found.end()] = _LETTER.sub(HOLE, found.group())
    return Excerpt(
        source.path, source.data, source.encoding, source.mark, source.name, source.is_template,
        file=source, shown=text, places=tuple(range(len(text) + 1)), masked="".join(masked),
    )  # fmt: skip

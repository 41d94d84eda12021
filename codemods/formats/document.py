"""Markdown and reStructuredText: blocks of code in a language that relink reads, code inside of lines, and prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemods import programs
from codemods.configuration.read import urls
from codemods.occurrences import Embedded, Engine, Evidence, Occurrence, Prose, Query
from codemods.python.lexer import TokenKind, tokenize
from codemods.python.literals import body_of
from codemods.sourcemap import SourceMap
from codemods.sql import looks_like_sql

NAMES = ("*.md", "*.markdown", "*.mdx", "*.rst")
IS_DOCUMENT = True

_BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[\w.+\-]*)[^\n]*\n(?P<fenced>[\s\S]*?)"
    r"(?:^[ \t]*(?P=fence)[`~]*[ \t]*\r?$|\Z)"
    r"|^\.\.[ \t]+(?:code-block|code|sourcecode|highlight)::[ \t]*(?P<directive>[\w.+\-]*)[^\n]*\n"
    r"(?P<directed>(?:[ \t]+\S[^\n]*\n|[ \t]*\r?\n)+)"
    r"|(?:\A|(?<=\n)[ \t]*\r?\n)(?P<plain>(?:(?: {4}|\t)[^\n]*(?:\n|\Z)|[ \t]*\r?\n)+)",
    re.MULTILINE,
)
_INLINE = re.compile(r"(?P<ticks>`+)(?P<code>[^`]+(?:(?!(?P=ticks))`[^`]*)*)(?P=ticks)")
_MARGIN = re.compile(r"^[ \t]+", re.MULTILINE)
_PROMPT = re.compile(r"^[ \t]*(?:[$>%]|[\w@~:/\-]+[$#])[ \t]+", re.MULTILINE)
_NAMES_OF = {
    "sql": "sql", "postgres": "sql", "postgresql": "sql", "pgsql": "sql", "plpgsql": "sql",
    "bash": "sh", "sh": "sh", "shell": "sh", "zsh": "sh", "console": "sh", "shell-session": "sh", "": "sh",
    "yaml": "yaml", "yml": "yaml", "json": "json", "jsonc": "json", "toml": "toml", "ini": "ini", "cfg": "ini",
    "dotenv": "env", "env": "env", "properties": "properties", "dockerfile": "dockerfile", "docker": "dockerfile",
    "make": "mk", "makefile": "mk",
}  # fmt: skip


def read(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in the code and the prose of a document."""
    end = 0
    for block in _BLOCK.finditer(text.text):
        yield from _prose(text.slice(end, block.start()), path)
        end = block.end()
        group = next(name for name in ("fenced", "directed", "plain") if block[name] is not None)
        language = (block["language"] or block["directive"] or "").lower()
        yield from _code(text.slice(*block.span(group)), language, path)
    yield from _prose(text.slice(end, len(text.text)), path)


def _prose(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    end = 0
    for inline in _INLINE.finditer(text.text):
        yield Prose(text.slice(end, inline.start()), path, 0)
        yield from _code(text.slice(*inline.span("code")), "", path)
        end = inline.end()
    yield Prose(text.slice(end, len(text.text)), path, 0)


def _code(code: SourceMap, language: str, path: str) -> Iterator[Occurrence | Embedded]:
    suffix = _NAMES_OF.get(language)
    body = code.text.strip()
    if language in ("python", "py", "python3", "pycon"):
        yield from _strings(code, path)
    elif suffix == "sql" or (suffix == "sh" and looks_like_sql(body)):
        yield Query(code, Evidence.CONTENT, Engine.POSTGRESQL, path, 0)
    elif suffix == "sh":
        yield from _commands(code, path)
    elif suffix is not None:
        yield Embedded(f"code.{suffix}", code)
    else:
        yield from urls(code, path)


def _commands(code: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    if programs.PROGRAM.search(code.text) or "=" in code.text:
        yield Embedded("code.sh", code.replace(_PROMPT, lambda _: "").replace(_MARGIN, lambda _: ""))
        return
    yield from urls(code, path)
    if len(code.text.split()) == 1:
        yield Prose(code, path, 0)


def _strings(code: SourceMap, path: str) -> Iterator[Occurrence]:
    """The strings of a block of Python, as far as they are written without escapes."""
    for token in tokenize(code.text):
        if token.kind is TokenKind.STRING and "\\" not in token.text:
            body = body_of(token.text, token.start)
            text = code.slice(body.start, body.start + len(body.raw)).as_literal()
            yield from urls(text, path)
            if looks_like_sql(text.text):
                yield Query(text, Evidence.CONTENT, Engine.UNKNOWN, path, 0)

"""Splits a psql script into its statements by psql's own rules, independently of relink's lexer."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SKIPPED = re.compile(
    r"""--[^\n]*|"(?:[^"]|"")*"|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(?:[A-Za-z_\x80-\U0010ffff][\w]*)?\$""",
    re.DOTALL,
)
_WORD = re.compile(r"[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*")
_COMMAND = re.compile(r"""\\(?:[;\\]|copy\b[^\n]*|(?:[^\\\n'"`]|'(?:[^'\\\n]|\\.)*'|"[^"\n]*"|`[^`\n]*`|['"`])*)""")
_STDIN = re.compile(r"\s*copy\b.*\bfrom\s+stdin\b", re.IGNORECASE | re.DOTALL)


def statements(text: str) -> Iterator[tuple[int, int]]:
    """The spans (0-based characters) of the statements of a script, without semicolons, commands and COPY data."""
    at = start = depth = blocks = 0
    previous = ""
    while at < len(text):
        character = text[at]
        if found := _SKIPPED.match(text, at):
            at = found.end()
            if found[0].startswith("$"):
                close = text.find(found[0], at)
                at = len(text) if close < 0 else close + len(found[0])
        elif text.startswith("/*", at):
            at = _after_comment(text, at)
        elif character == "\\":
            command = _COMMAND.match(text, at)
            end = command.end() if command else len(text)
            yield from _trimmed(text, start, at)
            if command and _STDIN.match(command[0][1:]):
                end = _after_data(text, end)
            at = start = end
            depth = blocks = 0
        elif character == ";" and not depth and not blocks:
            yield from _trimmed(text, start, at)
            at += 1
            if _STDIN.match(text, _skip_blank(text, start), at):
                at = _after_data(text, at)
            start = at
        elif found := _WORD.match(text, at):
            word = found[0].lower()
            if word == "atomic" and previous == "begin":
                blocks = 1
            elif blocks:
                blocks += (word == "case") - (word == "end")
            previous, at = word, found.end()
        else:
            depth += (character == "(") - (character == ")")
            at += 1
    yield from _trimmed(text, start, at)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start = _skip_blank(text, start, end)
    if start < end:
        yield start, start + len(text[start:end].rstrip())


def _skip_blank(text: str, at: int, end: int | None = None) -> int:
    """The place of the first character that is neither white space nor comment."""
    end = len(text) if end is None else end
    while at < end:
        if text[at].isspace():
            at += 1
        elif text.startswith("--", at):
            at = text.find("\n", at) % (len(text) + 1)
        elif text.startswith("/*", at):
            at = _after_comment(text, at)
        else:
            break
    return min(at, end)


def _after_comment(text: str, at: int) -> int:
    depth = 0
    for edge in re.compile(r"/\*|\*/").finditer(text, at):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    return len(text)


def _after_data(text: str, at: int) -> int:
    close = re.compile(r"^\\\.[ \t]*$", re.MULTILINE).search(text, at)
    return close.end() if close else at

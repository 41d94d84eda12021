"""Find the names, numbers and strings of Python source, in order, with their places.

LibCST keeps no positions and computing them costs five times the parse, so this lexer supplies them: it
walks the same text and `lower` pairs its tokens with LibCST's nodes. It knows PEP 701 f-strings and t-strings
whatever interpreter runs it.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class TokenKind(Enum):
    NAME = 1
    STRING = 2
    FORMAT_START = 3
    FORMAT_TEXT = 4
    NUMBER = 5


class Token(NamedTuple):
    """A name, a number or a string (part) at `start`, a 0-based character offset; `text` is as written."""

    kind: TokenKind
    start: int
    text: str


_STRING = r"""
      (?P<string>(?i:[rbu]|br|rb)?(?:
          \"{3}[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*\"{3}
        | '{3}[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*'{3}
        | "(?!"")[^"\\\r\n]*(?:\\(?:\r\n|[\s\S])[^"\\\r\n]*)*"
        | '(?!'')[^'\\\r\n]*(?:\\(?:\r\n|[\s\S])[^'\\\r\n]*)*'
      ))
"""
_COMMON = rf"""
      (?P<comment>\#[^\r\n]*)
    | (?P<format>(?i:fr?|tr?|r[ft])(?:\"{{3}}|'{{3}}|"|'))
    | {_STRING}
    | (?P<name>[^\W\d]\w*)
    | (?P<fraction>(?:\d[\d_]*\.(?!\.)|\.(?=\d))[\d_]*(?:[eE][+-]?\d[\d_]*)?[jJ]?
        | \d[\d_]*(?:[eE][+-]?\d[\d_]*[jJ]?|[jJ]))
    | (?P<number>\d\w*)
"""
_CODE = re.compile(_COMMON, re.VERBOSE)
FIELD = re.compile(rf"{_COMMON} | (?P<open>[(\[{{]) | (?P<close>[)\]}}]) | (?P<stop>!=|[:!])", re.VERBOSE)
_ESCAPE = r"\\(?:N\{[^}]*\}|\r\n|[^{}]|(?=[{}]))"


def _text_until(quote: str, raw: bool, in_spec: bool) -> re.Pattern[str]:
    """The literal text of a format string: up to a field, the closing quote or (in a spec) the closing brace."""
    escape = r"\\(?:\r\n|[^{}]|(?=[{}]))" if raw else _ESCAPE
    lone_quote = rf"|{quote[0]}(?!{quote[0] * 2})" if len(quote) == 3 else ""
    braces = "" if in_spec else r"|\{\{|\}\}"
    return re.compile(rf"(?:[^{{}}\\{quote[0]}]|{escape}{lone_quote}{braces})*")


FORMAT_TEXT = {
    (quote, raw, in_spec): _text_until(quote, raw, in_spec)
    for quote in ('"', "'", '"""', "'''")
    for raw in (True, False)
    for in_spec in (True, False)
}


def tokenize(text: str) -> list[Token]:
    """The names, whole numbers and strings of `text` in source order; what cannot be read ends the list early."""
    tokens: list[Token] = []
    position = 0
    search = _CODE.search
    while match := search(text, position):
        position = _take(match, text, tokens)
    return tokens


def end_of_token(text: str, position: int) -> int:
    """The end of the comment, string (a whole format string), name, number or single character at `position`."""
    match = _CODE.match(text, position)
    return _take(match, text, []) if match else position + 1


def _take(match: re.Match[str], text: str, tokens: list[Token]) -> int:
    kind = match.lastgroup
    if kind == "name":
        tokens.append(Token(TokenKind.NAME, match.start(), match.group()))
    elif kind == "string":
        tokens.append(Token(TokenKind.STRING, match.start(), match.group()))
    elif kind == "number":
        tokens.append(Token(TokenKind.NUMBER, match.start(), match.group()))
    elif kind == "format":
        return _format_string(match, text, tokens)
    return match.end()


def _format_string(match: re.Match[str], text: str, tokens: list[Token]) -> int:
    opening = match.group()
    quote = opening.lstrip("fFrRtT")
    raw = "r" in opening.lower()
    tokens.append(Token(TokenKind.FORMAT_START, match.start(), opening))
    return _format_text(text, match.end(), quote, raw, False, tokens)


def _format_text(text: str, position: int, quote: str, raw: bool, in_spec: bool, tokens: list[Token]) -> int:
    pattern = FORMAT_TEXT[quote, raw, in_spec]
    while position < len(text):
        found = pattern.match(text, position)
        end = found.end() if found else position
        if end > position:
            tokens.append(Token(TokenKind.FORMAT_TEXT, position, text[position:end]))
        position = end
        if text.startswith("{", position):
            position = _field(text, position + 1, quote, raw, tokens)
        elif in_spec:
            return position
        elif text.startswith(quote, position):
            return position + len(quote)
        else:
            return position + 1
    return position


def _field(text: str, position: int, quote: str, raw: bool, tokens: list[Token]) -> int:
    depth = 0
    while match := FIELD.search(text, position):
        kind, position = match.lastgroup, match.end()
        if kind == "open":
            depth += 1
        elif kind == "close":
            if depth == 0:
                return position
            depth -= 1
        elif kind == "stop":
            if match.group() == ":" and depth == 0:
                position = _format_text(text, position, quote, raw, True, tokens)
                return position + 1
            if match.group() == "!" and depth == 0:
                position = _after_conversion(text, position)
        else:
            position = _take(match, text, tokens)
    return len(text)


def _after_conversion(text: str, position: int) -> int:
    conversion = re.compile(r"\s*[^\W\d]\w*").match(text, position)
    return conversion.end() if conversion else position

"""Decode the body of a string literal, remembering where each character was written."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_SIMPLE = {
    "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:(?P<newline>\r\n|\r|\n)|(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{2})"
    r"|u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|N\{(?P<named>[^}]*)\}|(?P<simple>[\s\S]))"
)
_BRACES = re.compile(r"\{\{|\}\}")
_BOTH = re.compile(f"{_ESCAPE.pattern}|{_BRACES.pattern}")
_PREFIX = re.compile(r"[A-Za-z]*")


class Body(NamedTuple):
    """The part of a string literal between its quotes, as written.

    `start` is the character offset of the body in the file, 0-based.
    """

    start: int
    raw: str
    is_raw: bool = False
    is_bytes: bool = False
    is_format: bool = False


class Decoded(NamedTuple):
    """What a body says: `offsets[i]` is the file's character offset of `text[i]`; None when written verbatim."""

    text: str
    offsets: tuple[int, ...] | None


def body_of(token: str, start: int) -> Body:
    """The body of a whole plain string token that begins at character `start`."""
    match = _PREFIX.match(token)
    prefix = match.group().lower() if match else ""
    quote = 3 if token[len(prefix) : len(prefix) + 3] in ('"""', "'''") and len(token) >= len(prefix) + 6 else 1
    return Body(
        start + len(prefix) + quote,
        token[len(prefix) + quote : len(token) - quote],
        is_raw="r" in prefix,
        is_bytes="b" in prefix,
    )


def decode(body: Body) -> Decoded:
    """Decode `body`; an escape that Python would refuse is kept as written."""
    escapes = not body.is_raw and "\\" in body.raw
    braces = body.is_format and ("{{" in body.raw or "}}" in body.raw)
    if not escapes and not braces:
        return Decoded(body.raw, None)
    pattern = _BOTH if escapes and braces else _ESCAPE if escapes else _BRACES
    text: list[str] = []
    offsets: list[int] = []
    position = 0
    for match in pattern.finditer(body.raw):
        text.append(body.raw[position : match.start()])
        offsets.extend(range(body.start + position, body.start + match.start()))
        said = _unescape(match, body.is_bytes)
        text.append(said)
        offsets.extend([body.start + match.start()] * len(said))
        position = match.end()
    text.append(body.raw[position:])
    offsets.extend(range(body.start + position, body.start + len(body.raw) + 1))
    return Decoded("".join(text), tuple(offsets))


def _unescape(match: re.Match[str], is_bytes: bool) -> str:
    kind, written = match.lastgroup, match.group()
    if kind is None:
        return written[0]
    value = match.group(kind)
    if kind == "newline":
        return ""
    if kind == "octal":
        return chr(int(value, 8))
    if kind == "hex":
        return chr(int(value, 16))
    if kind == "simple":
        return _SIMPLE.get(value, written)
    if is_bytes:
        return written
    if kind == "named":
        try:
            return unicodedata.lookup(value)
        except KeyError:
            return written
    code = int(value, 16)
    return chr(code) if code <= 0x10FFFF else written

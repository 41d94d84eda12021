"""Where a statement ends, in the text of a file."""

from __future__ import annotations

import re

_PIECE = re.compile(
    r"\"{3}(?:[^\\]|\\[\s\S])*?\"{3}|'{3}(?:[^\\]|\\[\s\S])*?'{3}"
    r"|\"(?:[^\"\\\r\n]|\\[\s\S])*\"|'(?:[^'\\\r\n]|\\[\s\S])*'"
    r"|#[^\r\n]*|\\\r?\n|[(\[{]|[)\]}]|\r?\n"
)


def end_of_statement(text: str, inside: int) -> int:
    """The end of the line that ends the top-level statement around the 0-based character offset `inside`.

    The offset of the line's end mark, or of the end of the text.
    """
    start = inside
    while start > 0 and (text[start - 1] != "\n" or text[start : start + 1] in " \t)]}#\r\n"):
        start -= 1
    depth = 0
    for match in _PIECE.finditer(text, start):
        piece = match.group()
        if piece in ("(", "[", "{"):
            depth += 1
        elif piece in (")", "]", "}"):
            depth -= 1
        elif piece in ("\n", "\r\n") and depth <= 0 and match.start() >= inside:
            return match.start()
    return len(text)

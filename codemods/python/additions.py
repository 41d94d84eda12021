"""Where a careful author puts a new argument, item or statement, and how it is laid out there.

Offsets are characters, 0-based. Nothing here knows what is added: its text comes ready to be written.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from codemods.python.brackets import Brackets
from codemods.python.layout import end_of_statement

_COMMENT = re.compile(r"[ \t]*#[^\r\n]*")
_INDENTATION = re.compile(r"[ \t\f]*")


class Insertion(NamedTuple):
    """Write `text` in front of the character `at`."""

    at: int
    text: str


def append(text: str, brackets: Brackets, new: str) -> tuple[Insertion, ...]:
    """Add `new` behind the last part of a list: on a line of its own where that part has one."""
    if not brackets.parts:
        return (Insertion(brackets.opening + 1, new),)
    last, has_comma = brackets.parts[-1], brackets.last_comma is not None
    end = last.end if brackets.last_comma is None else brackets.last_comma + 1
    closes_later = begins_line(text, brackets.closing)
    if not begins_line(text, last.start) or (len(brackets.parts) == 1 and not closes_later):
        return (Insertion(end, f" {new}{',' * closes_later}" if has_comma else f", {new}"),)
    line = line_end(text, last.start) + indentation(text, last.start) + new
    comment = _COMMENT.match(text, end)
    if has_comma:
        return (Insertion(comment.end() if comment else end, line + "," * closes_later),)
    if comment is None:
        return (Insertion(end, f",{line}"),)
    return Insertion(end, ","), Insertion(comment.end(), line)


def prepend(brackets: Brackets, new: str) -> tuple[Insertion, ...]:
    """Add `new` in front of the first part of a list that has one."""
    return (Insertion(brackets.parts[0].start, f"{new}, "),) if brackets.parts else ()


def add_statement(text: str, beside: int, new: str) -> tuple[Insertion, ...]:
    """Add the statement `new` below the statement that begins at the character `beside`, indented like it.

    Nothing where that statement does not begin its line. `new` may have lines of its own, separated by "\\n" and
    indented from its first one.
    """
    if not begins_line(text, beside):
        return ()
    mark, margin = line_end(text, beside), indentation(text, beside)
    lines = "".join(f"{mark}{margin}{line}" if line else mark for line in new.split("\n"))
    return (Insertion(end_of_statement(text, beside), lines),)


def indentation(text: str, inside: int) -> str:
    """The white space that begins the line of the character `inside`."""
    match = _INDENTATION.match(text, _line_start(text, inside))
    return match.group() if match else ""


def begins_line(text: str, position: int) -> bool:
    """Whether only white space stands in front of `position` in its line."""
    return not text[_line_start(text, position) : position].strip()


def line_end(text: str, near: int) -> str:
    """The mark that ends the line of the character `near`, or the one before it in the last line."""
    end = text.find("\n", near)
    end = text.rfind("\n", 0, near) if end < 0 else end
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def quoted(text: str, like: int, value: str) -> str:
    """`value`, a plain name, as a string literal with the quotes of the literal that begins at `like`."""
    quote = next((sign for sign in text[like : like + 6] if sign in "\"'"), '"')
    return f"{quote}{value}{quote}"


def _line_start(text: str, position: int) -> int:
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1

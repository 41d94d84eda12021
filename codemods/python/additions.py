"""Where a careful author puts a new argument, item or statement, and how it is laid out there.

Offsets are characters, 0-based. Nothing here knows what is added: its text comes ready to be written.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from codemods.python.brackets import Brackets, read_brackets, skip_space
from codemods.python.layout import end_of_statement
from codemods.python.lexer import end_of_token

_COMMENT = re.compile(r"[ \t]*#[^\r\n]*")
_DOCSTRING = re.compile(r"[rRuU]?[\"']")
_INDENTATION = re.compile(r"[ \t\f]*")


class Insertion(NamedTuple):
    """Write `text` in front of the character `at`."""

    at: int
    text: str


def append(text: str, brackets: Brackets, *parts: str) -> tuple[Insertion, ...]:
    """Add `parts` behind the last part of a list: each on a line of its own where that part has one."""
    new = ", ".join(parts)
    if not brackets.parts:
        return (Insertion(brackets.opening + 1, new),)
    last, has_comma = brackets.parts[-1], brackets.last_comma is not None
    end = last.end if brackets.last_comma is None else brackets.last_comma + 1
    closes_later = begins_line(text, brackets.closing)
    if not begins_line(text, last.start) or (len(brackets.parts) == 1 and not closes_later):
        return (Insertion(end, f" {new}{',' * closes_later}" if has_comma else f", {new}"),)
    margin = line_end(text, last.start) + indentation(text, last.start)
    line = margin + f",{margin}".join(parts)
    comment = _COMMENT.match(text, end)
    if has_comma:
        return (Insertion(comment.end() if comment else end, line + "," * closes_later),)
    if comment is None:
        return (Insertion(end, f",{line}"),)
    return Insertion(end, ","), Insertion(comment.end(), line)


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


def begin_body(text: str, name: int, new: str) -> tuple[Insertion, ...]:
    """Add the statement `new` at the beginning of the class whose name begins at `name`, below its docstring.

    A line end behind it asks for a blank line. Nothing where the body stands on the line of the class.
    """
    first = _body(text, name)
    if first is None:
        return ()
    mark, margin = line_end(text, first), indentation(text, first)
    if _DOCSTRING.match(text, first):
        return (Insertion(end_of_statement(text, first), f"{mark}{mark}{margin}{new.strip()}"),)
    blank = mark if new.endswith("\n") else ""
    return (Insertion(first, f"{new.strip()}{mark}{blank}{margin}"),)


def end_body(text: str, name: int, new: str) -> tuple[Insertion, ...]:
    """Add the lines `new` below a blank one at the end of the class whose name begins at `name`.

    Each tab at the beginning of a line stands for one step of the class's indentation. Nothing where the body stands
    on the line of the class.
    """
    first = _body(text, name)
    if first is None:
        return ()
    mark, margin = line_end(text, first), indentation(text, first)
    step = margin.removeprefix(indentation(text, name))
    lines = "".join(f"{mark}{margin}{line}" for line in new.replace("\t", step).split("\n"))
    return (Insertion(_end_of_block(text, first, len(margin)), mark + lines),)


def _body(text: str, name: int) -> int | None:
    """The first statement of the class whose name begins at `name`; None when it stands on the class's line."""
    position = end_of_token(text, name)
    while position < len(text) and text[position] != ":":
        brackets = read_brackets(text, position)
        position = skip_space(text, brackets.closing + 1 if brackets else position + 1)
    first = skip_space(text, position + 1)
    return first if first < len(text) and begins_line(text, first) else None


def _end_of_block(text: str, first: int, margin: int) -> int:
    """The end of the last line of the block whose first statement begins at `first`, `margin` characters in."""
    position = last = first
    depth = 0
    while (position := skip_space(text, position)) < len(text):
        if depth == 0 and begins_line(text, position) and len(indentation(text, position)) < margin:
            break
        depth += (text[position] in "([{") - (text[position] in ")]}")
        last, position = position, end_of_token(text, position)
    return end_of_statement(text, last)


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


def quotes(text: str, start: int, end: int) -> str:
    """The quotes that most strings between two characters have; those of the whole text when there are none."""
    single, double = text.count("'", start, end), text.count('"', start, end)
    if single == double == 0:
        single, double = text.count("'"), text.count('"')
    return "'" if single > double else '"'


def _line_start(text: str, position: int) -> int:
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1

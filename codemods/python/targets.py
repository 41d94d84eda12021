"""From the targets of schemas to what is written where."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codemods.occurrences import Target
from codemods.python.additions import Insertion, add_statement, append, begin_body, end_body, quotes
from codemods.python.brackets import Brackets, call_brackets, read_brackets, skip_space
from codemods.python.layout import end_of_statement
from codemods.python.lexer import end_of_token

REPLACING = frozenset({"pair", "none", "around"})
"""The forms of targets that are replaced; beside the others something is inserted."""
_NONE = re.compile(r"(?P<keyword>\w+)\s*=\s*(?P<none>None)")
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_RETURN = re.compile(r"\breturn\b")


def insertions(text: str, wanted: Sequence[tuple[Target, str]]) -> tuple[Insertion, ...]:
    """What to insert into the file's `text` so that each schema, a plain name, stands at its target.

    All of the targets are of one form at one place. Empty when the code there has no place for them.
    """
    if not wanted:
        return ()
    form, _, at, _ = wanted[0][0]
    if form in ("below", "body", "end"):
        add = {"below": add_statement, "body": begin_body, "end": end_body}[form]
        return add(text, at, _written(text, at, end_of_statement(text, at), *wanted[0]))
    if form == "key":
        brackets = read_brackets(text, _opening(text, at))
    else:
        brackets = call_brackets(text, at) if form.endswith("argument") else _display(text, at)
    if brackets is not None and form == "last item":
        brackets = read_brackets(text, brackets.parts[-1].start) if brackets.parts else None
    if brackets is None:
        return ()
    parts = [_written(text, brackets.opening, brackets.closing, *each) for each in wanted]
    if form == "first argument":
        return (Insertion(brackets.parts[0].start, f"{parts[0]}, "),) if brackets.parts else ()
    return append(text, brackets, *parts)


def replacement(text: str, target: Target, schema: str, name: str) -> tuple[int, int, str] | None:
    """The characters from start to end of a target that is replaced, and what becomes of them; None when not found."""
    at = target.at
    if target.form == "pair":
        end = end_of_token(text, at)
        quote = quotes(text, at, end)
        return at, end, f"({quote}{schema}{quote}, {quote}{name}{quote})"
    if target.form == "none":
        brackets = call_brackets(text, at)
        for part in brackets.parts if brackets else ():
            found = _NONE.fullmatch(text, part.start, part.end)
            if found and found["keyword"] == target.template.partition("=")[0]:
                return (
                    found.start("none"),
                    part.end,
                    _written(text, part.start, part.end, target, schema).partition("=")[2],
                )
        return None
    start = _behind_equals(text, at)
    value = _NAME.match(text, start)
    if value is None:
        return None
    written = target.template.replace("…", value.group(), 1)
    return start, value.end(), _written(text, start, value.end(), target._replace(template=written), schema)


def _written(text: str, start: int, end: int, target: Target, schema: str) -> str:
    """What is written for `target`, in the quotes of the code between `start` and `end`."""
    return target.template.format(f'"{schema}"').replace('"', quotes(text, start, end))


def _display(text: str, at: int) -> Brackets | None:
    """The display that is assigned to the name at `at`, or that the function whose name begins there returns."""
    position = skip_space(text, end_of_token(text, at))
    if text[position : position + 1] == "(":
        returned = _RETURN.search(text, position)
        return read_brackets(text, skip_space(text, returned.end())) if returned else None
    return read_brackets(text, _behind_equals(text, at))


def _opening(text: str, first: int) -> int:
    """The brace that opens the display whose first key begins at `first`; -1 when there is none."""
    opening = text.rfind("{", 0, first)
    while opening >= 0 and skip_space(text, opening + 1) != first:
        opening = text.rfind("{", 0, opening)
    return opening


def _behind_equals(text: str, at: int) -> int:
    """The beginning of what is assigned to the name at `at`."""
    position = end_of_token(text, at)
    while position < len(text) and text[position] not in "=\r\n":
        position = end_of_token(text, position)
    return skip_space(text, position + 1)

"""Prove that a change of a Python file touches the text of its strings, or whole numbers, and no other of its facts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from codemods.model import Edit
from codemods.python.ir import Module, Number, Unsupported
from codemods.python.literals import Body
from codemods.python.read import read_module
from codemods.source import Source


def changes_strings_only(facts: Module, old: Source, new: Source, edits: Sequence[Edit]) -> bool:
    """Whether every edit lies inside a string's body or a number and `new` has the same facts but for such text.

    `facts` are those of `old`. False says only that this short proof does not hold.
    """
    if old.encoding != new.encoding:
        return False
    bodies: list[tuple[int, int]] = []
    try:
        same = _same(facts, read_module(facts.path, new.python), bodies)
    except Unsupported:
        return False
    bodies.sort()
    starts = [start for start, _ in bodies]
    for edit in edits:
        first, last = old.character_offset(edit.span.start), old.character_offset(edit.span.end)
        number = bisect_right(starts, first) - 1
        if number < 0 or last > bodies[number][1]:
            return False
    return same


def _same(before: Module, after: Module, bodies: list[tuple[int, int]]) -> bool:
    """Whether two files' facts are equal but for places and what strings and numbers say; notes where these stand."""
    waiting: list[tuple[object, object]] = [(before.body, after.body)]
    while waiting:
        one, other = waiting.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, Body) and isinstance(other, Body):
            if one[2:] != other[2:]:
                return False
            bodies.append((one.start, one.start + len(one.raw)))
        elif isinstance(one, Number) and isinstance(other, Number):
            bodies.append((one.at, one.at + len(one.text)))
        elif isinstance(one, tuple) and isinstance(other, tuple):
            if len(one) != len(other):
                return False
            waiting.extend(zip(one, other, strict=True))
        elif not isinstance(one, int) and one != other:
            return False
    return True

"""Rows of a catalog query: names in them can end up in other statements."""

from __future__ import annotations

import re

from codemods.python import ir
from codemods.python.alternatives import choose
from codemods.python.arguments import Arguments
from codemods.python.evaluate import Frame, holder
from codemods.python.operations import known_text
from codemods.python.values import Answer, Text, Value, choices

_NAMES_OF_RELATIONS = re.compile(r"\b(?:relname|regclass)\b", re.IGNORECASE)
_FETCHING = {"fetchall": "rows", "fetchmany": "rows", "fetchone": "row"}
_ASKING = {"fetch": "rows", "fetchrow": "row"}


def answered(function: ir.Attribute, arguments: Arguments, frame: Frame) -> Value | None:
    """What `function(*arguments)` gives of the rows of a query; None when it is not known to give any."""
    name = function.name
    if name in _FETCHING:
        held = frame.look_up(holder(function.value))
        options = choices(held) if held is not None else ()
        found: list[Value] = [each._replace(form=_FETCHING[name]) for each in options if isinstance(each, Answer)]
        return choose(found) if found else None
    asked = arguments.get(0)
    if asked is None or not (name == "execute" or name in _ASKING):
        return None
    names = _NAMES_OF_RELATIONS.search(known_text(asked) or "")
    if name in _ASKING:
        return Answer(asked, _ASKING[name]) if names and isinstance(asked, Text) else None
    _hold(asked, bool(names), function, frame)
    return None


def _hold(asked: Value, names: bool, function: ir.Attribute, frame: Frame) -> None:
    """Remember that what executes a query, and what that gives, now hold its rows."""
    answer = Answer(asked if isinstance(asked, Text) else Text(()))
    for node in (function.value, ir.Call(function.at, function, ())):
        if names or frame.look_up(holder(node)) is not None:
            frame.environment[holder(node)] = answer

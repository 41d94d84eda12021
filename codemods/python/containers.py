"""Methods of texts, lists and dicts; those that grow a container bind its name anew."""

from __future__ import annotations

import re

from codemods.python import ir, operations
from codemods.python.arguments import Arguments, spread
from codemods.python.evaluate import MOST_STEPS, Evaluator, Frame
from codemods.python.metadata import replaced
from codemods.python.values import External, Format, Hole, Items, Joined, Pairs, Parameter, Text, Unknown, Value

_NUMBERED = re.compile(r"/\d{1,3}")
_KEEPING = frozenset(
    {
        "strip", "lstrip", "rstrip", "encode", "decode", "lower", "upper", "expandtabs", "removeprefix",
        "removesuffix", "columns", "bindparams", "as_", "on",
    }
)  # fmt: skip
"""Methods of texts whose result relink takes for the text itself."""


def call_method(
    owner: Text | Items | Pairs, function: ir.Attribute, arguments: Arguments, frame: Frame, evaluator: Evaluator
) -> Value:
    """The value of `owner.name(...)`, where `function` is how `frame` writes `owner.name`."""
    if isinstance(owner, Text):
        return _of_text(owner, function, arguments, frame, evaluator)
    if isinstance(owner, Pairs):
        return _of_dict(owner, function, arguments, frame, evaluator)
    return _of_list(owner, function, arguments, frame, evaluator)


def _of_text(owner: Text, function: ir.Attribute, arguments: Arguments, frame: Frame, evaluator: Evaluator) -> Value:
    name, first, second = function.name, arguments.get(0), arguments.get(1)
    if name in _KEEPING or name == "as_string":
        return owner
    if name == "format":
        return operations.str_format(owner, arguments.positional, arguments.named)
    if name == "format_map" and first is not None:
        named: dict[str, Value] = {}
        spread(first, named)
        return operations.str_format(owner, (), named)
    if name == "join" and first is not None:
        if isinstance(first, Parameter) and len(first.steps) < MOST_STEPS:
            return first.step(Joined(owner))
        return operations.join(owner, first)
    if name in ("substitute", "safe_substitute"):
        return operations.substituted(owner, first, arguments.named)
    evaluator.note_use(owner, f"the text that {name}() looks at", function, frame)
    if name == "replace" and first is not None and second is not None:
        known = replaced(owner, operations.known_text(first), operations.known_text(second))
        return known or operations.replace(owner, first, second)
    sign = operations.known_text(first)
    if name in ("split", "partition") and sign:
        evaluator.splits(function, owner, sign)
    if name == "split" and first is None:
        return operations.split_words(owner)
    return Unknown()


def of_unknown(owner: Unknown | External, name: str, arguments: Arguments) -> Text | None:
    """The end of a text that is not known, where a number there is replaced: `url.replace("/0", "/5")`."""
    old, new = arguments.get(0), arguments.get(1)
    known = [operations.known_text(each) or "" for each in (old, new)]
    if name == "replace" and isinstance(new, Text) and all(map(_NUMBERED.fullmatch, known)):
        return Text((Hole(owner.name), *new.pieces))
    return None


def of_parameter(owner: Parameter, name: str, arguments: Arguments) -> Parameter | None:
    """What the method `name` of texts makes of the text that callers pass; None when it makes something else."""
    if name in ("format", "format_map") and arguments.complete and len(owner.steps) < MOST_STEPS:
        first = arguments.get(0)
        if name == "format":
            return owner.step(Format(arguments.positional, arguments.named_as_dict()))
        return owner if first is None else owner.step(Format((), first))
    return owner if name in _KEEPING or name in ("as_string", "format", "format_map") else None


def _of_dict(owner: Pairs, function: ir.Attribute, arguments: Arguments, frame: Frame, evaluator: Evaluator) -> Value:
    name, first = function.name, arguments.get(0)
    if name == "items":
        return operations.dict_items(owner)
    if name == "values":
        return operations.dict_values(owner)
    if name in ("get", "pop", "setdefault") and first is not None:
        evaluator.note_use(first, "a dictionary key", function, frame)
        return operations.look_up(owner, operations.known_text(first))
    if name == "update" and isinstance(first, Pairs):
        evaluator.bind(function.value, Pairs(owner.items + first.items), frame)
    return owner if name in ("copy", "keys") else Unknown()


def _of_list(owner: Items, function: ir.Attribute, arguments: Arguments, frame: Frame, evaluator: Evaluator) -> Value:
    name, first = function.name, arguments.get(0)
    grown: tuple[Value, ...] = ()
    if name in ("append", "add", "appendleft") and first is not None:
        grown = (first,)
    elif name == "insert":
        grown = tuple(value for value in [arguments.get(1)] if value is not None)
    elif name in ("extend", "update") and isinstance(first, Items):
        grown = first.values
    if grown and isinstance(function.value, (ir.Name, ir.Attribute)):
        evaluator.bind(function.value, Items(owner.values + grown), frame)
    return owner if name == "copy" else Unknown()

"""Names that a statement is given as values, where PostgreSQL takes them for those of relations: `to_regclass(%s)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from codemods.python import operations
from codemods.python.alternatives import concatenate
from codemods.python.arguments import Arguments
from codemods.python.values import Chunk, Items, Literal, Pairs, Parameter, Text, Value, choices, source_map, texts
from codemods.sql import read

_TAKES_NAMES = re.compile(r"reg[a-z]+\b|nextval|currval|setval|_size\b|serial_sequence|privilege", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"%%|(?P<next>%s)|%\((?P<named>\w+)\)s|\$(?P<number>\d+)|(?<![:\w]):(?P<bound>[a-zA-Z_]\w*)")
_STAND_IN = "relink_value_"


def bound_names(statement: Value, position: int, arguments: Arguments) -> Iterator[tuple[Value, list[Value]]]:
    """`statement`, the argument at `position` of a driver's call, with the names among its values in their places.

    And these names. Nothing for statements that are given no name.
    """
    for text in texts(statement):
        whole = source_map(text).text
        wanted = _slots(whole) if _TAKES_NAMES.search(whole) else frozenset()
        if wanted:
            filled, names = _filled(text, wanted, position, arguments)
            if names:
                yield filled, names


def _filled(text: Text, wanted: frozenset[int], position: int, arguments: Arguments) -> tuple[Value, list[Value]]:
    names: list[Value] = []
    numbers = count()

    def given(match: re.Match[str]) -> Value:
        number = next(numbers) if match.group() != "%%" else -1
        value = _value(match, number, position, arguments) if number in wanted else None
        if value is None or not all(isinstance(each, (Text, Parameter)) for each in choices(value)):
            return _unwritten(match.group())
        names.append(value)
        return concatenate([_unwritten("'"), value, _unwritten("'")])

    return operations.fill(text, _PLACEHOLDER, given), names


def _slots(text: str) -> frozenset[int]:
    """Which placeholders of a statement, counted from 0, stand for the name of a relation."""
    numbers = count()
    script = read(_PLACEHOLDER.sub(lambda match: "%%" if match[0] == "%%" else f"'{_STAND_IN}{next(numbers)}'", text))
    names = (
        reference.names[-1]
        for statement in script.statements
        for reference in statement.references
        if reference.literal
    )
    return frozenset(int(name.removeprefix(_STAND_IN)) for name in names if name.startswith(_STAND_IN))


def _value(match: re.Match[str], number: int, position: int, arguments: Arguments) -> Value | None:
    if match["number"]:
        return arguments.get(position + int(match["number"]))
    values = arguments.get(position + 1, ("vars", "params", "parameters", "args", "values"))
    if match["next"] and isinstance(values, Items):
        return values.values[number] if number < len(values.values) else None
    name = match["named"] or match["bound"]
    return operations.look_up(values, name) if name and isinstance(values, Pairs) else None


def _unwritten(text: str) -> Value:
    return Text((Chunk(Literal("", 0), text, 0),))

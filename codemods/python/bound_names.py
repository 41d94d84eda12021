"""Names that a statement is given as values and PostgreSQL takes for those of relations.

In a literal (`to_regclass(%s)`), or, of those that the driver writes into the statement as they are, where a relation
stands: `FROM %s` with `AsIs("users")`.
"""

from __future__ import annotations

import re
from itertools import count

from codemods.python import operations
from codemods.python.alternatives import choose, concatenate
from codemods.python.arguments import Arguments
from codemods.python.values import Chunk, Items, Literal, Pairs, Parameter, Text, Value, choices, source_map
from codemods.sql import Kind, read

_TAKES_NAMES = re.compile(r"reg[a-z]+\b|nextval|currval|setval|_size\b|serial_sequence|privilege", re.IGNORECASE)
_RELATION_NEXT = re.compile(
    r"\b(?:from|join|into|update|table|truncate|only|exists|view|sequence|references|copy|lock|analyze|vacuum|on)"
    r"\s+(?:\w+\.)?\"?\Z",
    re.IGNORECASE,
)
_NEAR = 40  # such a word, blanks and a schema
_PLACEHOLDER = re.compile(r"%%|(?P<next>%s)|%\((?P<named>\w+)\)s|\$(?P<number>\d+)|(?<![:\w]):(?P<bound>[a-zA-Z_]\w*)")
_STAND_IN = "relink_value_"


def fill_in_names(statement: Value, position: int, arguments: Arguments) -> tuple[Value, list[Value]]:
    """`statement`, the argument at `position` of a driver's call, with the names among its values in their places.

    And these names. A statement that is given no name stays as it is.
    """
    names: list[Value] = []
    options: list[Value] = []
    for option in choices(statement):
        wanted = _slots(source_map(option).text) if isinstance(option, Text) else {}
        filled = _filled(option, wanted, position, arguments, names) if isinstance(option, Text) and wanted else option
        options.append(filled)
    return (choose(options) if names else statement), names


def _filled(text: Text, wanted: dict[int, str], position: int, arguments: Arguments, names: list[Value]) -> Value:
    """`text` with its names, which are added to `names`; `wanted` as `_slots` gives it."""
    numbers = count()

    def given(match: re.Match[str]) -> Value:
        number = next(numbers) if match.group() != "%%" else -1
        value = _value(match, number, position, arguments) if number in wanted else None
        if value is not None and not wanted[number]:
            value = operations.as_piece(value, match["named"] or match["bound"] or "")
        if value is None or not all(isinstance(each, (Text, Parameter)) for each in choices(value)):
            return _unwritten(match.group())
        names.extend(choices(value))
        quote = _unwritten(wanted[number])
        return concatenate([quote, value, quote])

    return operations.fill(text, _PLACEHOLDER, given)


def _slots(text: str) -> dict[int, str]:
    """Which placeholders of a statement, counted from 0, stand for the name of a relation, and in which quotes."""
    numbers = count()
    quotes: dict[int, str] = {}

    def stand_in(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return match[0]
        number, before = next(numbers), text[max(0, match.start() - _NEAR) : match.start()]
        quotes[number] = "" if _RELATION_NEXT.search(before) else "'"
        return f"{quotes[number]}{_STAND_IN}{number}{quotes[number]}"

    filled = _PLACEHOLDER.sub(stand_in, text)
    if "" not in quotes.values() and not _TAKES_NAMES.search(text):
        return {}
    names = (
        reference.names[-1]
        for statement in read(filled).statements
        for reference in statement.references
        if reference.literal or reference.kind is Kind.RELATION
    )
    found = (int(name.removeprefix(_STAND_IN)) for name in names if name.startswith(_STAND_IN))
    return {number: quotes[number] for number in found}


def _value(match: re.Match[str], number: int, position: int, arguments: Arguments) -> Value | None:
    if match["bound"] in arguments.named:
        return arguments.named[match["bound"]]
    if match["number"]:
        return arguments.get(position + int(match["number"]))
    values = arguments.get(position + 1, ("vars", "params", "parameters", "args", "values"))
    if match["next"] and isinstance(values, Items):
        return values.values[number] if number < len(values.values) else None
    name = match["named"] or match["bound"]
    return operations.look_up(values, name) if name and isinstance(values, Pairs) else None


def _unwritten(text: str) -> Value:
    return Text((Chunk(Literal("", 0), text, 0),))

"""What Python's operations on strings and containers do to values; pieces keep their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from codemods.python.alternatives import choose, concatenate, is_constant
from codemods.python.metadata import named_table
from codemods.python.values import (
    TABLE,
    Answer,
    Choices,
    Chunk,
    Hole,
    Items,
    Number,
    Pairs,
    Parameter,
    Text,
    Unknown,
    Value,
    choices,
)  # fmt: skip

_PERCENT = re.compile(r"%(?:%|(?:\((?P<key>[^)]*)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[a-zA-Z])")
_BRACES = re.compile(r"\{\{|\}\}|\{(?P<field>[^{}]*)\}")
_DOLLARS = re.compile(r"\$(?:\$|(?P<plain>[_a-zA-Z]\w*)|\{(?P<braced>[_a-zA-Z]\w*)\})")
_FIELD_NAME = re.compile(r"[^.\[!:]*")
_WORD = re.compile(r"\S+")


def known_text(value: Value | None) -> str | None:
    """The whole text of `value` when it is known."""
    if isinstance(value, Text) and all(isinstance(piece, Chunk) for piece in value.pieces):
        return "".join(piece.text for piece in value.pieces if isinstance(piece, Chunk))
    return None


def known_number(value: Value | None) -> int | None:
    """The number that `value` is, also when it is written as a text."""
    text = value.text if isinstance(value, Number) else known_text(value)
    return int(text) if text is not None and text.isdecimal() else None


def percent(template: Value, argument: Value) -> Value:
    """`template % argument`."""
    in_order = list(argument.values) if isinstance(argument, Items) else [argument]

    def given(match: re.Match[str]) -> Value | None:
        if match.group() == "%%":
            return None
        key = match.group("key")
        if key is not None:
            return look_up(argument, key)
        return in_order.pop(0) if in_order else Unknown()

    def apply(text: Text) -> Value:
        nonlocal in_order
        in_order = list(argument.values) if isinstance(argument, Items) else [argument]
        return fill(text, _PERCENT, given)

    return _each_text(template, apply)


def str_format(template: Value, positional: Sequence[Value], named: dict[str, Value]) -> Value:
    """`template.format(*positional, **named)`."""
    counter = 0

    def given(match: re.Match[str]) -> Value | None:
        nonlocal counter
        field = match.group("field")
        if field is None:
            return None
        found = _FIELD_NAME.match(field)
        name = found.group() if found else ""
        if name in ("",) or name.isdigit():
            index = int(name) if name else counter
            counter += not name
            value = positional[index] if index < len(positional) else Unknown()
        else:
            value = named.get(name, Unknown(name))
        return value if name == field else Unknown(field)

    def apply(text: Text) -> Value:
        nonlocal counter
        counter = 0
        return fill(text, _BRACES, given)

    return _each_text(template, apply)


def substituted(template: Value, values: Value | None, named: dict[str, Value]) -> Value:
    """`string.Template(template).substitute(values, **named)`."""

    def given(match: re.Match[str]) -> Value | None:
        name = match.group("plain") or match.group("braced")
        if not name:
            return None
        return named[name] if name in named else look_up(values, name) if values is not None else Unknown(name)

    return _each_text(template, lambda text: fill(text, _DOLLARS, given))


def _each_text(template: Value, apply: Callable[[Text], Value]) -> Value:
    return choose([apply(option) if isinstance(option, Text) else Unknown() for option in choices(template)])


def fill(text: Text, pattern: re.Pattern[str], given: Callable[[re.Match[str]], Value | None]) -> Value:
    """Replace what `pattern` finds by what is `given`; None keeps the first character, as in `%%` and `{{`."""
    parts: list[Value] = []
    for piece in text.pieces:
        if not isinstance(piece, Chunk):
            parts.append(Text((piece,)))
            continue
        position = 0
        for match in pattern.finditer(piece.text):
            parts.append(Text((piece.slice(position, match.start()),)))
            value = given(match)
            parts.append(Text((piece.slice(match.start(), match.start() + 1),)) if value is None else value)
            position = match.end()
        parts.append(Text((piece.slice(position, len(piece.text)),)))
    return concatenate(parts)


def join(separator: Value, items: Value) -> Value:
    """`separator.join(items)`."""
    if not isinstance(items, Items):
        return (
            choose([join(separator, option) for option in items.values])
            if isinstance(items, Choices)
            else Text((Hole("joined"),))
        )
    parts: list[Value] = []
    for number, item in enumerate(items.values):
        if number:
            parts.append(separator)
        parts.append(item)
    return concatenate(parts)


def replace(text: Value, old: Value, new: Value) -> Value:
    """`text.replace(old, new)`, where `old` is known and does not span pieces."""
    wanted = known_text(old)
    if not wanted:
        return text
    return _each_text(text, lambda option: fill(option, re.compile(re.escape(wanted)), lambda _: new))


def split_words(text: Value) -> Value:
    """`text.split()` of a known text."""
    if isinstance(text, Text) and len(text.pieces) == 1 and isinstance(text.pieces[0], Chunk):
        chunk = text.pieces[0]
        return Items(tuple(Text((chunk.slice(word.start(), word.end()),)) for word in _WORD.finditer(chunk.text)))
    return Unknown()


def look_up(container: Value, key: str | int | None) -> Value:
    """`container[key]`; any member when the key is not known."""
    found: list[Value] = []
    for option in choices(container):
        if isinstance(option, Pairs):
            same = [value for name, value in option.items if key is not None and known_text(name) == key]
            found.extend(same[-1:] or ([value for _, value in option.items] if key is None else []))
        elif isinstance(option, Items):
            if isinstance(key, int) and -len(option.values) <= key < len(option.values):
                found.append(option.values[key])
            elif key is None:
                found.extend(option.values)
        elif isinstance(option, Answer) and option.form == "rows":
            found.append(option._replace(form="row"))
        elif isinstance(option, Answer) and option.form == "row":
            found.append(option._replace(form="value", column=key))
    return choose(found) if found else Unknown(key if isinstance(key, str) else "")


def elements(container: Value) -> Value:
    """What a loop over `container` sees."""
    found: list[Value] = []
    for option in choices(container):
        if isinstance(option, Items):
            found.extend(option.values)
        elif isinstance(option, Pairs):
            found.extend(key for key, _ in option.items)
        elif isinstance(option, Answer):
            found.append(look_up(option, None))
    return choose(found) if found else Unknown()


def dict_items(container: Value) -> Value:
    """`container.items()`."""
    return Items(
        tuple(
            Items((key, value))
            for option in choices(container)
            if isinstance(option, Pairs)
            for key, value in option.items
        )
    )


def dict_values(container: Value) -> Value:
    """`container.values()`."""
    return Items(
        tuple(value for option in choices(container) if isinstance(option, Pairs) for _, value in option.items)
    )


def as_piece(value: Value, name: str) -> Value:
    """`value` as it stands in a format string; what is not known becomes a hole called `name`."""
    options: list[Value] = []
    for option in choices(value):
        if isinstance(option, Text):
            options.append(option)
        elif isinstance(option, Number) and option.text.isdecimal():
            options.append(Text((Chunk(option.literal, option.text, option.literal.at),)))
        elif isinstance(option, Parameter):
            options.append(Text((option,)))
        elif is_constant(option):
            options.append(concatenate([option]))
        elif isinstance(option, Answer):
            options.append(Text((Hole(name, option),)))
        elif option == TABLE:
            options.append(named_table(name))
        else:
            options.append(Text((Hole(_called(name, option)),)))
    return choose(options)


def _called(name: str, value: Value) -> str:
    """How a message calls `value`, which the code calls `name`."""
    if isinstance(value, Unknown) and value.name and value.name != name:
        return f"{name} ({value.name})" if name else value.name
    return name

"""Several values at once: choose between them, join them to texts, without their number running away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from operator import is_

from codemods.python.values import (
    Answer,
    Choices,
    Chunk,
    Connection,
    External,
    Format,
    Hole,
    Items,
    Joined,
    Literal,
    Pairs,
    Parameter,
    Piece,
    RedisClient,
    Step,
    Text,
    Unknown,
    Value,
    choices,
)  # fmt: skip

MOST_COMBINED = 64
"""Up to so many alternatives every combination is made; beyond, each alternative stands in at least one text."""
MOST_VALUES = 1024
"""So many alternatives are told apart at all; for the others stands one value that is not known."""

_CONSTANTS = frozenset({"None", "True", "False", "NotImplemented"})
_TOO_MANY = Unknown(f"one of more than {MOST_VALUES} values")


def choose(values: list[Value]) -> Value:
    """One of `values`; a statement that merely extends another stands for both."""
    return values[0] if len(values) == 1 else _one_of(values, _without_beginnings)


def _one_of(values: list[Value], reduce: Callable[[list[Value]], list[Value]]) -> Value:
    """One of those `values` that `reduce` leaves.

    A constant such as None counts when it is alone, and what is not known only beside texts.
    """
    flat = dict.fromkeys(option for value in values for option in choices(value))
    known: list[Value] = [each for each in flat if not isinstance(each, Unknown) and not is_constant(each)]
    if not known:
        return next(iter(flat), Unknown())
    kept = _bounded(reduce(known))
    if any(isinstance(value, Text) for value in kept):
        kept.extend([value for value in flat if isinstance(value, Unknown)][:1])
    return kept[0] if len(kept) == 1 else Choices(tuple(kept))


def is_constant(value: Value) -> bool:
    """Whether `value` is one of Python's constants."""
    return isinstance(value, External) and value.name in _CONSTANTS


def extends(value: Value, other: Value) -> bool:
    """Whether `value` is the dictionary `other` with more in it."""
    return isinstance(value, Pairs) and isinstance(other, Pairs) and set(value.items) >= set(other.items)


def _without_beginnings(values: list[Value]) -> list[Value]:
    by_first: dict[object, list[tuple[object, ...]]] = defaultdict(list)
    for value in values:
        parts = _parts(value)
        if parts:
            by_first[type(value), parts[0]].append(parts)
    return [value for value in values if not _begins_another(value, by_first)]


def _begins_another(value: Value, by_first: dict[object, list[tuple[object, ...]]]) -> bool:
    parts = _parts(value)
    if not parts or (isinstance(value, Text) and _is_name(value)):
        return False
    count, last = len(parts), parts[-1]
    return any(
        len(other) > count and other[count - 1] == last and other[:count] == parts
        for other in by_first[type(value), parts[0]]
    )


def _is_name(text: Text) -> bool:
    return not any(isinstance(piece, Chunk) and " " in piece.text.strip() for piece in text.pieces)


def _parts(value: Value) -> tuple[object, ...]:
    if isinstance(value, Text):
        return value.pieces
    return value.values if isinstance(value, Items) else ()


def _bounded(values: list[Value]) -> list[Value]:
    """`values`; when there are many, those that have a part which none before them has."""
    if len(values) <= MOST_COMBINED:
        return values
    seen: set[object] = set()
    kept: list[Value] = []
    for value in values:
        parts = _parts(value) or (value,)
        if not seen.issuperset(parts):
            seen.update(parts)
            kept.append(value)
    return kept if len(kept) <= MOST_VALUES else [*kept[:MOST_VALUES], _TOO_MANY]


def concatenate(values: list[Value]) -> Value:
    """The text of `values` one after the other.

    The same alternatives in two places vary together, as those of one variable do; others are combined.
    """
    results: list[tuple[Piece, ...]] = [()]
    varying: list[Choices] = []
    picked: list[tuple[int, ...]] = [()]
    for value in values:
        if not isinstance(value, Choices):
            results = [done + _pieces(value) for done in results]
            continue
        options = [_pieces(option) for option in value.values]
        if value in varying:
            number = varying.index(value)
            results = [done + options[pick[number]] for done, pick in zip(results, picked, strict=True)]
            continue
        varying.append(value)
        pairs = list(_combined(len(results), len(options)))
        results = [results[one] + options[other] for one, other in pairs]
        picked = [(*picked[one], other) for one, other in pairs]
    texts = dict.fromkeys(Text(pieces) for pieces in results)
    return next(iter(texts)) if len(texts) == 1 else Choices(tuple(texts))


def _combined(one: int, other: int) -> Iterator[tuple[int, int]]:
    if one == 1 or one * other <= MOST_COMBINED:
        return ((first, second) for first in range(one) for second in range(other))
    return ((number % one, number % other) for number in range(max(one, other)))


def _pieces(value: Value) -> tuple[Piece, ...]:
    if isinstance(value, Text):
        return value.pieces
    if isinstance(value, Parameter):
        return (value,)
    if is_constant(value) and isinstance(value, External):
        return (Chunk(Literal("", 0), value.name, 0),)
    if isinstance(value, Answer):
        return (Hole(called(value), value),)
    return (Hole(value.name if isinstance(value, (Unknown, External)) else ""),)


def called(answer: Answer) -> str:
    """How a message calls what a query answers."""
    return answer.column if isinstance(answer.column, str) else "what a query answers"


def substitute(value: Value, give: Callable[[Parameter], Value | None]) -> Value:
    """`value` with each parameter replaced by what `give` has for it; None leaves it."""
    if isinstance(value, Parameter):
        inner = value._replace(steps=tuple(_substituted(step, give) for step in value.steps))
        return give(inner) or inner
    if isinstance(value, Text):
        return _filled(value, give) if any(isinstance(piece, Parameter) for piece in value.pieces) else value
    if isinstance(value, Choices):
        options = [substitute(option, give) for option in value.values]
        # None of them began another before, which is far quicker than to ask again.
        return value if _are_same(options, value.values) else _one_of(options, list)
    if isinstance(value, Items):
        items = [substitute(item, give) for item in value.values]
        return value if _are_same(items, value.values) else Items(tuple(items))
    if isinstance(value, Pairs):
        flat = [each for pair in value.items for each in pair]
        pairs = [substitute(each, give) for each in flat]
        return value if _are_same(pairs, flat) else Pairs(tuple(zip(pairs[::2], pairs[1::2], strict=True)))
    if isinstance(value, Unknown) and value.made_of:
        return value._replace(made_of=tuple(substitute(part, give) for part in value.made_of))
    if isinstance(value, Connection) and value.database is not None:
        return Connection(value.engine, substitute(value.database, give))
    if isinstance(value, RedisClient):
        database, url = (each if each is None else substitute(each, give) for each in (value.database, value.url))
        return value._replace(database=database, url=url)
    return value


def _filled(text: Text, give: Callable[[Parameter], Value | None]) -> Value:
    parts: list[Value] = []
    between: list[Piece] = []
    for piece in text.pieces:
        given = substitute(piece, give) if isinstance(piece, Parameter) else None
        if isinstance(given, Choices):
            parts += [Text(tuple(between)), given]
            between = []
        else:
            between += (piece,) if given is None else _pieces(given)
    return concatenate([*parts, Text(tuple(between))]) if parts else Text(tuple(between))


def _are_same(values: Sequence[Value], others: Sequence[Value]) -> bool:
    return all(map(is_, values, others))


def _substituted(step: Step, give: Callable[[Parameter], Value | None]) -> Step:
    if isinstance(step, Joined):
        return Joined(substitute(step.separator, give))
    if not isinstance(step, Format):
        return step
    return Format(tuple(substitute(each, give) for each in step.positional), substitute(step.named, give))

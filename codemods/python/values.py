"""The values that an expression can have, as far as the code tells; texts remember where they were written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from codemods.sourcemap import Run, SourceMap, hole

MOST_CHOICES = 64


class FunctionKey(NamedTuple):
    """A function, method or class of the tree: its file and dotted name in it."""

    path: str
    name: str


class Literal(NamedTuple):
    """Identity of a string literal: its file and 0-based character offset."""

    path: str
    at: int


class Chunk(NamedTuple):
    """Known text out of one literal; `offsets` holds each character's place, or None when contiguous.

    `quoter` as in `sourcemap.Run`.
    """

    literal: Literal
    text: str
    start: int
    offsets: tuple[int, ...] | None = None
    quoter: tuple[str, int] | None = None

    def place(self, index: int) -> int:
        """The file's character offset of `text[index]`; `index` may be the length."""
        return self.offsets[index] if self.offsets is not None else self.start + index

    def slice(self, start: int, end: int) -> Chunk:
        if self.offsets is None:
            return Chunk(self.literal, self.text[start:end], self.start + start)
        return Chunk(self.literal, self.text[start:end], self.offsets[start], self.offsets[start : end + 1])


class Hole(NamedTuple):
    """A piece known at run time only; `name` is how the code calls it."""

    name: str
    path: str = ""
    at: int = 0


class Parameter(NamedTuple):
    """What callers pass for a parameter."""

    function: FunctionKey
    name: str


Piece = Chunk | Hole | Parameter


class Text(NamedTuple):
    pieces: tuple[Piece, ...]


class Number(NamedTuple):
    """A whole number that is written at `literal`."""

    literal: Literal
    text: str


class Choices(NamedTuple):
    """One of these; never nested, at most `MOST_CHOICES`."""

    values: tuple[Value, ...]


class Items(NamedTuple):
    """A list, tuple or set of these, in order."""

    values: tuple[Value, ...]


class Pairs(NamedTuple):
    """A dict of these."""

    items: tuple[tuple[Value, Value], ...]


class Object(NamedTuple):
    """An instance of a class of the tree."""

    key: FunctionKey


class ClassRef(NamedTuple):
    key: FunctionKey


class FunctionRef(NamedTuple):
    """A function of the tree; `bound` when the first parameter is already given."""

    key: FunctionKey
    bound: bool = False


class ModuleRef(NamedTuple):
    path: str


class External(NamedTuple):
    """Something of a library, by dotted name, such as `psycopg2.connect`."""

    name: str


class Instance(NamedTuple):
    """What calling a class or function of a library gives, with the arguments that were named.

    `local`: the call is made by a function, not by a module or class.
    """

    name: str
    named: tuple[tuple[str, Value], ...] = ()
    local: bool = False


class Connection(NamedTuple):
    """Anything that runs statements: connection, pool, cursor, engine, session.

    `engine` is "postgresql", "sqlite", "other" or "unknown"; `database` is its name or settings.
    """

    engine: str
    database: Value | None = None


class RedisClient(NamedTuple):
    """A Redis client, told from others by the call that makes it; `path` is "" when that call is not in sight.

    `database` and `url` are what it is given, None when it is not; `pipelined`: its methods return it again.
    """

    path: str
    at: int
    database: Value | None = None
    url: Value | None = None
    pipelined: bool = False


class Unknown(NamedTuple):
    name: str = ""


Value = (
    Text
    | Number
    | Choices
    | Items
    | Pairs
    | Object
    | ClassRef
    | FunctionRef
    | ModuleRef
    | External
    | Instance
    | Connection
    | RedisClient
    | Parameter
    | Unknown
)


def choices(value: Value) -> tuple[Value, ...]:
    """The alternatives of `value`, itself when it has none."""
    return value.values if isinstance(value, Choices) else (value,)


def choose(values: list[Value]) -> Value:
    """One of `values`; a value that merely extends another stands for both."""
    if len(values) == 1:
        return values[0]
    flat = dict.fromkeys(option for value in values for option in choices(value))
    known = [value for value in flat if not isinstance(value, Unknown)][:MOST_CHOICES]
    if not known:
        return next(iter(flat), Unknown())
    longest: dict[object, list[tuple[object, ...]]] = defaultdict(list)
    for value in known:
        parts = _parts(value)
        if parts:
            longest[type(value), parts[0]].append(parts)
    kept = [value for value in known if not _is_extended(_parts(value), longest, type(value))]
    return kept[0] if len(kept) == 1 else Choices(tuple(kept))


def _parts(value: Value) -> tuple[object, ...]:
    if isinstance(value, Text):
        return value.pieces
    return value.values if isinstance(value, Items) else ()


def _is_extended(
    parts: tuple[object, ...], longest: dict[object, list[tuple[object, ...]]], kind: type[object]
) -> bool:
    if not parts:
        return False
    count = len(parts)
    return any(len(other) > count and other[:count] == parts for other in longest[kind, parts[0]])


def concatenate(values: list[Value]) -> Value:
    """The text of `values` one after the other, with every combination of their alternatives."""
    results: list[tuple[Piece, ...]] = [()]
    for value in values:
        options = [_pieces(option) for option in choices(value)]
        if len(results) * len(options) > MOST_CHOICES:
            options = [(Hole("one of many"),)]
        results = [done + option for done in results for option in options]
    texts = [Text(pieces) for pieces in results]
    return texts[0] if len(texts) == 1 else Choices(tuple(texts))


def _pieces(value: Value) -> tuple[Piece, ...]:
    if isinstance(value, Text):
        return value.pieces
    if isinstance(value, Parameter):
        return (value,)
    return (Hole(value.name if isinstance(value, (Unknown, External)) else ""),)


def substitute(value: Value, give: Callable[[Parameter], Value | None]) -> Value:
    """`value` with each parameter replaced by what `give` has for it; None leaves it."""
    if isinstance(value, Parameter):
        return give(value) or value
    if isinstance(value, Text):
        if not any(isinstance(piece, Parameter) for piece in value.pieces):
            return value
        return concatenate(
            [(give(piece) or piece) if isinstance(piece, Parameter) else Text((piece,)) for piece in value.pieces]
        )
    if isinstance(value, Choices):
        return choose([substitute(option, give) for option in value.values])
    if isinstance(value, Items):
        return Items(tuple(substitute(item, give) for item in value.values))
    if isinstance(value, Pairs):
        return Pairs(tuple((substitute(key, give), substitute(item, give)) for key, item in value.items))
    if isinstance(value, Connection) and value.database is not None:
        return Connection(value.engine, substitute(value.database, give))
    if isinstance(value, RedisClient):
        database, url = (each if each is None else substitute(each, give) for each in (value.database, value.url))
        return value._replace(database=database, url=url)
    return value


def parameters(value: Value | None) -> Iterator[Parameter]:
    """The parameters that `value` depends on."""
    if isinstance(value, Parameter):
        yield value
    elif isinstance(value, Text):
        yield from (piece for piece in value.pieces if isinstance(piece, Parameter))
    elif isinstance(value, (Choices, Items)):
        for item in value.values:
            yield from parameters(item)
    elif isinstance(value, Pairs):
        for key, item in value.items:
            yield from parameters(key)
            yield from parameters(item)
    elif isinstance(value, Connection):
        yield from parameters(value.database)
    elif isinstance(value, RedisClient):
        yield from parameters(value.database)
        yield from parameters(value.url)


def texts(value: Value) -> Iterator[Text]:
    """The alternatives of `value` that are texts."""
    return (option for option in choices(value) if isinstance(option, Text))


def literals(value: Value) -> Iterator[Literal]:
    """The literals whose text is part of `value`, at any depth."""
    if isinstance(value, Text):
        yield from (piece.literal for piece in value.pieces if isinstance(piece, Chunk))
    elif isinstance(value, Number):
        yield value.literal
    elif isinstance(value, (Choices, Items)):
        for item in value.values:
            yield from literals(item)
    elif isinstance(value, Pairs):
        for key, item in value.items:
            yield from literals(key)
            yield from literals(item)


def source_map(value: Text) -> SourceMap:
    """`value` as text with places; what is not known is a hole."""
    return SourceMap(
        Run(piece.literal.path, piece.text, piece.start, piece.offsets, piece.literal.at, piece.quoter)
        if isinstance(piece, Chunk)
        else hole()
        for piece in value.pieces
    )

"""The values that an expression can have, as far as the code tells; texts remember where they were written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from codemods.sourcemap import Origin, Run, SourceMap, TableName, hole


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
    """A piece known at run time only; `name` is how the code calls it, `answer` the value of a query that it is.

    `of_table` is the attribute of an ORM's table that it is.
    """

    name: str
    answer: Answer | None = None
    of_table: TableName | None = None


class Key(NamedTuple):
    """A step from a container to one of its values; None is any of them."""

    key: str | int | None


class Format(NamedTuple):
    """A step from a text to what its `format` makes of it with these arguments; `named` is a dict."""

    positional: tuple[Value, ...]
    named: Value


class Each(NamedTuple):
    """A step from a container to what a loop over it sees."""


class Joined(NamedTuple):
    """A step from texts to what `separator.join` makes of them."""

    separator: Value


Step = str | Key | Format | Each | Joined


class Parameter(NamedTuple):
    """What callers pass for a parameter, or, by way of `steps` (an attribute by its name, …), something in it."""

    function: FunctionKey
    name: str
    steps: tuple[Step, ...] = ()

    def step(self, step: Step) -> Parameter:
        return self._replace(steps=(*self.steps, step))


Piece = Chunk | Hole | Parameter


class Text(NamedTuple):
    pieces: tuple[Piece, ...]


class Number(NamedTuple):
    """A whole number that is written at `literal`."""

    literal: Literal
    text: str


class Choices(NamedTuple):
    """One of these; never nested, at most `MOST_VALUES`."""

    values: tuple[Value, ...]


class Items(NamedTuple):
    """A list, tuple or set of these, in order."""

    values: tuple[Value, ...]


class Pairs(NamedTuple):
    """A dict of these."""

    items: tuple[tuple[Value, Value], ...]


class Object(NamedTuple):
    """An instance of a class of the tree; `exact` when it is of none of its subclasses."""

    key: FunctionKey
    exact: bool = False


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


TABLE = Instance("sqlalchemy.Table")
"""Any table of an ORM's metadata."""


class Answer(NamedTuple):
    """What the query `asked` answers: "rows", a "row", or the "value" of `column` (its number or name, if known)."""

    asked: Text
    form: str = "rows"
    column: str | int | None = None


class Unknown(NamedTuple):
    """Something that is not followed, by how the code calls it; `made_of` are the texts that went into it."""

    name: str = ""
    made_of: tuple[Value, ...] = ()


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
    | Answer
    | Unknown
)


def choices(value: Value) -> tuple[Value, ...]:
    """The alternatives of `value`, itself when it has none."""
    return value.values if isinstance(value, Choices) else (value,)


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
    elif isinstance(value, Unknown):
        for part in value.made_of:
            yield from parameters(part)
    elif isinstance(value, Connection):
        yield from parameters(value.database)
    elif isinstance(value, RedisClient):
        yield from parameters(value.database)
        yield from parameters(value.url)


def members(value: Value) -> Iterator[Value]:
    """What is in `value`, at any depth; itself when it holds nothing."""
    if isinstance(value, (Choices, Items)):
        for item in value.values:
            yield from members(item)
    elif isinstance(value, Pairs):
        for key, item in value.items:
            yield from members(key)
            yield from members(item)
    else:
        yield value


def answers(value: Value) -> Iterator[Answer]:
    """What queries answer in `value`, at any depth."""
    for each in members(value):
        if isinstance(each, Answer):
            yield each
        elif isinstance(each, Text):
            yield from (piece.answer for piece in each.pieces if isinstance(piece, Hole) and piece.answer)


def texts(value: Value) -> Iterator[Text]:
    """The alternatives of `value` that are texts."""
    return (option for option in choices(value) if isinstance(option, Text))


def unmade(value: Value) -> Iterator[Text]:
    """The texts out of which something unknown makes `value`."""
    for option in choices(value):
        if isinstance(option, Unknown):
            for part in option.made_of:
                yield from texts(part)


def literals(value: Value) -> Iterator[Literal]:
    """The literals whose text is part of `value`, at any depth."""
    for each in members(value):
        if isinstance(each, Text):
            yield from (piece.literal for piece in each.pieces if isinstance(piece, Chunk))
        elif isinstance(each, Number):
            yield each.literal


def describe(piece: Hole | Parameter) -> str:
    """How a message calls a piece that is not known."""
    if isinstance(piece, Hole):
        return piece.name
    steps = "".join(
        f".{step}" if isinstance(step, str) else "[…]" if isinstance(step, (Key, Each)) else "" for step in piece.steps
    )
    return f"{piece.name}{steps}, a parameter of {piece.function.name}"


def source_map(value: Text) -> SourceMap:
    """`value` as text with places; what is not known is a hole."""
    return SourceMap(
        Run(piece.literal.path, piece.text, piece.start, piece.offsets, piece.literal.at, piece.quoter)
        if isinstance(piece, Chunk)
        else hole(describe(piece), _origin(piece), piece.of_table if isinstance(piece, Hole) else None)
        for piece in value.pieces
    )


def _origin(piece: Hole | Parameter) -> Origin | None:
    answer = piece.answer if isinstance(piece, Hole) else None
    return Origin(source_map(answer.asked), answer.column) if answer else None

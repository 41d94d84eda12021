"""What relink keeps of a Python file: expressions and statements without layout, with places.

Plain tuples, so that they pickle small and fast: these are the facts of a file that linking sees. `at` is a
0-based character offset in the decoded file.
"""

from __future__ import annotations

from typing import NamedTuple

from codemods.python.literals import Body


class Unsupported(ValueError):
    """The file cannot be read; `str()` says why, with 1-based line and column where known."""


class Str(NamedTuple):
    """A string literal, or one constant part of a format string."""

    at: int
    body: Body


class Field(NamedTuple):
    """A replacement field of a format string; `plain` when it has neither conversion nor format."""

    value: Expr
    plain: bool


class Joined(NamedTuple):
    """Parts that Python itself joins: implicit concatenation and format strings."""

    at: int
    parts: tuple[Str | Field | Joined, ...]
    is_template: bool = False


class Number(NamedTuple):
    """A whole number as it is written; `at` is -1 when its place is not certain."""

    at: int
    text: str


class Name(NamedTuple):
    at: int
    id: str


class Attribute(NamedTuple):
    at: int
    value: Expr
    name: str


class Argument(NamedTuple):
    """`star` is "", "*" or "**"."""

    name: str | None
    star: str
    value: Expr


class Call(NamedTuple):
    at: int
    function: Expr
    arguments: tuple[Argument, ...]


class Binary(NamedTuple):
    """`+` and `%`; `operator` is the sign."""

    at: int
    operator: str
    left: Expr
    right: Expr


class Choice(NamedTuple):
    """One of several values: `a if t else b`, `a or b`; `test` is looked at, not followed."""

    options: tuple[Expr, ...]
    test: Expr | None = None


class Sequence(NamedTuple):
    """A list, tuple or set display."""

    at: int
    items: tuple[Expr, ...]


class Starred(NamedTuple):
    value: Expr


class Mapping(NamedTuple):
    """A dict display; a key of None is a `**` item."""

    at: int
    items: tuple[tuple[Expr | None, Expr], ...]


class Subscript(NamedTuple):
    at: int
    value: Expr
    key: Expr


class Comparison(NamedTuple):
    """Operands of comparisons, whose values are looked at and forgotten."""

    operands: tuple[Expr, ...]


class Comprehension(NamedTuple):
    """`key` is set for a dict comprehension only."""

    key: Expr | None
    value: Expr
    loops: tuple[tuple[Expr, Expr], ...]
    conditions: tuple[Expr, ...]


class Lambda(NamedTuple):
    parameters: tuple[Parameter, ...]
    body: Expr


class Walrus(NamedTuple):
    target: Expr
    value: Expr


class Yield(NamedTuple):
    value: Expr


class Other(NamedTuple):
    """Anything else: the parts are looked at, the value is unknown."""

    parts: tuple[Expr, ...]


Expr = (
    Str
    | Joined
    | Number
    | Name
    | Attribute
    | Call
    | Binary
    | Choice
    | Sequence
    | Starred
    | Mapping
    | Subscript
    | Comparison
    | Comprehension
    | Lambda
    | Walrus
    | Yield
    | Other
)


class Parameter(NamedTuple):
    """`star` is "", "*" or "**"."""

    name: str
    star: str
    default: Expr | None
    annotation: Expr | None


class Assign(NamedTuple):
    targets: tuple[Expr, ...]
    value: Expr


class Annotated(NamedTuple):
    target: Expr
    annotation: Expr
    value: Expr | None


class Augment(NamedTuple):
    target: Expr
    operator: str
    value: Expr


class Evaluate(NamedTuple):
    """An expression statement."""

    value: Expr


class Return(NamedTuple):
    value: Expr


class Raise(NamedTuple):
    """Values that become messages: `raise`, the message of `assert`."""

    values: tuple[Expr, ...]


class Branch(NamedTuple):
    """Alternatives of which one runs; `looks` are evaluated first."""

    looks: tuple[Expr, ...]
    bodies: tuple[Block, ...]


class Loop(NamedTuple):
    target: Expr | None
    iterable: Expr
    body: Block
    otherwise: Block


class With(NamedTuple):
    items: tuple[tuple[Expr, Expr | None], ...]
    body: Block


class Function(NamedTuple):
    at: int
    name: str
    parameters: tuple[Parameter, ...]
    body: Block
    decorators: tuple[Expr, ...]
    returns: Expr | None


class Class(NamedTuple):
    at: int
    name: str
    bases: tuple[Expr, ...]
    body: Block
    decorators: tuple[Expr, ...]
    keywords: tuple[Argument, ...] = ()


class Import(NamedTuple):
    """`import module as bound` (name None), or `from ..module import name as bound` with `level` dots."""

    module: str
    name: str | None
    bound: str
    level: int


Statement = Assign | Annotated | Augment | Evaluate | Return | Raise | Branch | Loop | With | Function | Class | Import
Block = tuple[Statement, ...]


class Module(NamedTuple):
    """The facts of one Python file; `path` is relative to the run's root, with `/`."""

    path: str
    body: Block

"""Which methods of the tree a call may mean when its receiver does not say: those of derived classes, or by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codemods.python import ir
from codemods.python.alternatives import choose
from codemods.python.arguments import Arguments
from codemods.python.records import Guess, Place
from codemods.python.values import (
    Chunk,
    Connection,
    External,
    FunctionRef,
    Instance,
    Items,
    Object,
    Pairs,
    Parameter,
    Piece,
    Text,
    Unknown,
    Value,
    choices,
)  # fmt: skip

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis

CONTAINER_METHODS = frozenset(name for kind in (str, bytes, list, dict, set, tuple, object) for name in dir(kind)) | {
    "send",
    "put",
    "run",
    "close",
    "commit",
    "rollback",
    "save",
    "delete",
    "create",
    "read",
    "write",
    "open",
    "call",
}
MOST_CANDIDATES = 3
_WORD = re.compile(r'[\w."]*')


class Namesakes:
    """Finds the methods that calls of a tree may mean, for an `Analysis`."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._records = analysis.records

    def call(self, name: str, owner: Value, arguments: Arguments, place: Place) -> Value | None:
        """Calls of a method of the tree on a receiver whose class is not known, found by the method's name."""
        candidates = self._analysis.methods.get(name, ())
        if candidates and (name in CONTAINER_METHODS or len(candidates) > MOST_CANDIDATES):
            if not isinstance(owner, (External, Instance)):
                self._guess(name, arguments, place)
            return None
        if not candidates:
            return None
        results = [
            self._analysis.calls.own_function(FunctionRef(key, True), arguments, place) for key in list(candidates)
        ]
        # A namesake says nothing about which database answers.
        return choose([Unknown(name) if isinstance(result, Connection) else result for result in results])

    def _guess(self, name: str, arguments: Arguments, place: Place) -> None:
        """Remember a call that may mean any of the tree's methods called `name`."""
        if not name.startswith("__") and any(map(_may_name, arguments.all)):
            self._records.guesses[name].append(Guess(arguments.positional, arguments.named, place))

    def meant(self, method: FunctionRef, owner: Value, arguments: Arguments, place: Place) -> list[FunctionRef]:
        """The methods that a call of `method` on `owner` may mean: itself, and what derived classes have instead.

        One that does nothing by itself means its namesakes with the same parameters, too, and not itself.
        """
        functions = self._analysis.functions
        node = functions[method.key].node
        is_idle = all(isinstance(each, ir.Raise) or _is_idle(each) for each in node.body)
        found: list[FunctionRef] = []
        if isinstance(owner, Object) and not owner.exact:
            found = list(self._analysis.overrides(owner.key, node.name))
        if not is_idle:
            return [*found, method]
        known = {method.key, *(each.key for each in found)}
        wanted = [parameter.name for parameter in node.parameters]
        others = [
            FunctionRef(key, True)
            for key in self._analysis.methods.get(node.name, ())
            if key not in known and [parameter.name for parameter in functions[key].node.parameters] == wanted
        ]
        if len(others) > MOST_CANDIDATES:
            self._guess(node.name, arguments, place)
            others = []
        return [*found, *others] or [method]


def _may_name(value: Value) -> bool:
    """Whether a name may be in `value`: a word, what callers pass, or a container of such."""
    return any(
        isinstance(each, (Parameter, Items, Pairs)) or (isinstance(each, Text) and all(map(_is_word, each.pieces)))
        for each in choices(value)
    )


def _is_word(piece: Piece) -> bool:
    return not isinstance(piece, Chunk) or _WORD.fullmatch(piece.text) is not None


def _is_idle(statement: ir.Statement) -> bool:
    """Whether a statement is a docstring or an ellipsis."""
    return isinstance(statement, ir.Evaluate) and isinstance(statement.value, (ir.Str, ir.Other))

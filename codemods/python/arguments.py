"""The evaluated arguments of a call."""

from __future__ import annotations

from typing import NamedTuple

from codemods.python.alternatives import choose
from codemods.python.operations import known_text
from codemods.python.values import Chunk, Literal, Pairs, Text, Value, choices


class Arguments(NamedTuple):
    """Evaluated arguments of a call."""

    positional: tuple[Value, ...]
    named: dict[str, Value]
    complete: bool

    @property
    def all(self) -> tuple[Value, ...]:
        return (*self.positional, *self.named.values())

    def get(self, position: int, names: tuple[str, ...] = ()) -> Value | None:
        for name in names:
            if name in self.named:
                return self.named[name]
        return self.positional[position] if 0 <= position < len(self.positional) else None

    def named_as_dict(self) -> Pairs:
        """The named arguments as `dict(...)` would keep them."""
        return Pairs(tuple((Text((Chunk(Literal("", 0), name, 0),)), value) for name, value in self.named.items()))

    def after(self, count: int) -> Arguments:
        return Arguments(self.positional[count:], self.named, self.complete)


def spread(value: Value, named: dict[str, Value]) -> bool:
    """Add the items of `**value` to `named`; False when not all of them are known."""
    known = True
    found: dict[str, list[Value]] = {}
    for option in choices(value):
        if isinstance(option, Pairs):
            last = {known_text(key): item for key, item in option.items}
            for name, item in last.items():
                if name is not None:
                    found.setdefault(name, []).append(item)
        else:
            known = False
    named.update((name, choose(items)) for name, items in found.items())
    return known

"""Find where each thing of the old layout is on the new one: by its name, else by what it looks like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from codemods.catalog.snapshot import Catalog, Name

_ALIKE = 0.7
"""Share of columns (name and type) that two tables have to have in common to be the same one under another name."""
_CLEARLY = 0.15
"""By how much the best candidate has to be better than the next."""


class Found(NamedTuple):
    """Something that went from `old` in the database `database` to `new`; `kind` as in a mapping.

    `note` says how it was found when not by its name.
    """

    kind: str
    database: str
    old: Name
    new: Name
    note: str = ""


class Unsure(NamedTuple):
    """Something of the old layout whose new place is not certain; `candidates` may be empty."""

    kind: str
    database: str
    old: Name
    candidates: tuple[Name, ...]


class Matches(NamedTuple):
    found: tuple[Found, ...]
    unsure: tuple[Unsure, ...]


def match(old: Sequence[tuple[str, Catalog]], new: Catalog) -> Matches:
    """Where everything in the old databases (name, catalog) is in `new`."""
    found: list[Found] = []
    unsure: list[Unsure] = []
    for database, catalog in old:
        for kind, before, after in _kinds(catalog, new):
            # What is still where it was did not move, and nothing else moved there.
            free = [thing for thing in after if thing.name not in {each.name for each in before}]
            for thing in before:
                if any(each.name == thing.name for each in after):
                    continue
                candidates = _candidates(thing, free)
                if len(candidates) == 1:
                    note = "" if candidates[0].name.name == thing.name.name else "by its columns"
                    found.append(Found(kind, database, thing.name, candidates[0].name, note))
                else:
                    unsure.append(Unsure(kind, database, thing.name, tuple(each.name for each in candidates)))
    return Matches(tuple(found), tuple(unsure))


class _Thing(NamedTuple):
    """What is compared: for a table its columns, for a function its arguments and language, for others nothing."""

    name: Name
    shape: frozenset[tuple[str, str]]
    rows: int = 0


def _kinds(old: Catalog, new: Catalog) -> Iterable[tuple[str, list[_Thing], list[_Thing]]]:
    for kind in ("table", "view", "sequence"):
        yield kind, _relations(old, kind), _relations(new, kind)
    yield "function", _routines(old), _routines(new)
    yield "type", _types(old), _types(new)


def _relations(catalog: Catalog, kind: str) -> list[_Thing]:
    return [
        _Thing(each.name, frozenset((column.name, column.type) for column in each.columns), each.rows)
        for each in catalog.relations
        if each.kind == kind and each.owner is None
    ]


def _routines(catalog: Catalog) -> list[_Thing]:
    shapes: dict[Name, set[tuple[str, str]]] = defaultdict(set)
    for each in catalog.routines:
        shapes[each.name].add((each.arguments, each.language))
    return [_Thing(name, frozenset(shape)) for name, shape in shapes.items()]


def _types(catalog: Catalog) -> list[_Thing]:
    return [_Thing(name, frozenset()) for name in catalog.types]


def _candidates(thing: _Thing, free: Sequence[_Thing]) -> list[_Thing]:
    """Those of the same name, else those that look alike; one alone when it is clearly the best."""
    named = [each for each in free if each.name.name == thing.name.name]
    if named:
        same = [each for each in named if each.shape == thing.shape]
        return same if len(same) == 1 else named
    ranked = sorted(((_likeness(thing, each), each) for each in free), key=lambda pair: pair[0], reverse=True)
    alike = [pair for pair in ranked if pair[0] >= _ALIKE]
    if len(alike) > 1 and alike[0][0] - alike[1][0] >= _CLEARLY:
        alike = alike[:1]
    return [each for _, each in alike]


def _likeness(one: _Thing, other: _Thing) -> float:
    """From 0 to 1: the share of the columns in common, a little less when the sizes differ much."""
    if not one.shape or not other.shape:
        return 0.0
    share = len(one.shape & other.shape) / len(one.shape | other.shape)
    small, large = sorted((one.rows, other.rows))
    return share - (0.1 if large > 1000 and small * 2 < large else 0.0)

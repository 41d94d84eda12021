"""The statements that move relations to their new places, in an order in which no two meet on one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from codemods.catalog.snapshot import Catalog, Name
from codemods.mapping import Mapping, Relation

_ALTER = {"table": "TABLE", "view": "TABLE", "sequence": "SEQUENCE", "function": "ROUTINE", "type": "TYPE"}
# A function is told by the types of its arguments, so it goes before they get other names, and comes back after them.
_ORDER = ("function", "type", "table", "view", "sequence")


class Relocation(NamedTuple):
    """One thing and its way: `kind` as ALTER says it; `arguments` tells overloaded functions apart.

    `optional`: a sequence, which may have gone with the table that owns it already.
    """

    kind: str
    old: Name
    new: Name
    arguments: str | None = None
    optional: bool = False

    def reversed(self) -> Relocation:
        return self._replace(old=self.new, new=self.old)


def relocations(
    mapping: Mapping, database: str, catalog: Catalog | None = None, origin: str | None = None
) -> list[Relocation]:
    """What moves within the new database `database`, in an order that PostgreSQL accepts.

    Without a `catalog`: the relations that came from the old database `origin`, or whose origin is not said (None).
    With one: whatever of the mapping is there and not yet at its new place; namesakes of several origins are left,
    as nothing tells which one is there.
    """
    chosen = [relation for relation in mapping.relations if relation.database == database]
    if catalog is None:
        chosen = [relation for relation in chosen if relation.old_database == origin]
    ordered = sorted(chosen, key=lambda relation: _ORDER.index(relation.kind))
    there = _Present(catalog, chosen) if catalog else None
    found = [move for each in ordered for move in (there.find(each) if there else [_blind(each)])]
    return [move for move in found if move.old != move.new]


def _blind(relation: Relation) -> Relocation:
    return Relocation(_ALTER[relation.kind], _old(relation), _new(relation), None, relation.kind == "sequence")


def _old(relation: Relation) -> Name:
    return Name(relation.old_schema, relation.old_name)


def _new(relation: Relation) -> Name:
    return Name(relation.schema, relation.name)


class _Present:
    """Looks relations of a mapping up in a catalog."""

    def __init__(self, catalog: Catalog, chosen: Sequence[Relation]) -> None:
        self._catalog = catalog
        self._relations = {each.name: each for each in catalog.relations}
        self._schemas = {_old(each): each.schema for each in chosen if each.kind == "table"}
        self._namesakes = Counter((each.kind == "function", _old(each)) for each in chosen)

    def find(self, relation: Relation) -> Iterator[Relocation]:
        old, new, kind = _old(relation), _new(relation), _ALTER[relation.kind]
        if self._namesakes[relation.kind == "function", old] > 1:
            return
        if relation.kind == "function":
            for routine in self._catalog.routines:
                if routine.name == old:
                    yield Relocation(kind, old, new, routine.arguments)
        elif relation.kind == "type":
            if old in self._catalog.types:
                yield Relocation(kind, old, new)
        elif old in self._relations and new not in self._relations:
            owner = self._relations[old].owner
            # An owned sequence is in its table's schema by then; only its name is left to change.
            gone = Name(self._schemas[owner], old.name) if owner in self._schemas else old
            yield Relocation(_ALTER[self._relations[old].kind], gone, new)


def move_statements(moves: Sequence[Relocation]) -> list[str]:
    """ALTER statements, without semicolons, that make `moves`, all of them at once."""
    taken = {name for move in moves for name in (move.old, move.new)}
    statements: list[str] = []
    current: list[Name] = []
    for number, move in enumerate(moves):
        aside = any(other.new == move.old for other in moves)
        name = Name(move.old.schema, f"relink_moving_{number}") if aside else move.old
        if aside:
            statements.append(_rename(move, move.old, name.name))
        current.append(name)
    for number, (move, name) in enumerate(zip(moves, current, strict=True)):
        statements += _path(move, name, taken, number)
    return statements


def _path(move: Relocation, name: Name, taken: set[Name], number: int) -> Iterator[str]:
    if name.schema == move.new.schema:
        if name.name != move.new.name:
            yield _rename(move, name, move.new.name)
        return
    between = Name(move.new.schema, name.name)
    if name.name != move.new.name and between in taken:
        yield _rename(move, name, f"relink_moving_{number}")
        name = Name(name.schema, f"relink_moving_{number}")
    yield f"{_alter(move, name)} SET SCHEMA {move.new.schema}"
    if name.name != move.new.name:
        yield _rename(move, Name(move.new.schema, name.name), move.new.name)


def _rename(move: Relocation, name: Name, new: str) -> str:
    return f"{_alter(move, name)} RENAME TO {new}"


def _alter(move: Relocation, name: Name) -> str:
    arguments = "" if move.arguments is None else f"({move.arguments})"
    exists = "IF EXISTS " if move.optional else ""
    return f"ALTER {move.kind} {exists}{name}{arguments}"

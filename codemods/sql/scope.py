"""Which names a query sees: its own tables, and the qualifiers that wait for one."""

from __future__ import annotations

from dataclasses import dataclass, field

from .model import CatalogFilter, Identifier, Kind, Reference, Role


@dataclass(slots=True)
class Arm:
    """One SELECT of a query (one arm of a UNION), or the target of an INSERT, UPDATE, DELETE or MERGE.

    `exposed` maps each name that qualifiers may use to whether it is the name of a table itself and not an alias.
    `loose`: its conditions let through more than the literals they compare with say. `of_trigger`: these are compared
    with the variables that tell a trigger its table.
    """

    parent: Arm | None = None
    exposed: dict[str, bool] = field(default_factory=dict)
    waiting: dict[str, list[Identifier]] = field(default_factory=dict)
    schema_filters: list[Identifier] = field(default_factory=list)
    name_filters: list[Identifier] = field(default_factory=list)
    loose: bool = False
    of_trigger: bool = False

    def close(self, references: list[Reference], filters: list[CatalogFilter]) -> None:
        """Settle the qualifiers this arm can settle and hand the others to the query around it."""
        waiting = self.waiting
        if waiting:
            for name, is_table in self.exposed.items():
                found = waiting.pop(name, None)
                if found and is_table:
                    references.extend(Reference((part,), Kind.COLUMN, Role.READ, bound=True) for part in found)
            if self.parent is not None and waiting:
                self._hand_over(self.parent)
            self.waiting = {}
        if self.schema_filters or self.name_filters:
            names = tuple(self.name_filters)
            exact = bool(names) and not self.loose
            filters.extend(CatalogFilter(at, names, exact, self.of_trigger) for at in self.schema_filters or (None,))
            self.schema_filters, self.name_filters = [], []

    def _hand_over(self, parent: Arm) -> None:
        """Merge the smaller map into the larger one: deep nesting stays linear."""
        small, large = self.waiting, parent.waiting
        if len(small) > len(large):
            small, large = large, small
        for name, found in small.items():
            large.setdefault(name, []).extend(found)
        parent.waiting = large


@dataclass(slots=True)
class Frame:
    """An open parenthesis, or the statement itself.

    `kind` is one of the constants below; `base` is the arm of the statement in this frame and `arm` the SELECT
    that is being read, both borrowed from the frame around unless `owns`. `hides` are the CTEs that end with it.
    """

    kind: int
    base: Arm
    arm: Arm
    owns: bool = False
    state: int = 0
    hides: list[str] = field(default_factory=list)
    names: str | None = None
    last: str | None = None
    using: bool = False


PLAIN, QUERY, GROUP, COLUMNS, CAST, BRACKET = range(6)
"""Frames: an expression, a query, a list of tables, column definitions, CAST(…), the subscripts or items in `[…]`."""

OTHER, AFTER_TABLE, IN_CONDITION, ASSIGNMENTS = range(4)
"""States: no table list is being read; after a table; in the condition of a join; in the SET of an UPDATE."""

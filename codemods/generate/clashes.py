"""What goes to its table's new schema unasked, where its name may be taken: indexes and owned sequences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from codemods.catalog.snapshot import Catalog, Name
from codemods.checkout.discover import UsageProblem
from codemods.generate.relocation import Relocation
from codemods.mapping import Mapping

_LONGEST = 63
"""Bytes of a name that PostgreSQL keeps."""


def with_free_names(moves: Sequence[Relocation], catalog: Catalog) -> list[Relocation]:
    """`moves`, after renames in place of the indexes that would meet a namesake in the new schema.

    Raises `UsageProblem` where a sequence would: code may name it.
    """
    targets = {move.old: move.new.schema for move in moves if move.kind == "TABLE"}
    told = {move.old for move in moves}
    taken = _staying(catalog, targets, told)
    for move in moves:
        if move.kind in ("TABLE", "SEQUENCE"):
            taken[move.new.schema].setdefault(move.new.name, move.old)
    for relation in catalog.relations:
        if relation.owner in targets and relation.name not in told:
            other = taken[targets[relation.owner]].setdefault(relation.name.name, relation.name)
            if other != relation.name:
                raise UsageProblem(_clash(relation.name, other, targets[relation.owner]))
    return [*_renames(catalog, targets, taken), *moves]


def refuse_namesakes(mapping: Mapping, database: str, catalog: Catalog) -> None:
    """Raises `UsageProblem` when something is at its old place and at its new one too: which one counts, who knows."""
    for each in mapping.relations:
        old, new = Name(each.old_schema, each.old_name), Name(each.schema, each.name)
        if each.database == database and old != new and {old, new} <= catalog.names and not _trade(mapping, new):
            raise UsageProblem(f"{old} and {new} are both there; keep one of them first")


def _trade(mapping: Mapping, name: Name) -> bool:
    """Whether what is called `name` moves away itself."""
    return any(
        Name(each.old_schema, each.old_name) == name != Name(each.schema, each.name) for each in mapping.relations
    )


def _staying(catalog: Catalog, targets: dict[Name, str], told: set[Name]) -> dict[str, dict[str, Name]]:
    """The names in each schema of what stays there: relations and indexes share one space of names."""
    found: dict[str, dict[str, Name]] = defaultdict(dict)
    for relation in catalog.relations:
        if relation.name not in told and relation.owner not in targets:
            found[relation.name.schema][relation.name.name] = relation.name
    for index in catalog.indexes:
        if targets.get(index.table, index.table.schema) == index.table.schema:
            found[index.table.schema][index.name] = Name(index.table.schema, index.name)
    return found


def _renames(catalog: Catalog, targets: dict[Name, str], taken: dict[str, dict[str, Name]]) -> Iterator[Relocation]:
    there = {(each.table.schema, each.name) for each in catalog.indexes} | {tuple(name) for name in catalog.names}
    for index in catalog.indexes:
        schema, target = index.table.schema, targets.get(index.table, index.table.schema)
        if target == schema:
            continue
        old = Name(schema, index.name)
        name = index.name
        number = 1
        while taken[target].setdefault(name, old) != old or (number > 1 and (schema, name) in there):
            number += 1
            ending = f"_{number}"
            kept = index.name.encode()[: _LONGEST - len(ending)].decode("utf-8", "ignore")
            name = f"{kept}{ending}"
        if name != index.name:
            yield Relocation("INDEX", old, Name(schema, name))


def _clash(name: Name, other: Name, schema: str) -> str:
    return (
        f"{name} would go to {schema} with its table and meet {other} there; name it anew in the mapping: "
        f"{schema}: sequences: [{{name: …, from: {name}}}]"
    )

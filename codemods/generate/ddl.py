"""`relink generate ddl`: back-up, merge of databases, the move itself, and its inverse."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from codemods.catalog.snapshot import Catalog, Name
from codemods.fixes.rename import rewrite_sql
from codemods.generate.clashes import refuse_namesakes, with_free_names
from codemods.generate.relocation import Relocation, move_statements, relocations
from codemods.generate.render import render
from codemods.generate.stamp import stamp
from codemods.mapping import Database, Mapping


class Output(NamedTuple):
    """One generated file: its name and its text."""

    name: str
    text: str


class Part(NamedTuple):
    """What an old database gives: the tables that are its own by the mapping and their moves, and those it may have."""

    database: str
    own: list[str]
    moves: list[str]
    anywhere: list[str]


class Bodies(NamedTuple):
    """CREATE statements of routines whose bodies name what moves, as they are now and as they have to be."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def ddl(mapping: Mapping, database: Database, catalog: Catalog | None = None) -> list[Output]:
    """The scripts that give `database` its new layout. Raises `UsageProblem` when names are in the way.

    With the `catalog` of the merged database the bodies of its functions come along, and only what is there moves.
    """
    moves = relocations(mapping, database.database, catalog)
    if catalog:
        refuse_namesakes(mapping, database.database, catalog)
        moves = with_free_names(moves, catalog)
    bodies = routine_bodies(mapping, catalog) if catalog else Bodies((), ())
    values = {"stamp": stamp("ddl", mapping), "database": database, "schemas": database.schemas}
    # An owned sequence is renamed before its table takes it back; where the owner is not known, the table goes first.
    back = [move.reversed() for move in (moves[::-1] if catalog else moves)]
    schemas = sorted({move.old.schema for move in moves})
    arriving = [move for move in moves if move.kind == "TABLE"]
    outputs = [
        Output("1-backup.sh", render("backup.sh", backups=_backups(mapping, database), **values)),
        Output("3-move.sql", render("move.sql", statements=move_statements(moves), bodies=bodies.after,
                                    old_schemas=schemas, arriving=arriving, known=catalog is not None, **values)),
        Output("undo.sql", render("undo.sql", statements=move_statements(back),
                                  bodies=bodies.before, **values)),
    ]  # fmt: skip
    others = [old for old in database.replaces if old != database.database]
    if others:
        outputs.append(Output("2-merge.sh", render("merge.sh", parts=_parts(mapping, database, others), **values)))
    return sorted(outputs)


def _parts(mapping: Mapping, database: Database, others: list[str]) -> list[Part]:
    anywhere = relocations(mapping, database.database)
    return [
        Part(old, _tables(own), move_statements(own), _tables(anywhere))
        for old in others
        for own in [relocations(mapping, database.database, None, old)]
    ]


def _tables(moves: list[Relocation]) -> list[str]:
    return [str(move.old) for move in moves if move.kind == "TABLE"]


def _backups(mapping: Mapping, database: Database) -> dict[str, list[Name]]:
    """The tables to save for each new schema, by their old names."""
    found: dict[str, list[Name]] = defaultdict(list)
    for relation in mapping.relations:
        if relation.database == database.database and relation.kind in ("table", "view"):
            found[relation.schema].append(Name(relation.old_schema, relation.old_name))
    return dict(found)


def routine_bodies(mapping: Mapping, catalog: Catalog) -> Bodies:
    """The routines of `catalog` whose text names something that moves."""
    before, after = [], []
    for routine in catalog.routines:
        new = rewrite_sql(routine.definition, mapping) if routine.body else routine.definition
        if new != routine.definition:
            before.append(routine.definition)
            after.append(new)
    return Bodies(tuple(before), tuple(after))

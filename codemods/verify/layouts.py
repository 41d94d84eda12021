"""The old layout and the new one on an embedded server, built from the DDL that the tree holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from codemods.catalog.connect import ServerError, connect
from codemods.catalog.embedded import embedded_server
from codemods.catalog.load import Failed, definitions, load_definitions
from codemods.catalog.snapshot import Catalog, read_catalog
from codemods.catalog.tables import Table
from codemods.generate.clashes import with_free_names
from codemods.generate.ddl import routine_bodies
from codemods.generate.relocation import move_statements, relocations
from codemods.mapping import Mapping
from codemods.verify.stand_ins import NOTHING, StandIns, add_stand_ins

if TYPE_CHECKING:
    from psycopg import Connection


class Layouts(NamedTuple):
    """Connections to the database as it was and as it is to be.

    `failed` are definitions that did not load, `stand_ins` what was made because no definition does.
    """

    old: Connection
    new: Connection
    failed: tuple[Failed, ...] = ()
    stand_ins: StandIns = NOTHING


@contextmanager
def embedded_layouts(
    scripts: Iterable[str], mapping: Mapping, tables: Iterable[Table] = (), used: Iterable[str] = ()
) -> Iterator[Layouts]:
    """Load the definitions of `scripts`, and `tables`, add stand-ins for what the statements `used` lack, and move it
    all as `mapping` says. Raises `ServerError`.
    """
    import psycopg

    with embedded_server() as server:
        server.create("before")
        with connect(server.url("before"), read_only=False) as building:
            building.execute("SET synchronous_commit = off")  # nobody needs it after a crash
            for schema in sorted(mapping.schemas | mapping.old_schemas):
                building.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}".encode())
            failed = load_definitions(building, definitions(scripts), tables)
            stand_ins = add_stand_ins(building, used)
            catalog = read_catalog(building)
        server.create("after", "before")
        with connect(server.url("after"), read_only=False) as building:
            try:
                _move(building, mapping, catalog)
            except psycopg.Error as error:
                said = str(error).splitlines()[0]
                raise ServerError(f"the definitions do not move as the mapping says: {said}") from error
        with connect(server.url("before")) as old, connect(server.url("after")) as new:
            yield Layouts(old, new, tuple(failed), stand_ins)


def _move(connection: Connection, mapping: Mapping, catalog: Catalog) -> None:
    connection.execute("SET check_function_bodies = off")
    for database in mapping.databases:
        for statement in move_statements(with_free_names(relocations(mapping, database.database, catalog), catalog)):
            connection.execute(statement.encode())
    for body in routine_bodies(mapping, catalog).after:
        connection.execute(body.encode())

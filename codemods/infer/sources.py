"""Where a mapping is inferred from: servers, dumps, or a tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from codemods.catalog.connect import ServerError, connect
from codemods.catalog.embedded import embedded_server
from codemods.catalog.load import definitions, load_definitions
from codemods.catalog.snapshot import Catalog, read_catalog
from codemods.dsn import mask_passwords
from codemods.infer.match import Matches, match
from codemods.infer.tree import from_tree
from codemods.mapping import Mapping
from codemods.occurrences import Evidence, Occurrence, Query
from codemods.pipeline import Means, look


def from_servers(old: Sequence[str], new: str) -> tuple[list[str], str, Matches]:
    """The names of the old databases and of the new one, and what went where; URLs are only read."""
    catalogs = [_live(url) for url in old]
    name, catalog = _live(new)
    return [database for database, _ in catalogs], name, match(catalogs, catalog)


def from_dumps(old: Sequence[Path], new: Path) -> tuple[list[str], str, Matches]:
    """The same from files that pg_dump --schema-only wrote; a database is called as its file."""
    with embedded_server() as server, ExitStack() as stack:

        def load(path: Path, number: int) -> tuple[str, Catalog]:
            try:
                text = path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise ServerError(f"{path}: {error}; pass a file that pg_dump --schema-only wrote") from error
            server.create(f"dump_{number}")
            connection = stack.enter_context(connect(server.url(f"dump_{number}"), read_only=False))
            load_definitions(connection, definitions([text]))
            catalog = read_catalog(connection)
            if not catalog.relations:
                raise ServerError(f"{path}: it defines no table; pass a file that pg_dump --schema-only wrote")
            return path.stem, catalog

        catalogs = [load(path, number) for number, path in enumerate(old)]
        name, catalog = load(new, len(old))
        return [database for database, _ in catalogs], name, match(catalogs, catalog)


def look_at(root: Path) -> tuple[Occurrence, ...]:
    """What occurs in a tree; without a mapping nothing tells which files matter, so all are analysed."""
    nothing = Mapping(root / "mapping.yaml", (), ())
    return look(root, [], nothing, (), lambda _: None, means=Means(filters=False)).occurrences


def from_checkout(root: Path, occurrences: Sequence[Occurrence], has_keys: bool) -> tuple[list[str], str, Matches]:
    """A first guess from a tree's own definitions and ORM classes.

    Raises `ServerError` when it has none, unless there are keys of Redis to tell of (`has_keys`).
    """
    queries = [each for each in occurrences if isinstance(each, Query)]
    queries.sort(key=lambda query: query.evidence is not Evidence.FILE)
    with embedded_server() as server:
        server.create("tree")
        with connect(server.url("tree"), read_only=False) as connection:
            load_definitions(connection, definitions(query.source.text for query in queries))
            catalog = read_catalog(connection)
    database = re.sub(r"\W+", "_", root.name).lower().strip("_") or "database"
    matches = from_tree(occurrences, catalog, database)
    if not matches.found and not matches.unsure and not has_keys:
        raise ServerError(
            f"{root}: no file defines a table; pass --old-database-url and --database-url, or files of pg_dump -s"
        )
    return [], database, matches


def _live(url: str) -> tuple[str, Catalog]:
    with connect(url) as connection:
        name, catalog = connection.info.dbname, read_catalog(connection)
    if not catalog.relations:
        raise ServerError(f"{mask_passwords(url)}: it has no table that this role sees; pass the URL of another")
    return name, catalog

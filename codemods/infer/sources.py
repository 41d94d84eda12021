"""Where a mapping is inferred from: servers, dumps, or a tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from codemods.catalog.connect import ServerError, connect
from codemods.catalog.embedded import embedded_server
from codemods.catalog.load import definitions, load_definitions
from codemods.catalog.snapshot import Catalog, read_catalog
from codemods.checkout.tree import read_tree
from codemods.infer.match import Matches, match
from codemods.infer.tree import from_tree
from codemods.mapping import Mapping, Relation
from codemods.occurrences import Query
from codemods.pipeline import View, look
from codemods.source import Source
from codemods.sql import SQL_SUFFIXES


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
            return path.stem, read_catalog(connection)

        catalogs = [load(path, number) for number, path in enumerate(old)]
        name, catalog = load(new, len(old))
        return [database for database, _ in catalogs], name, match(catalogs, catalog)


def from_checkout(root: Path, paths: Sequence[Path], tell: Callable[[str], None]) -> tuple[list[str], str, Matches]:
    """A first guess from a tree's own definitions and ORM classes."""
    scripts = [source.text for source in _scripts(root, paths)]
    nothing = Mapping(root / "mapping.yaml", (), ())
    in_python = [
        each.source.text for each in look(root, paths, nothing, (), tell).occurrences if isinstance(each, Query)
    ]
    with embedded_server() as server:
        server.create("tree")
        with connect(server.url("tree"), read_only=False) as connection:
            load_definitions(connection, definitions([*scripts, *in_python]))
            catalog = read_catalog(connection)
    view = _view_of(catalog, root, paths, tell)
    database = root.name.replace("-", "_").lower() or "database"
    return [], database, from_tree(view.occurrences, catalog, database)


def _scripts(root: Path, paths: Sequence[Path]) -> list[Source]:
    tree = read_tree(root, paths, (), lambda path: path.endswith(SQL_SUFFIXES), lambda _: False)
    return list(tree.sources.values())


def _view_of(catalog: Catalog, root: Path, paths: Sequence[Path], tell: Callable[[str], None]) -> View:
    """The tree, looked at for the names of the relations in `catalog`."""
    relations = tuple(
        Relation(each.kind, "", "", each.name.name, None, each.name.schema, each.name.name, 1)
        for each in catalog.relations
    )
    return look(root, paths, Mapping(root / "mapping.yaml", (), relations), (), tell)


def _live(url: str) -> tuple[str, Catalog]:
    with connect(url) as connection:
        return connection.info.dbname, read_catalog(connection)

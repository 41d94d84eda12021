"""One verification from end to end: the statements of a tree, the servers to ask, and the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from codemods.catalog.connect import ServerError, connect, may_write
from codemods.catalog.snapshot import read_catalog
from codemods.fixes.rename import unmoved
from codemods.occurrences import Engine, Evidence
from codemods.python.columns import ColumnReader
from codemods.python.ir import Module
from codemods.verify.ask import Server
from codemods.verify.compare import compare
from codemods.verify.layouts import Layouts, embedded_layouts
from codemods.verify.mapped import mapped_tables
from codemods.verify.run import Report, verify
from codemods.verify.statements import Subject
from codemods.verify.verdict import Verdict, judge, on_stand_ins
from codemods.workspace import Workspace


class Servers(NamedTuple):
    """Which servers to ask: live ones (`new` and perhaps `old`), else an embedded one that is loaded from `schema`,
    a file with the old layout's definitions, or from the tree's own. `may_write` allows roles that could.
    """

    new: str | None = None
    old: str | None = None
    schema: Path | None = None
    may_write: bool = False


def verify_with_servers(
    subjects: Iterable[Subject], workspace: Workspace, modules: Iterable[Module], servers: Servers
) -> Report:
    """Judge every statement and compare the layouts; `modules` are the tree's Python. Raises `ServerError`."""
    mapping, asked = workspace.mapping, list(subjects)
    with _layouts(asked, workspace, modules, servers) as layouts:
        old, new = Server(layouts.old), Server(layouts.new)

        def ask(subject: Subject) -> Verdict:
            verdict = judge(subject, old, new, mapping, complete=servers.new is not None)
            return on_stand_ins(verdict, layouts.stand_ins.under(subject.as_it_was, subject.tables))

        results = verify(asked, ask)
        differences = compare(read_catalog(layouts.old), read_catalog(layouts.new), mapping)
        return Report(results, tuple(differences), layouts.failed)


@contextmanager
def _layouts(
    asked: Iterable[Subject], workspace: Workspace, modules: Iterable[Module], servers: Servers
) -> Iterator[Layouts]:
    if servers.new is not None and servers.old is not None:
        with connect(servers.old) as old, connect(servers.new) as new:
            for connection in (old, new):
                why = "" if servers.may_write else may_write(connection)
                if why:
                    place = f"the role {connection.info.user} may write in {connection.info.dbname}"
                    raise ServerError(f"{place}: {why}; pass the URL of a role that may only read, or --yes")
            yield Layouts(old, new)
        return
    if servers.new is not None or servers.old is not None:
        raise ServerError("--database-url and --old-database-url go together, to compare one with the other")
    tables, used = [], []
    if servers.schema is not None:
        try:
            scripts = [servers.schema.read_text("utf-8")]
        except (OSError, UnicodeDecodeError) as error:
            raise ServerError(f"{servers.schema}: {error}; pass a file that pg_dump --schema-only wrote") from error
    else:
        scripts = definitions_of(workspace)
        tables = list(mapped_tables(workspace, ColumnReader(modules)))
        used = [subject.as_it_was for subject in asked if subject.schemas and not subject.hidden]
    with embedded_layouts(scripts, workspace.mapping, tables, used) as layouts:
        yield layouts


def definitions_of(workspace: Workspace) -> list[str]:
    """The texts of the tree for PostgreSQL, those of files first, with the old names where they say new ones already.

    Later code may define a table again where it is now: it is the same table.
    """
    own = [query for query in workspace.queries if query.engine in (Engine.POSTGRESQL, Engine.UNKNOWN)]
    own.sort(key=lambda query: (query.evidence is not Evidence.FILE, query.path, query.at))
    return [unmoved(query.source.text, workspace.uses(query)) for query in own]

"""One verification from end to end: the statements of a tree, the servers to ask, and the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from codemods.catalog.connect import ServerError, connect, may_write
from codemods.catalog.snapshot import read_catalog
from codemods.mapping import Mapping
from codemods.model import Finding
from codemods.occurrences import Evidence, Occurrence, Query
from codemods.verify.ask import Server
from codemods.verify.compare import compare
from codemods.verify.layouts import Layouts, embedded_layouts
from codemods.verify.run import Report, verify
from codemods.verify.statements import Subject, subjects
from codemods.verify.verdict import Verdict, judge
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
    occurrences: Iterable[Occurrence], workspace: Workspace, findings: Iterable[Finding], servers: Servers, unsafe: bool
) -> Report:
    """Judge every statement and compare the layouts. Raises `ServerError`."""
    mapping = workspace.mapping
    queries = [each for each in occurrences if isinstance(each, Query)]
    with _layouts(queries, mapping, servers) as layouts:
        old, new = Server(layouts.old), Server(layouts.new)

        def ask(subject: Subject) -> Verdict:
            return judge(subject, old, new, mapping, complete=servers.new is not None)

        results = verify(subjects(queries, workspace, findings, unsafe), ask)
        differences = compare(read_catalog(layouts.old), read_catalog(layouts.new), mapping)
        return Report(results, tuple(differences), layouts.failed)


@contextmanager
def _layouts(queries: list[Query], mapping: Mapping, servers: Servers) -> Iterator[Layouts]:
    if servers.new is not None and servers.old is not None:
        with connect(servers.old) as old, connect(servers.new) as new:
            for connection in (old, new):
                if not servers.may_write and may_write(connection):
                    raise ServerError(
                        f"the role {connection.info.user} may write there; pass the URL of a read-only role, or --yes"
                    )
            yield Layouts(old, new, ())
        return
    if servers.new is not None:
        raise ServerError("--database-url needs --old-database-url to compare with")
    if servers.schema is not None:
        try:
            scripts = [servers.schema.read_text("utf-8")]
        except (OSError, UnicodeDecodeError) as error:
            raise ServerError(f"{servers.schema}: {error}; pass a file that pg_dump --schema-only wrote") from error
    else:
        files_first = sorted(queries, key=lambda query: (query.evidence is not Evidence.FILE, query.path, query.at))
        scripts = [query.source.text for query in files_first]
    with embedded_layouts(scripts, mapping) as layouts:
        yield layouts

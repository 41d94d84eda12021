"""`relink verify`: ask a PostgreSQL whether every query still means what it meant."""

from __future__ import annotations

from pathlib import Path

import click

from codemods.apply import keep_files
from codemods.cli.run import Request, run_options, view_run
from codemods.occurrences import Query
from codemods.report import text, verification
from codemods.verify.connections import try_connections
from codemods.verify.redis_keys import misplaced_keys
from codemods.verify.run import Report, broken_statements, falls_short
from codemods.verify.run import verify as judge_all
from codemods.verify.session import Servers, verify_with_servers
from codemods.verify.statements import subjects
from codemods.verify.stored import Stored

_KEPT = "verify"


@click.command()
@run_options
@click.option("--database-url", metavar="URL", help="A live database with the new layout; only ever read.")
@click.option("--old-database-url", metavar="URL", help="A live database with the old layout; only ever read.")
@click.option("--schema", metavar="FILE", help="The old layout as pg_dump --schema-only wrote it; else the tree's DDL.")
@click.option("--yes", is_flag=True, help="Go on although the role may write.")
@click.option("--unsafe", is_flag=True, help="Judge the tree as relink apply --unsafe leaves it.")
@click.option("--offline", is_flag=True, help="Ask no server: use the verdicts kept in .relink/verify.")
@click.option("--connect", "connecting", is_flag=True, help="Try every connection of the tree too.")
@click.option("--redis-url", metavar="URL", help="Count the keys of this Redis that are in the wrong place.")
@click.option("--min-success", type=click.FloatRange(0, 100), default=99.0, show_default=True, metavar="PERCENT")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
def verify(
    request: Request,
    database_url: str | None,
    old_database_url: str | None,
    schema: str | None,
    yes: bool,
    unsafe: bool,
    offline: bool,
    connecting: bool,
    redis_url: str | None,
    min_success: float,
    output_format: str,
) -> int:
    """Plan every statement on the old layout and, rewritten, on the new one; exit code 1 when a schema or a service
    falls short.

    Without a URL an embedded PostgreSQL is loaded from the tree's own definitions and moved as the mapping says.
    """
    if sum(map(bool, (database_url or old_database_url, schema, offline))) > 1:
        raise click.UsageError("pass the URLs of live databases, or --schema, or --offline")
    sight = view_run(request)
    root, workspace = sight.root, sight.view.workspace
    mapping = workspace.mapping
    queries = [each for each in sight.occurrences("sql") if isinstance(each, Query)]
    asked = subjects(queries, workspace, sight.findings(), unsafe)
    if offline:
        report = Report(judge_all(asked, Stored(root / ".relink" / _KEPT).judge))
    else:
        servers = Servers(database_url, old_database_url, Path(schema) if schema else None, yes)
        report = verify_with_servers(asked, workspace, sight.view.modules.values(), servers)
        keep_files(root, _KEPT, Stored(root).contents(report.results))
    attempts = list(try_connections(sight.occurrences("connections"), mapping)) if connecting else []
    keys = misplaced_keys(redis_url, mapping) if redis_url else []
    if output_format == "json":
        click.echo(verification.render_json(report, mapping, attempts, keys), nl=False)
    else:
        broken = list(broken_statements(report.results, workspace))
        click.echo(text.render(broken, workspace.sources, color=False), nl=False)
        click.echo(verification.render(report, mapping, attempts, keys), nl=False)
    failed = report.differences or keys or any(each.problem for each in attempts)
    return 1 if failed or falls_short(report, mapping, min_success) else 0

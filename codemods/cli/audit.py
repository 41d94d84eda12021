"""`relink audit`: what production ran, held against the code."""

from __future__ import annotations

from pathlib import Path

import click

from codemods.audit.join import audit as join
from codemods.audit.ran import from_log, from_statistics
from codemods.cli.run import Request, run_options, view_run
from codemods.occurrences import Query
from codemods.report import audit as report


@click.command()
@run_options
@click.option("--database-url", metavar="URL", help="Read pg_stat_statements of this database.")
@click.option("--log", metavar="FILE", help="Read a csvlog or jsonlog file.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
def audit(request: Request, database_url: str | None, log: str | None, output_format: str) -> int:
    """Show which statements that ran still say old names, with the code that issues them, and what never ran.

    Exit code 1 when a statement that ran says an old name.
    """
    if (database_url is None) == (log is None):
        raise click.UsageError("pass --database-url or --log")
    ran = from_statistics(database_url) if database_url else from_log(Path(str(log)))
    sight = view_run(request)
    workspace = sight.view.workspace
    found = join(ran, [each for each in sight.occurrences("sql") if isinstance(each, Query)], workspace)
    render = report.render_json if output_format == "json" else report.render
    click.echo(render(found, workspace.sources), nl=False)
    return 1 if found.stale else 0

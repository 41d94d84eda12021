"""`relink check`: what still says the old name."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from codemods.apply import apply_changes
from codemods.cli.run import Request, fleet_run, plan_run, run_options
from codemods.gate.add_ignores import add_ignores
from codemods.gate.baseline import compare, read
from codemods.gate.selection import at_least
from codemods.gate.since import added_since
from codemods.model import Impact
from codemods.report import FORMATS, render, statistics, summary

_WITH_EDITS = ("json", "sarif", "gitlab", "rdjson")


@click.command()
@run_options
@click.option("--output-format", type=click.Choice(FORMATS), default="text", help="How findings are shown.")
@click.option(
    "--impact",
    type=click.Choice([impact.value for impact in Impact]),
    default=Impact.LOW.value,
    help="Only findings with this impact or a higher one.",
)
@click.option("--baseline", metavar="FILE", help="Leave out the findings that this file knows.")
@click.option("--since", metavar="REV", help="Only what was added since the branch left this revision of git.")
@click.option("--statistics", "only_numbers", is_flag=True, help="Show how many findings each rule has.")
@click.option(
    "--add-ignores", "add", is_flag=True, help="Write a comment beside each finding that ignores it from now on."
)
@click.option("--stdin-filename", metavar="FILE", help="With `-` for PATHS: the file that standard input is.")
@click.option("--shard", metavar="I/N", help="Only the I-th of N shares of the files; see relink merge.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="PATHS are lists of checkouts; the workers of this dask scheduler check them.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 although there are findings.")
def check(
    request: Request,
    output_format: str,
    impact: str,
    baseline: str | None,
    since: str | None,
    only_numbers: bool,
    add: bool,
    stdin_filename: str | None,
    shard: str | None,
    scheduler: str | None,
    exit_zero: bool,
) -> int:
    """Report every place that still says an old name; exit code 1 when there is one."""
    known = read(Path(baseline)) if baseline else []
    if "-" in request.paths and (add or since):
        raise click.UsageError("--add-ignores and --since need files, not standard input")
    if scheduler and ("-" in request.paths or add or since or shard):
        raise click.UsageError("--scheduler goes with neither `-` nor --add-ignores, --since or --shard")
    request = request._replace(stdin_filename=stdin_filename, shard=shard)
    # A baseline knows findings as they are after the proof.
    proves = add or baseline is not None or output_format in _WITH_EDITS
    run = fleet_run(request, scheduler, proves=proves) if scheduler else plan_run(request, proves=proves)
    root, plan, scope, _ = run
    findings = plan.findings
    if baseline:
        comparison = compare(findings, plan.sources, known)
        findings = comparison.new
        stale = [entry for entry in comparison.stale if scope.holds(entry.rule, entry.path)]
        click.echo(summary.stale(baseline, stale), nl=False, err=True)
    if since:
        findings = added_since(findings, plan.sources, root, since)
    plan = plan._replace(findings=at_least(findings, Impact(impact)))
    if add:
        added = add_ignores(plan.findings, plan.sources)
        apply_changes(root, added.changes)
        click.echo(summary.ignored(len(plan.findings) - len(added.left), added.left), nl=False, err=True)
        plan = plan._replace(findings=tuple(added.left))
    findings = plan.findings
    if only_numbers:
        click.echo(statistics.render(findings), nl=False)
    else:
        click.echo(render(output_format, findings, plan.sources, color=sys.stdout.isatty()), nl=False)
    if output_format == "text" and not only_numbers:
        click.echo(summary.render(findings, plan.looked_at), nl=False, err=True)
    return 1 if plan.to_do and not exit_zero else 0

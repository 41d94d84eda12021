"""`relink check`: what still says the old name."""

from __future__ import annotations

import sys

import click

from codemods.cli.run import plan_run, run_options
from codemods.report import concise, json, summary, text


@click.command()
@run_options
@click.option(
    "--output-format", type=click.Choice(["text", "concise", "json"]), default="text", help="How findings are shown."
)
def check(paths: tuple[str, ...], mapping: str | None, output_format: str) -> int:
    """Report every place that still says an old name; exit code 1 when there is one."""
    plan = plan_run(paths, mapping).plan
    findings = plan.findings
    if output_format == "json":
        click.echo(json.render(findings, plan.sources), nl=False)
    elif output_format == "concise":
        click.echo(concise.render(findings, plan.sources), nl=False)
    else:
        color = sys.stdout.isatty()
        click.echo(text.render(findings, plan.sources, color=color), nl=False)
        click.echo(summary.render(findings, plan.looked_at), nl=False, err=True)
    return 1 if plan.to_do else 0

"""`relink impact`: the plan's table for a tree."""

from __future__ import annotations

import click

from codemods.cli.run import Request, plan_run, run_options
from codemods.report import impact as tables
from codemods.rollout.steps import impact_table
from codemods.rules.registry import load_rules


@click.command()
@run_options
@click.option("--output-format", type=click.Choice(["text", "markdown", "json"]), default="text")
def impact(request: Request, output_format: str) -> None:
    """Show how much has to change: by impact and kind, how many files and places, and what needs a hand."""
    rows = impact_table(plan_run(request).plan.findings, load_rules())
    render = {"text": tables.render, "markdown": tables.render_markdown, "json": tables.render_json}[output_format]
    click.echo(render(rows), nl=False)

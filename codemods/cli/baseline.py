"""`relink baseline`: the file of known findings that `check --baseline` leaves out."""

from __future__ import annotations

from pathlib import Path

import click

from codemods.apply import save
from codemods.checkout.discover import UsageProblem
from codemods.cli.run import Request, plan_run, run_options
from codemods.gate import baseline as known
from codemods.report import summary

_FILE = click.option(
    "--baseline", "file", metavar="FILE", default="relink-baseline.json", show_default=True, help="The baseline."
)


@click.group()
def baseline() -> None:
    """Keep the file of known findings that `check --baseline` leaves out."""


@baseline.command()
@run_options
@_FILE
def create(request: Request, file: str) -> int:
    """Write all of today's findings to a new baseline."""
    path = Path(file)
    if path.exists():
        raise UsageProblem(f"{path} is there already; relink baseline update changes it")
    _, plan, _, _ = plan_run(request)
    entries = known.update(known.compare(plan.findings, plan.sources, ()), plan.sources, lambda _: True, grow=True)
    save(path, known.write(entries))
    click.echo(f"{path} knows {summary.count(len(entries), 'finding')}.", err=True)
    return 0


@baseline.command()
@run_options
@_FILE
@click.option("--grow", is_flag=True, help="Take in new findings too.")
def update(request: Request, file: str, grow: bool) -> int:
    """Take out of the baseline what is no longer found, and take in what is new on request; 1 when some stay out."""
    path = Path(file)
    before = known.read(path)
    _, plan, scope, _ = plan_run(request)
    comparison = known.compare(plan.findings, plan.sources, before)
    after = known.update(comparison, plan.sources, lambda entry: scope.holds(entry.rule, entry.path), grow)
    save(path, known.write(after))
    new = sum(not finding.is_note for finding in comparison.new)
    click.echo(summary.updated(path.as_posix(), len(before), len(after), new, grow), nl=False, err=True)
    return 1 if new and not grow else 0

"""`relink diff`: the changes that `apply` would make, as a patch."""

from __future__ import annotations

import sys

import click

from codemods.apply import path_from_top, unified_diff
from codemods.cli.run import Request, plan_run, run_options
from codemods.plan import changes
from codemods.report import summary


@click.command()
@run_options
@click.option("--unsafe", is_flag=True, help="Show the unsafe fixes too.")
def diff(request: Request, unsafe: bool) -> int:
    """Print the safe changes as a patch for `git apply`; exit code 1 when there is one."""
    root, plan, _ = plan_run(request)
    planned = changes(plan.findings, plan.sources, unsafe)
    out = sys.stdout.buffer
    for change in planned:
        out.write(unified_diff(path_from_top(root, change.path), change.before, change.after, change.edits))
    out.flush()
    click.echo(summary.render(plan.findings, plan.looked_at), nl=False, err=True)
    return 1 if planned else 0

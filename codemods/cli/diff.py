"""`relink diff`: the changes that `apply` would make, as a patch."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from codemods.apply import path_from_top, unified_diff, write_outputs
from codemods.cli.run import Request, plan_run, run_options
from codemods.plan import changes
from codemods.report import summary
from codemods.rollout.series import split


@click.command()
@run_options
@click.option("--unsafe", is_flag=True, help="Show the unsafe fixes too.")
@click.option("--reverse", is_flag=True, help="Lead back to the old layout, by the mapping's inverse.")
@click.option(
    "--split-by",
    type=click.Choice(["service", "phase", "owner", "rule"]),
    help="Write a series of patches for git am into the folder of -o.",
)
@click.option("-o", "--output", metavar="FOLDER", help="Where --split-by writes.")
def diff(request: Request, unsafe: bool, reverse: bool, split_by: str | None, output: str | None) -> int:
    """Print the safe changes as a patch for `git apply`; exit code 1 when there is one."""
    if (split_by is None) != (output is None):
        raise click.UsageError("--split-by and -o go together")
    root, plan, _, mapping = plan_run(request, reverse=reverse)
    planned = changes(plan.findings, plan.sources, unsafe)
    if split_by is not None and output is not None:
        patches = split(plan, split_by, mapping, root, unsafe)
        for path in write_outputs(Path(output), patches):
            click.echo(f"wrote {path}", err=True)
    else:
        out = sys.stdout.buffer
        for change in planned:
            out.write(unified_diff(path_from_top(root, change.path), change.before, change.after, change.edits))
        out.flush()
    click.echo(summary.render(plan.findings, plan.looked_at), nl=False, err=True)
    return 1 if planned else 0

"""`relink apply`: make the changes."""

from __future__ import annotations

import click

from codemods.apply import apply_changes, require_clean
from codemods.cli.run import Request, plan_run, run_options
from codemods.model import Safety
from codemods.plan import changes
from codemods.report import summary


@click.command()
@run_options
@click.option("--unsafe", is_flag=True, help="Make the unsafe changes too.")
@click.option("--reverse", is_flag=True, help="Lead back to the old layout, by the mapping's inverse.")
@click.option("--allow-dirty", is_flag=True, help="Go on although the checkout has uncommitted changes.")
def apply(request: Request, unsafe: bool, allow_dirty: bool, reverse: bool) -> int:
    """Make the safe changes, proven and journalled; `relink rollback` undoes them."""
    root, plan, _, _ = plan_run(request, reverse=reverse)
    planned = changes(plan.findings, plan.sources, unsafe)
    if not allow_dirty:
        require_clean(root, [change.path for change in planned])
    run = apply_changes(root, planned)
    allowed = (Safety.SAFE, Safety.UNSAFE) if unsafe else (Safety.SAFE,)
    left = [finding for finding in plan.findings if not (finding.fix and finding.fix.safety in allowed)]
    applied = len(plan.findings) - len(left)
    click.echo(summary.render(left, plan.looked_at, applied), nl=False, err=True)
    if run is not None:
        click.echo(f"Run {run.id} changed {len(run.entries)} files. To undo it: relink rollback", err=True)
    return 0

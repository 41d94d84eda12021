"""`relink init`: settings, hook and CI job for a checkout."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from codemods.apply import save, unified_diff
from codemods.initial import propose


@click.command()
@click.option("--mapping", metavar="FILE", help="The mapping; else the only one in this folder.")
@click.option("--yes", is_flag=True, help="Write without asking.")
def init(mapping: str | None, yes: bool) -> int:
    """Show, then write, what guards this checkout: settings, a pre-commit hook and a CI job.

    Exit code 1 when there is something to write and it was not.
    """
    root = Path.cwd()
    proposal = propose(root, mapping)
    for path, text in proposal.snippets:
        click.echo(f"Add this to {path} yourself:\n\n{text}")
    if not proposal.drafts:
        click.echo("Nothing to write: settings, hook and CI job are there.", err=True)
        return 0
    for draft in proposal.drafts:
        click.echo(unified_diff(draft.path, draft.before or b"", draft.after).decode("utf-8", "replace"), nl=False)
    if not yes and not (sys.stdin.isatty() and click.confirm("Write these files?", err=True)):
        click.echo("Nothing was written; relink init --yes writes it.", err=True)
        return 1
    for draft in proposal.drafts:
        (root / draft.path).parent.mkdir(parents=True, exist_ok=True)
        save(root / draft.path, draft.after)
    click.echo(f"Wrote {', '.join(draft.path for draft in proposal.drafts)}. Next: relink check", err=True)
    return 0

"""`relink rollback`: undo a run."""

from __future__ import annotations

from pathlib import Path

import click

from codemods import apply


@click.command()
@click.argument("run", required=False)
def rollback(run: str | None) -> None:
    """Give the files of the latest run (or of RUN) their old bytes back."""
    undone = apply.rollback(Path.cwd(), run)
    click.echo(f"Run {undone.id} undone: {len(undone.entries)} files have their old bytes.", err=True)

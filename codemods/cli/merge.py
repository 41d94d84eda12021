"""`relink merge`: the reports of a CI matrix as one."""

from __future__ import annotations

import json
from pathlib import Path

import click

from codemods.gate import shards


@click.command()
@click.argument("reports", nargs=-1, required=True, metavar="REPORTS...", type=click.Path(path_type=Path))
def merge(reports: tuple[Path, ...]) -> int:
    """Put JSON reports of `relink check --shard` together; exit code 1 when they have findings."""
    findings = shards.merge(reports)
    click.echo(json.dumps(findings, indent=2))
    return 1 if any(each["rule"] != "unused-mapping" for each in findings) else 0

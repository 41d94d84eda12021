"""`relink rules`: the list of rules."""

from __future__ import annotations

import click

from codemods.rules.registry import load_rules


@click.command()
def rules() -> None:
    """List the rules by group."""
    loaded = load_rules()
    width = max(map(len, loaded))
    for rule in sorted(loaded.values(), key=lambda rule: (rule.group, rule.name)):
        click.echo(f"{rule.group:<12} {rule.name:<{width}}  {rule.summary}")

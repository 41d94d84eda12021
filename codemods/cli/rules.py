"""`relink rules`: the list of rules."""

from __future__ import annotations

import click

from codemods.rules.registry import GROUPS, load_rules


@click.command()
def rules() -> None:
    """List the rules by group; those in parentheses are reported only when they are selected."""
    loaded = load_rules()
    width = max(map(len, loaded)) + 2
    for rule in sorted(loaded.values(), key=lambda rule: (rule.group, rule.name)):
        is_on = GROUPS[rule.group] and not rule.only_by_name
        name = rule.name if is_on else f"({rule.name})"
        click.echo(f"{rule.group:<12} {name:<{width}} {rule.summary}")

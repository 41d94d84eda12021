"""`relink explain`: what a rule does and why, or what a reason means."""

from __future__ import annotations

import click

from codemods.model import REASONS
from codemods.rules.registry import load_rules


@click.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Explain a RULE, or a reason that keeps a fix from being safe."""
    loaded = load_rules()
    reasons = {reason.value: meaning for reason, meaning in REASONS.items()}
    if rule in loaded:
        click.echo(f"{rule}\n\n{loaded[rule].explanation}")
    elif rule in reasons:
        click.echo(f"{rule}: {reasons[rule]}")
    else:
        raise click.UsageError(f"there is no rule or reason {rule!r}; see relink rules")

"""What the commands that look at a checkout share: their options, and a plan made from them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console

from codemods.mapping import load
from codemods.pipeline import Plan, make_plan
from codemods.settings import SettingsError, load_settings


class Run(NamedTuple):
    """A plan and the folder that its paths are relative to."""

    root: Path
    plan: Plan


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments of every command that makes a plan."""
    command = click.option(
        "--mapping", metavar="FILE", help="The mapping; else the one named in [tool.relink] or relink.toml."
    )(command)
    return click.argument("paths", nargs=-1, metavar="[PATHS]...")(command)


def plan_run(paths: tuple[str, ...], mapping: str | None) -> Run:
    """Make the plan that the command line asks for, telling a terminal how far it is."""
    here = Path.cwd()
    settings = load_settings(here)
    if mapping is None and settings.mapping is None:
        raise SettingsError("no mapping: pass --mapping FILE, or name it in [tool.relink] of pyproject.toml")
    chosen = Path(mapping) if mapping else settings.folder / str(settings.mapping)
    root, inside = _root(here, [Path(path) for path in paths])
    loaded = load(chosen)
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        plan = make_plan(root, inside, loaded, settings.exclude, lambda _: None)
    else:
        with console.status("reading files") as status:
            plan = make_plan(root, inside, loaded, settings.exclude, status.update)
    kept = tuple(finding for finding in plan.findings if finding.rule not in settings.ignore)
    return Run(root, plan._replace(findings=kept))


def _root(here: Path, paths: list[Path]) -> tuple[Path, list[Path]]:
    """The folder that paths are relative to: here, or the one folder elsewhere that was asked for."""
    resolved = [(here / path).resolve() for path in paths]
    if all(path.is_relative_to(here) for path in resolved):
        return here, resolved
    if len(resolved) == 1 and resolved[0].is_dir():
        return resolved[0], resolved
    raise click.UsageError("the paths have to be inside the current folder, or one folder elsewhere")

"""What the commands that look at a checkout share: their options, and a plan made from them."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console

from codemods.gate import Scope, narrow
from codemods.mapping import load
from codemods.pipeline import Plan, make_plan
from codemods.rules.registry import load_rules
from codemods.selection import Choice, Selection
from codemods.settings import SettingsError, load_settings
from codemods.source import Source, Unreadable, decode


class Request(NamedTuple):
    """What the command line asks to look at; the path "-" is standard input, as the file `stdin_filename`."""

    paths: tuple[str, ...]
    mapping: str | None
    choice: Choice
    stdin_filename: str | None = None


class Run(NamedTuple):
    """A plan, the folder that its paths are relative to, and what it can judge."""

    root: Path
    plan: Plan
    scope: Scope


_NAMES = "NAMES"
_OPTIONS = (
    click.argument("paths", nargs=-1, metavar="[PATHS]..."),
    click.option("--mapping", metavar="FILE", help="The mapping; else the one named in [tool.relink] or relink.toml."),
    click.option("--select", multiple=True, metavar=_NAMES, help="Only these rules and groups, comma-separated."),
    click.option("--ignore", multiple=True, metavar=_NAMES, help="Not these rules and groups."),
    click.option("--extend-select", multiple=True, metavar=_NAMES, help="These rules and groups too."),
    click.option(
        "--per-file-ignores", multiple=True, metavar="PATTERN:NAMES", help="Not these rules and groups in such files."
    ),
)


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments of every command that makes a plan, handed to it as one `Request`."""

    @functools.wraps(command)
    def packed(
        paths: tuple[str, ...],
        mapping: str | None,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        extend_select: tuple[str, ...],
        per_file_ignores: tuple[str, ...],
        **others: Any,
    ) -> Any:
        choice = Choice(
            select=_split(select) if select else None,
            ignore=_split(ignore),
            extend_select=_split(extend_select),
            per_file=tuple(map(_pattern, per_file_ignores)),
        )
        return command(Request(paths, mapping, choice), **others)

    for option in reversed(_OPTIONS):
        packed = option(packed)
    return packed


def _split(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def _pattern(value: str) -> tuple[str, tuple[str, ...]]:
    pattern, colon, names = value.rpartition(":")
    if not colon or not pattern or not names:
        raise click.UsageError(f"--per-file-ignores {value!r} is not PATTERN:NAMES, as in 'tests/**:sql'")
    return pattern, _split((names,))


def plan_run(request: Request) -> Run:
    """Make the plan that the command line asks for, telling a terminal how far it is."""
    here = Path.cwd()
    settings = load_settings(here)
    selection = Selection((settings.choice, request.choice), load_rules())
    if request.mapping is None and settings.mapping is None:
        raise SettingsError("no mapping: pass --mapping FILE, or name it in [tool.relink] of pyproject.toml")
    chosen = Path(request.mapping) if request.mapping else settings.folder / str(settings.mapping)
    unsaved = _standard_input(here, request) if "-" in request.paths else None
    paths = [unsaved.path] if unsaved else request.paths
    root, inside = _root(here, [Path(path) for path in paths])
    loaded = load(chosen)
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        plan = make_plan(root, inside, loaded, settings.exclude, lambda _: None, unsaved, selection.strict)
    else:
        with console.status("reading files") as status:
            plan = make_plan(root, inside, loaded, settings.exclude, status.update, unsaved, selection.strict)
    scope = Scope(root, inside, selection)
    return Run(root, narrow(plan, scope), scope)


def _standard_input(here: Path, request: Request) -> Source | Unreadable:
    """The text of standard input as the file that it is said to be."""
    if request.paths != ("-",) or not request.stdin_filename:
        raise click.UsageError("`-` stands alone, in `relink check - --stdin-filename FILE`")
    file = (here / request.stdin_filename).resolve()
    if not file.is_relative_to(here.resolve()):
        raise click.UsageError(f"--stdin-filename {request.stdin_filename} has to be inside the current folder")
    return decode(file.relative_to(here.resolve()).as_posix(), sys.stdin.buffer.read())


def _root(here: Path, paths: list[Path]) -> tuple[Path, list[Path]]:
    """The folder that paths are relative to: here, or the one folder elsewhere that was asked for."""
    resolved = [(here / path).resolve() for path in paths]
    if all(path.is_relative_to(here) for path in resolved):
        return here, resolved
    if len(resolved) == 1 and resolved[0].is_dir():
        return resolved[0], resolved
    raise click.UsageError("the paths have to be inside the current folder, or one folder elsewhere")

"""What the commands that look at a checkout share: their options, and a plan made from them."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import click

from codemods.cache import NOTHING_KEPT, Cache, load_mapping
from codemods.drivers.registry import REGISTRY
from codemods.funnel import hook
from codemods.funnel.prefilter import triggers_of
from codemods.gate.scope import Scope, narrow
from codemods.gate.selection import Choice, Selection
from codemods.gate.shards import files_of, read_shard
from codemods.handling import Handling
from codemods.mapping import Mapping
from codemods.model import Finding
from codemods.occurrences import Occurrence
from codemods.pipeline import Means, Plan, View, look, make_plan, plan_of
from codemods.rollout.steps import PHASES, Step, check, concerns, only
from codemods.rules.registry import load_rules
from codemods.settings import Settings, SettingsError, load_settings
from codemods.source import Source, Unreadable


class Request(NamedTuple):
    """What the command line asks to look at; the path "-" is standard input, as the file `stdin_filename`."""

    paths: tuple[str, ...]
    mapping: str | None
    choice: Choice
    step: Step
    caches: bool = True
    stdin_filename: str | None = None
    shard: str | None = None


class Run(NamedTuple):
    """A plan, the folder that its paths are relative to, what it can judge, and the mapping that it follows."""

    root: Path
    plan: Plan
    scope: Scope
    mapping: Mapping


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
    click.option("--no-cache", is_flag=True, help="Neither use nor keep what earlier runs worked out."),
    click.option("--service", metavar="NAME", help="Only the files of this service of the mapping."),
    click.option("--phase", type=click.IntRange(1, 3), help="Only the work of this phase of the roll-out."),
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
        service: str | None,
        phase: int | None,
        no_cache: bool,
        **others: Any,
    ) -> Any:
        choice = Choice(
            select=_split(select) if select else None,
            ignore=_split(ignore),
            extend_select=_split(extend_select),
            per_file=tuple(map(_pattern, per_file_ignores)),
        )
        return command(Request(paths, mapping, choice, Step(service, phase), not no_cache), **others)

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


def read_mapping(path: str | None, settings: Settings, cache: Cache = NOTHING_KEPT) -> Mapping:
    """The mapping that the command line names, else the settings."""
    if path is None and settings.mapping is None:
        raise SettingsError("no mapping: pass --mapping FILE, or name it in [tool.relink] of pyproject.toml")
    return load_mapping(Path(path) if path else settings.folder / str(settings.mapping), cache)


def plan_run(request: Request, *, reverse: bool = False, proves: bool = True) -> Run:
    """Make the plan that the command line asks for, telling a terminal how far it is.

    With `reverse` the mapping's inverse is used: the plan leads back to the old layout. What only shows findings need
    not prove the changes (`proves`).
    """
    asked = _asked(request)
    mapping = asked.mapping.inverse() if reverse else asked.mapping
    strict = asked.selection.strict
    means = Means(asked.cache, proves=proves, queries=asked.settings.queries, share=asked.share)
    exclude, unsaved = asked.settings.exclude, asked.unsaved
    with _progress() as tell:
        plan = make_plan(asked.root, asked.inside, mapping, exclude, tell, unsaved, strict, means, asked.handling)
    name = hook.name_of(request.mapping) if asked.root == Path.cwd() and not asked.settings.exclude else None
    if name is not None and not asked.cache.holds(name):
        triggers = triggers_of(asked.mapping, REGISTRY.naming(asked.settings.queries))
        asked.cache.put_bytes(name, hook.record(str(asked.mapping.path), triggers))
    scope = Scope(asked.root, asked.inside, asked.selection, asked.share)
    narrowed = narrow(plan, scope)
    findings = only(narrowed.findings, asked.step, asked.mapping, load_rules())
    return Run(asked.root, narrowed._replace(findings=findings), scope, mapping)


class Sight(NamedTuple):
    """What the command line asks to look at, without a verdict: the tree as `view` has it, and how far to judge it."""

    root: Path
    view: View
    scope: Scope
    step: Step

    def occurrences(self, group: str) -> list[Occurrence]:
        """What occurs in the files that are asked for, when work of the rules' `group` is."""
        view, phase = self.view, PHASES[group]
        return [
            each
            for each in view.occurrences
            if each.path in view.asked and concerns(self.step, each.path, phase, view.workspace.mapping)
        ]

    def findings(self) -> tuple[Finding, ...]:
        """What `relink apply` with the same options would find."""
        return narrow(plan_of(self.view, lambda _: None), self.scope).findings


def fleet_run(request: Request, scheduler: str, *, proves: bool) -> Run:
    """The plan of the checkouts that the paths list, made by the workers of a dask scheduler."""
    from codemods.fleet.checkouts import read_fleet
    from codemods.fleet.run import plan_fleet, scheduler_at

    here = Path.cwd()
    settings = load_settings(here)
    selection = Selection((settings.choice, request.choice), load_rules())
    mapping = read_mapping(request.mapping, settings)
    checkouts = read_fleet([here / path for path in request.paths])
    if not checkouts:
        raise click.UsageError("with --scheduler the paths are files that list checkouts, and these list none")
    with _progress() as tell, scheduler_at(scheduler) as executor:
        documents = selection.keeps("old-name-in-docs", "")
        plan = plan_fleet(checkouts, mapping, executor, tell, selection.strict, proves, documents)
    scope = Scope(here, (), selection)
    narrowed = narrow(plan, scope)
    findings = only(narrowed.findings, request.step, mapping, load_rules())
    return Run(here, narrowed._replace(findings=findings), scope, mapping)


def view_run(request: Request) -> Sight:
    """Look at what the command line asks for, without a verdict."""
    asked = _asked(request)
    check(asked.step, asked.mapping)
    with _progress() as tell:
        means = Means(queries=asked.settings.queries)
        exclude = asked.settings.exclude
        view = look(asked.root, asked.inside, asked.mapping, exclude, tell, means=means, handling=asked.handling)
    return Sight(asked.root, view, Scope(asked.root, asked.inside, asked.selection), asked.step)


class _Asked(NamedTuple):
    root: Path
    inside: list[Path]
    mapping: Mapping
    settings: Settings
    selection: Selection
    step: Step
    unsaved: Source | Unreadable | None
    cache: Cache
    share: frozenset[str] | None

    @property
    def handling(self) -> Handling:
        return replace(self.settings.handling, documents=self.selection.keeps("old-name-in-docs", ""))


def _asked(request: Request) -> _Asked:
    here = Path.cwd()
    settings = load_settings(here)
    selection = Selection((settings.choice, request.choice), load_rules())
    unsaved = _standard_input(here, request, settings.handling) if "-" in request.paths else None
    paths = [unsaved.path] if unsaved else request.paths
    root, inside = _root(here, [Path(path) for path in paths])
    cache = Cache(root) if request.caches else NOTHING_KEPT
    mapping = read_mapping(request.mapping, settings, cache)
    share = files_of(read_shard(request.shard), root, inside, settings.exclude) if request.shard else None
    return _Asked(root, inside, mapping, settings, selection, request.step, unsaved, cache, share)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """What tells a terminal how far a run is, and nobody else."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # slow to import, and hooks have no terminal

    with Console(stderr=True).status("reading files") as status:
        yield status.update


def _standard_input(here: Path, request: Request, handling: Handling) -> Source | Unreadable:
    """The text of standard input as the file that it is said to be."""
    if request.paths != ("-",) or not request.stdin_filename:
        raise click.UsageError("`-` stands alone, in `relink check - --stdin-filename FILE`")
    file = (here / request.stdin_filename).resolve()
    if not file.is_relative_to(here.resolve()):
        raise click.UsageError(f"--stdin-filename {request.stdin_filename} has to be inside the current folder")
    return handling.decode(file.relative_to(here.resolve()).as_posix(), sys.stdin.buffer.read())


def _root(here: Path, paths: list[Path]) -> tuple[Path, list[Path]]:
    """The folder that paths are relative to: here, or the one folder elsewhere that was asked for."""
    resolved = [(here / path).resolve() for path in paths]
    if all(path.is_relative_to(here) for path in resolved):
        return here, resolved
    if len(resolved) == 1 and resolved[0].is_dir():
        return resolved[0], resolved
    raise click.UsageError("the paths have to be inside the current folder, or one folder elsewhere")

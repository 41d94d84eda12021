"""The readable loop: from a folder and a mapping to a plan that diff, apply, check and editors share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from codemods import formats
from codemods.cache import NOTHING_KEPT, Cache, digest
from codemods.checkout.discover import is_excluded
from codemods.checkout.tree import Tree, read_tree, tree_of
from codemods.drivers.model import Query as CallWithSql
from codemods.drivers.registry import REGISTRY
from codemods.dsn import mask_passwords
from codemods.facts import read_facts
from codemods.fixes.groups import keep, whole_groups
from codemods.funnel.prefilter import Prefilter, triggers_of
from codemods.generate.stamp import read_stamp
from codemods.handling import LEAVE, Handling
from codemods.mapping import Mapping
from codemods.model import Finding
from codemods.occurrences import (
    Embedded,
    Occurrence,
    Prose,
    Query,
    RedisKey,
    RedisSetting,
    TableArgument,
    TableReference,
)
from codemods.plan import prove, settle
from codemods.python.collect import collect
from codemods.python.ir import Module
from codemods.readings import read_occurrence
from codemods.rules.registry import load_rules
from codemods.source import Source, Unreadable
from codemods.tool_findings import mapping_source, stale_outputs, unreadable_files, unused_rows
from codemods.workspace import Workspace

if TYPE_CHECKING:
    from concurrent.futures import Executor


class Plan(NamedTuple):
    """All findings of a run, and the files they are in. `looked_at` counts the files that were read."""

    findings: tuple[Finding, ...]
    sources: dict[str, Source]
    looked_at: int

    @property
    def to_do(self) -> bool:
        """Whether there is more than notes about the mapping."""
        return any(not finding.is_note for finding in self.findings)


class View(NamedTuple):
    """A tree as the rules look at it: what occurs in it, and what they share; not yet any verdict.

    `asked` are the files to report on; `whole` says that they are all there are.
    """

    workspace: Workspace
    occurrences: tuple[Occurrence, ...]
    modules: dict[str, Module]
    generated: tuple[Source, ...]
    unreadable: tuple[Unreadable, ...]
    looked_at: int
    asked: frozenset[str]
    whole: bool
    mentioned: frozenset[bytes]
    handling: Handling


class Means(NamedTuple):
    """How a run works, which changes nothing that it finds, but for `queries`, the functions that settings name.

    `executor` runs what can run side by side; None is as many processes as it is worth. Unless `proves`, the changes
    are not proven, so that nothing may be written by them. Unless `filters`, every file is analysed. Of the findings in
    the files asked for, those outside of `share` are another run's; None is all.
    """

    cache: Cache = NOTHING_KEPT
    executor: Executor | None = None
    proves: bool = True
    filters: bool = True
    queries: tuple[CallWithSql, ...] = ()
    share: frozenset[str] | None = None


ORDINARY = Means()
EVERY_FILE_ALIKE = Handling()


def make_plan(
    root: Path,
    paths: Sequence[Path],
    mapping: Mapping,
    exclude: Sequence[str],
    tell: Callable[[str], None],
    unsaved: Source | Unreadable | None = None,
    strict: bool = False,
    means: Means = ORDINARY,
    handling: Handling = EVERY_FILE_ALIKE,
) -> Plan:
    """Look at the files under `paths` (inside `root`); `tell` is told of each step. Raises `UsageProblem`.

    The plan is from the cache where the files, the mapping and relink itself are what they were.
    """
    prefilter = Prefilter(triggers_of(mapping, REGISTRY.naming(means.queries)), strict)
    scene = _gather(root, paths, exclude, unsaved, prefilter, mapping, handling)
    if means.cache is NOTHING_KEPT:
        return plan_of(_view(scene, prefilter, mapping, tell, means, handling), tell, means)
    # Another encoding of file names makes other names of the same bytes.
    share = None if means.share is None else sorted(means.share)
    known = repr((mapping, handling, means.queries, sys.getfilesystemencoding(), share)).encode()
    key = digest(known, scene.digest(), b"%d%d" % (strict, means.proves))
    stored: tuple[tuple[Finding, ...], tuple[str, ...]] | None = means.cache.get("plan", key)
    if stored is None:
        plan = plan_of(_view(scene, prefilter, mapping, tell, means, handling), tell, means)
        if not any(map(_holds_password, plan.findings)):
            means.cache.put("plan", key, (plan.findings, tuple(plan.sources)))
        return plan
    findings, kept = stored
    sources = {**scene.tree.sources, **mapping_source(mapping)}
    views = ((path, formats.viewed(sources[path])) for path in kept)
    return Plan(findings, {path: view for path, view in views if isinstance(view, Source)}, scene.asked.looked_at)


def look(
    root: Path,
    paths: Sequence[Path],
    mapping: Mapping,
    exclude: Sequence[str],
    tell: Callable[[str], None],
    unsaved: Source | Unreadable | None = None,
    strict: bool = True,
    means: Means = ORDINARY,
    handling: Handling = EVERY_FILE_ALIKE,
) -> View:
    """Read the files and find what occurs in them. Raises `UsageProblem`.

    With `unsaved`, that is the one file looked at, whatever the disk has. `strict`: SQL matters although it names
    nothing of the mapping by its old name.
    """
    prefilter = Prefilter(triggers_of(mapping, REGISTRY.naming(means.queries)), strict)
    scene = _gather(root, paths, exclude, unsaved, prefilter, mapping, handling)
    return _view(scene, prefilter, mapping, tell, means, handling)


def plan_tree(
    tree: Tree,
    mapping: Mapping,
    tell: Callable[[str], None],
    strict: bool = False,
    means: Means = ORDINARY,
    handling: Handling = EVERY_FILE_ALIKE,
) -> Plan:
    """The plan of a tree that was read already, and is all there is."""
    prefilter = Prefilter(triggers_of(mapping, REGISTRY), strict)
    return plan_of(_view(_Scene(tree, tree, True), prefilter, mapping, tell, means, handling), tell, means)


def wanted_tree(
    root: Path, paths: Sequence[Path], exclude: Sequence[str], mapping: Mapping, handling: Handling = EVERY_FILE_ALIKE
) -> Tree:
    """The files under `paths` (inside `root`) that relink reads. Raises `UsageProblem`."""
    matters = Prefilter(triggers_of(mapping, REGISTRY)).names_something
    return read_tree(root, paths, exclude, _wanted(root, mapping, handling), matters, handling.decode)


def _wanted(root: Path, mapping: Mapping, handling: Handling) -> Callable[[str], bool]:
    here, own = root.resolve(), mapping.path.resolve()
    own_name = own.relative_to(here).as_posix() if own.is_relative_to(here) else ""
    return lambda path: path != own_name and formats.reads(handling.name_of(path), handling.documents)


class _Scene(NamedTuple):
    """The files to report on, and all those in sight. `whole`: they are the same."""

    asked: Tree
    tree: Tree
    whole: bool

    def digest(self) -> bytes:
        return digest(self.tree.digest(), *(os.fsencode(path) for path in self.asked.sources), b"%d" % self.whole)


def _gather(
    root: Path,
    paths: Sequence[Path],
    exclude: Sequence[str],
    unsaved: Source | Unreadable | None,
    prefilter: Prefilter,
    mapping: Mapping,
    handling: Handling,
) -> _Scene:
    """A name can come from any file and be used in any other, so all of `root` is in sight where a file can matter."""
    if unsaved is None:
        asked = wanted_tree(root, paths, exclude, mapping, handling)
    else:
        is_wanted = _wanted(root, mapping, handling)(unsaved.path) and not is_excluded(root, unsaved.path, exclude)
        asked = tree_of([unsaved] if is_wanted else [])
    if unsaved is None and (not paths or root.resolve() in ((root / path).resolve() for path in paths)):
        return _Scene(asked, asked, True)
    if not any(map(prefilter.can_report, asked.sources.values())):
        return _Scene(asked, asked, False)
    return _Scene(asked, asked.with_others(wanted_tree(root, (), exclude, mapping, handling)), False)


def _view(
    scene: _Scene,
    prefilter: Prefilter,
    mapping: Mapping,
    tell: Callable[[str], None],
    means: Means,
    handling: Handling,
) -> View:
    views = [_open(source, prefilter, means) for source in scene.tree.sources.values()]
    opened = {view.path: view for view in views if isinstance(view, Source)}
    chosen = prefilter.choose(opened)
    sources = chosen if means.filters else opened
    tell(f"{scene.asked.looked_at} files, {len(sources)} to analyse")
    generated = tuple(sources.pop(path) for path in list(sources) if read_stamp(sources[path].data))
    python = [(each.path, each.python) for each in sources.values() if formats.holds_python(each.kind)]
    facts = list(read_facts(python, means.executor))
    modules = {module.path: module for module in facts if isinstance(module, Module)}
    broken = [
        each for each in (*views, *facts) if isinstance(each, Unreadable) and each.path in scene.asked.sources
    ]  # fmt: skip
    tell(f"{len(modules)} Python files parsed")
    collected = collect(modules, REGISTRY.naming(means.queries), mapping.database_words.__contains__, mapping.words)
    elsewhere = list(formats.occurrences(sources.values()))
    broken += [
        each for each in elsewhere
        if isinstance(each, Unreadable) and each.path in scene.asked.sources
        and prefilter.names_something(sources[each.path].data)
    ]  # fmt: skip
    said = _spoken(collected.occurrences, handling)
    occurrences = (*said, *(each for each in elsewhere if not isinstance(each, Unreadable)))
    tell(f"{len(occurrences)} queries and settings found")
    queries = tuple(occurrence for occurrence in occurrences if isinstance(occurrence, Query))
    tables = tuple(occurrence for occurrence in occurrences if isinstance(occurrence, TableArgument))
    keys = tuple(occurrence for occurrence in occurrences if isinstance(occurrence, RedisKey))
    settings = tuple(occurrence for occurrence in occurrences if isinstance(occurrence, RedisSetting))
    references = tuple(occurrence for occurrence in occurrences if isinstance(occurrence, TableReference))
    workspace = Workspace(
        mapping, sources, collected.other_uses, collected.escapes, queries, tables, keys, settings, references
    )  # fmt: skip
    asked, unreadable = frozenset(scene.asked.sources), (*scene.asked.unreadable, *broken)
    return View(
        workspace, occurrences, modules, generated, unreadable, scene.asked.looked_at, asked, scene.whole,
        prefilter.mentioned, handling,
    )  # fmt: skip


def _open(source: Source, prefilter: Prefilter, means: Means) -> Source | Unreadable:
    """What the rules see of a file; one that stands inside of another format is opened only where it can matter."""
    if not formats.has_view(source):
        return source
    matters = prefilter.can_report(source)
    return formats.viewed(source) if matters or not means.filters else source


def _spoken(found: Iterable[Occurrence | Embedded], handling: Handling) -> Iterator[Occurrence]:
    """What is found in Python; what people read is of interest only with the documents."""
    for each in found:
        if isinstance(each, Embedded):
            yield from formats.inside(each)
        elif not isinstance(each, Prose):
            yield each
        elif handling.documents:
            yield from formats.in_documentation(each) if each.is_documentation else (each,)


def plan_of(view: View, tell: Callable[[str], None], means: Means = ORDINARY) -> Plan:
    """The verdicts on a view, proven; of a whole tree, rows of the mapping that matched nothing are told too."""
    workspace, sources = view.workspace, dict(view.workspace.sources)
    rules = tuple(load_rules().values())
    settled = settle([read_occurrence(each, rules, workspace, means.proves) for each in view.occurrences])
    if view.handling.history:
        settled = whole_groups(map(view.handling.respect_history, settled))
        settled = [finding for finding in settled if view.handling.policy(finding.path) != LEAVE]
    findings = keep(settled, lambda finding: finding.path in view.asked)
    wanted = view.asked if means.share is None else view.asked & means.share
    findings = [finding for finding in findings if finding.path in wanted]
    if means.proves:
        tell(f"{len(findings)} places to look at; proving the changes")
        findings = prove(findings, sources, view.modules, means.executor)
    notes = unused_rows(workspace, view.mentioned) if view.whole and means.share is None else []
    notes += stale_outputs((each for each in view.generated if each.path in wanted), workspace.mapping)
    sources.update({source.path: source for source in view.generated}, **mapping_source(workspace.mapping))
    told = (each for each in view.unreadable if means.share is None or each.path in means.share)
    return Plan((*unreadable_files(told), *findings, *notes), sources, view.looked_at)


def _holds_password(finding: Finding) -> bool:
    edits = finding.fix.edits if finding.fix else ()
    texts = (finding.message, finding.help, *(edit.new.decode("utf-8", "replace") for edit in edits))
    return any(mask_passwords(text) != text for text in texts)

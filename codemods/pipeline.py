"""The readable loop: from a folder and a mapping to a plan that diff, apply, check and editors share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from codemods import formats
from codemods.discover import discover, is_excluded
from codemods.drivers.registry import REGISTRY
from codemods.facts import read_facts
from codemods.generate.stamp import read_stamp
from codemods.groups import keep
from codemods.ignores import may_hold_ignores
from codemods.mapping import Mapping
from codemods.model import Finding
from codemods.occurrences import Occurrence, Query, RedisKey, TableArgument
from codemods.plan import prove, settle
from codemods.prefilter import Prefilter
from codemods.python.collect import collect
from codemods.python.ir import Module
from codemods.readings import read_occurrence
from codemods.rules.registry import load_rules
from codemods.source import PYTHON_SUFFIXES, Source, Unreadable, read
from codemods.tool_findings import stale_outputs, unreadable_files, unused_rows
from codemods.workspace import Workspace


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


def make_plan(
    root: Path,
    paths: Sequence[Path],
    mapping: Mapping,
    exclude: Sequence[str],
    tell: Callable[[str], None],
    unsaved: Source | Unreadable | None = None,
    strict: bool = False,
) -> Plan:
    """Look at the files under `paths` (inside `root`); `tell` is told of each step. Raises `UsageProblem`."""
    return plan_of(look(root, paths, mapping, exclude, tell, unsaved, strict), tell)


def look(
    root: Path,
    paths: Sequence[Path],
    mapping: Mapping,
    exclude: Sequence[str],
    tell: Callable[[str], None],
    unsaved: Source | Unreadable | None = None,
    strict: bool = False,
) -> View:
    """Read the files and find what occurs in them. Raises `UsageProblem`.

    A name can come from any file and be used in any other, so all of `root` is in sight where a file can matter;
    what is reported is of `paths` alone. With `unsaved`, that is the one file looked at, whatever the disk has.
    `strict`: SQL matters although it names nothing of the mapping.
    """
    files = _read(root, paths, exclude) if unsaved is None else _unless_excluded(root, unsaved, exclude)
    sources, unreadable, looked_at = _candidates(files, mapping, strict)
    asked = frozenset(sources)
    whole = not unsaved and (not paths or any((root / path).resolve() == root.resolve() for path in paths))
    if asked and not whole:
        sources = {**_candidates(_read(root, (), exclude), mapping, strict)[0], **sources}
    tell(f"{looked_at} files, {len(sources)} of them with a word of the mapping or a database call")
    generated = tuple(sources.pop(path) for path in list(sources) if read_stamp(sources[path].data))
    python = [source for source in sources.values() if source.path.endswith(PYTHON_SUFFIXES)]
    modules: dict[str, Module] = {}
    for facts in read_facts([(source.path, source.text) for source in python]):
        if isinstance(facts, Module):
            modules[facts.path] = facts
        elif facts.path in asked:
            unreadable.append(facts)
    tell(f"{len(modules)} Python files parsed")
    collected = collect(modules, REGISTRY, mapping.database_words.__contains__)
    occurrences = (*collected.occurrences, *formats.occurrences(sources.values()))
    tell(f"{len(occurrences)} queries and settings found")
    queries = tuple(occurrence for occurrence in occurrences if isinstance(occurrence, Query))
    tables = tuple(occurrence for occurrence in occurrences if isinstance(occurrence, TableArgument))
    keys = tuple(occurrence for occurrence in occurrences if isinstance(occurrence, RedisKey))
    workspace = Workspace(mapping, sources, collected.other_uses, collected.escapes, queries, tables, keys)
    return View(workspace, occurrences, modules, generated, tuple(unreadable), looked_at, asked, whole)


def plan_of(view: View, tell: Callable[[str], None]) -> Plan:
    """The verdicts on a view, proven; of a whole tree, rows of the mapping that matched nothing are told too."""
    workspace, sources = view.workspace, dict(view.workspace.sources)
    rules = tuple(load_rules().values())
    settled = settle([read_occurrence(occurrence, rules, workspace) for occurrence in view.occurrences])
    findings = keep(settled, lambda finding: finding.path in view.asked)
    tell(f"{len(findings)} places to look at; proving the changes")
    proven = prove(findings, sources, view.modules)
    notes, mapping_source = unused_rows(workspace) if view.whole else ([], {})
    notes += stale_outputs((each for each in view.generated if each.path in view.asked), workspace.mapping)
    sources.update({source.path: source for source in view.generated}, **mapping_source)
    return Plan((*unreadable_files(view.unreadable), *proven, *notes), sources, view.looked_at)


def _read(root: Path, paths: Sequence[Path], exclude: Sequence[str]) -> Iterator[Source | Unreadable]:
    for path in discover(root, paths, exclude):
        if isinstance(path, Unreadable):
            yield path
        elif path.name.endswith(_suffixes()):
            yield read(root, path.relative_to(root.resolve()).as_posix())


def _unless_excluded(root: Path, file: Source | Unreadable, exclude: Sequence[str]) -> Iterator[Source | Unreadable]:
    if file.path.endswith(_suffixes()) and not is_excluded(root, file.path, exclude):
        yield file


def _suffixes() -> tuple[str, ...]:
    return (*PYTHON_SUFFIXES, *formats.suffixes())


def _candidates(
    files: Iterable[Source | Unreadable], mapping: Mapping, strict: bool
) -> tuple[dict[str, Source], list[Unreadable], int]:
    """The files that can matter, those that cannot be read, and how many were looked at."""
    urls = () if mapping.default_schema == "none" else ("postgresql", "postgres")
    prefixes = tuple(namespace.old for namespace in mapping.redis)
    prefilter = Prefilter((*mapping.words, *mapping.database_words, *urls), REGISTRY, prefixes)
    sources: dict[str, Source] = {}
    unreadable: list[Unreadable] = []
    looked_at = 0
    for source in files:
        looked_at += 1
        if isinstance(source, Unreadable):
            unreadable.append(source)
        elif strict or prefilter.keeps(source, source.path.endswith(PYTHON_SUFFIXES)) or may_hold_ignores(source):
            sources[source.path] = source
    return sources, unreadable, looked_at

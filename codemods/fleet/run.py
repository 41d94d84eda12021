"""Plan each checkout of a fleet on whatever an executor stands for, and put the plans together."""

from __future__ import annotations

import pickle
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from codemods import formats
from codemods.checkout.discover import UsageProblem
from codemods.checkout.git import GitProblem
from codemods.checkout.tree import Tree, tree_of
from codemods.dsn import mask_passwords
from codemods.fleet.checkouts import Checkout, opened
from codemods.handling import Handling
from codemods.mapping import Mapping
from codemods.model import Finding
from codemods.pipeline import Means, Plan, plan_tree, wanted_tree
from codemods.settings import load_settings
from codemods.source import Source, Unreadable
from codemods.tool_findings import mapping_source, unreadable_files

_ADDRESS = re.compile(r"(?:tcp|tls|ucx|wss?)://\S+:\d+")
_AT_ONCE = 16
_RETRIES = 3
_PATIENCE = "15s"


class Parcel(NamedTuple):
    """All that a worker has to know of a checkout: `contents` are its files' bytes by path, packed."""

    contents: bytes
    unreadable: tuple[Unreadable, ...]
    mapping: Mapping
    mapping_file: bytes
    handling: Handling
    strict: bool
    proves: bool


class Job(NamedTuple):
    """A checkout that a worker looks at, and its files, which the report quotes."""

    name: str
    tree: Tree


Answer = tuple[tuple[Finding, ...], tuple[str, ...]]


@contextmanager
def scheduler_at(address: str) -> Iterator[Executor]:
    """What runs on the workers of a dask scheduler; a worker that dies is made up for. Raises `UsageProblem`."""
    if not _ADDRESS.fullmatch(address):
        raise UsageProblem(f"--scheduler {address!r} is no address of a dask scheduler, as in tcp://10.0.0.1:8786")
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise UsageProblem("--scheduler needs dask: install relink[fleet], here and where the workers run") from error
    try:
        client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except OSError as error:
        raise UsageProblem(f"no dask scheduler answers at {address}: {error}") from error
    with client:
        yield client.get_executor(retries=_RETRIES, pure=False)


def plan_fleet(
    checkouts: Sequence[Checkout],
    mapping: Mapping,
    executor: Executor,
    tell: Callable[[str], None],
    strict: bool = False,
    proves: bool = True,
    documents: bool = False,
) -> Plan:
    """One plan of all checkouts, the paths of each behind its name; notes are those that hold in all of them.

    A checkout that cannot be brought here, or on which workers fail again and again, is an `unreadable-file`.
    """
    plans: dict[str, Plan] = {}
    running: dict[Future[Answer], Job] = {}
    for checkout in checkouts:
        try:
            with opened(checkout) as root:
                settings = load_settings(root)
                handling = replace(settings.handling, documents=documents)
                tree = wanted_tree(root, (), settings.exclude, mapping, handling)
        except GitProblem as problem:
            plans[checkout.name] = _failed(checkout.name, mask_passwords(str(problem)))
        else:
            parcel = _pack(tree, mapping, handling, strict, proves)
            running[executor.submit(plan_parcel, parcel)] = Job(checkout.name, tree)
        while len(running) >= _AT_ONCE:
            _collect(running, plans, mapping)
            tell(f"{len(plans)} of {len(checkouts)} checkouts")
    while running:
        _collect(running, plans, mapping)
        tell(f"{len(plans)} of {len(checkouts)} checkouts")
    return _together([plans[checkout.name] for checkout in checkouts])


def plan_parcel(parcel: Parcel) -> Answer:
    """The findings in a parcel's files and the paths they are in: what runs on a worker."""
    files: dict[str, bytes] = pickle.loads(zlib.decompress(parcel.contents))
    tree = tree_of([*(parcel.handling.decode(path, data) for path, data in files.items()), *parcel.unreadable])
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as alone:
        file = Path(folder, "mapping.yaml")
        file.write_bytes(parcel.mapping_file)
        mapping = replace(parcel.mapping, path=file)
        means = Means(executor=alone, proves=parcel.proves)
        plan = plan_tree(tree, mapping, lambda _: None, parcel.strict, means, parcel.handling)
        findings = tuple(
            replace(each, path=parcel.mapping.path.as_posix()) if each.path == file.as_posix() else each
            for each in plan.findings
        )
        return findings, tuple(path for path in plan.sources if path in tree.sources)


def _pack(tree: Tree, mapping: Mapping, handling: Handling, strict: bool, proves: bool) -> Parcel:
    contents = zlib.compress(pickle.dumps({path: source.data for path, source in tree.sources.items()}), 1)
    return Parcel(contents, tuple(tree.unreadable), mapping, mapping.path.read_bytes(), handling, strict, proves)


def _collect(running: dict[Future[Answer], Job], plans: dict[str, Plan], mapping: Mapping) -> None:
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        name, tree = running.pop(future)
        problem = future.exception()
        if problem is not None:
            plans[name] = _failed(name, f"its workers failed ({problem})")
            continue
        findings, paths = future.result()
        views = (formats.viewed(tree.sources[path]) for path in paths)
        sources = {
            f"{name}/{view.path}": replace(view, path=f"{name}/{view.path}")
            for view in views
            if isinstance(view, Source)
        }
        moved = tuple(each if each.is_note else _behind(name, each) for each in findings)
        plans[name] = Plan(moved, {**sources, **mapping_source(mapping)}, tree.looked_at)


def _behind(name: str, finding: Finding) -> Finding:
    fix = finding.fix
    if fix is not None:
        edits = tuple(replace(edit, path=f"{name}/{edit.path}") for edit in fix.edits)
        fix = replace(fix, edits=edits, group=fix.group and f"{name}/{fix.group}")
    return replace(finding, path=f"{name}/{finding.path}", fix=fix)


def _failed(name: str, reason: str) -> Plan:
    return Plan(tuple(unreadable_files([Unreadable(name, reason)])), {}, 0)


def _together(plans: Sequence[Plan]) -> Plan:
    findings = [finding for plan in plans for finding in plan.findings if not finding.is_note]
    notes = [note for note in (plans[0].findings if plans else ()) if note.is_note]
    notes = [note for note in notes if all(note in plan.findings for plan in plans)]
    sources = {path: source for plan in plans for path, source in plan.sources.items()}
    return Plan((*findings, *notes), sources, sum(plan.looked_at for plan in plans))

"""Share the files of a tree among the jobs of a CI matrix, and put their reports together again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from codemods.checkout.discover import UsageProblem, discover


class Shard(NamedTuple):
    """Job `number` of `jobs`, 1-based."""

    number: int
    jobs: int


def read_shard(text: str) -> Shard:
    """The shard that a text such as `2/5` means; raises UsageProblem."""
    number, slash, count = text.partition("/")
    if not slash or not number.isdecimal() or not count.isdecimal() or not 1 <= int(number) <= int(count):
        raise UsageProblem(f"--shard {text!r} is not i/n with i from 1 to n, as in 2/5")
    return Shard(int(number), int(count))


def files_of(shard: Shard, root: Path, paths: Sequence[Path], exclude: Sequence[str]) -> frozenset[str]:
    """The files under `paths`, seen from `root`, that this shard reports on; the same ones wherever the tree stands."""
    root = root.resolve()
    found = (path.relative_to(root).as_posix() for path in discover(root, paths, exclude) if isinstance(path, Path))
    return frozenset(path for path in found if crc32(os.fsencode(path)) % shard.jobs == shard.number - 1)


def merge(reports: Iterable[Path]) -> list[dict[str, Any]]:
    """The findings of several JSON reports, sorted, each once; raises UsageProblem for what is no report."""
    found: dict[str, dict[str, Any]] = {}
    for report in reports:
        try:
            findings = json.loads(report.read_bytes())
            ordered = [(each["path"], each["line"], each["column"], each["rule"], each["message"]) for each in findings]
        except OSError as error:
            raise UsageProblem(f"{report}: {error.strerror or error}") from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise UsageProblem(f"{report} is no report of relink check --output-format json") from error
        found.update(zip(map(repr, ordered), findings, strict=True))
    return sorted(found.values(), key=lambda each: (each["path"], each["line"], each["column"], each["rule"]))

"""What `relink init` would write into a checkout: settings, a hook and a CI job, as far as they are not there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from codemods.checkout.discover import UsageProblem, discover
from codemods.mapping import MappingError, load
from codemods.settings import load_settings
from codemods.source import Unreadable

_MOST_MAPPING_BYTES = 1_000_000
_NOT_OURS = ("vendor", "vendored", "third_party", "_vendor", "external")
_REPOS_ITEM = re.compile(r"^(?P<margin>[ ]*)- repo:", re.MULTILINE)

_HOOK = """\
- repo: local
  hooks:
    - id: relink-check
      name: relink check
      entry: relink check
      language: system
      types: [text]
      require_serial: true
"""
_GITHUB = """\
name: relink
on: [push, pull_request]
jobs:
  relink:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
      - run: pip install relink
      - run: relink check --output-format github
"""
_GITLAB = """\
relink:
  image: python:3.12
  script:
    - pip install relink
    - relink check --output-format gitlab > relink.json
  artifacts:
    when: always
    reports:
      codequality: relink.json
"""


class Draft(NamedTuple):
    """A file to write. `before` is None for a new one."""

    path: str
    before: bytes | None
    after: bytes


class Proposal(NamedTuple):
    """Files to write, and snippets (where, text) for files that relink cannot extend with certainty."""

    drafts: list[Draft]
    snippets: list[tuple[str, str]]


def propose(root: Path, mapping: str | None) -> Proposal:
    """Look at the checkout under `root`. Raises UsageProblem when there is no mapping, or more than one."""
    found = Proposal([], [])
    if load_settings(root).mapping is None:
        chosen = mapping or _find_mapping(root)
        load(root / chosen)
        found.drafts.append(_settings(root, chosen))
    for path, item, is_wanted in (
        (".pre-commit-config.yaml", _HOOK, True),
        (".github/workflows/relink.yml", _GITHUB, (root / ".github").is_dir()),
        (".gitlab-ci.yml", _GITLAB, (root / ".gitlab-ci.yml").is_file()),
    ):
        if is_wanted:
            _add(root, path, item, found)
    return found


def _settings(root: Path, mapping: str) -> Draft:
    pyproject = root / "pyproject.toml"
    before = pyproject.read_bytes() if pyproject.is_file() else None
    excluded = [f"{name}/" for name in _NOT_OURS if any(root.glob(f"{name}/")) or any(root.glob(f"*/{name}/"))]
    lines = [f"mapping = {json.dumps(mapping)}", 'extend-select = ["unmapped-table"]']
    if excluded:
        lines.append(f"exclude = {json.dumps(excluded)}")
    if before is None:
        return Draft("relink.toml", None, "".join(f"{line}\n" for line in lines).encode())
    return Draft("pyproject.toml", before, _appended(before, "\n".join(["[tool.relink]", *lines]) + "\n"))


def _find_mapping(root: Path) -> str:
    found = sorted(_mappings(root))
    if not found:
        raise UsageProblem("no mapping in this folder: write one (see README), or pass --mapping FILE")
    if len(found) > 1:
        raise UsageProblem(f"more than one mapping in this folder ({', '.join(found)}): pass --mapping FILE")
    return found[0]


def _mappings(root: Path) -> Iterator[str]:
    for path in discover(root, ()):
        if isinstance(path, Unreadable) or path.suffix not in (".yaml", ".yml"):
            continue
        if path.stat().st_size < _MOST_MAPPING_BYTES and b"schemas:" in path.read_bytes():
            try:
                load(path)
            except MappingError:
                continue
            yield path.relative_to(root.resolve()).as_posix()


def _add(root: Path, path: str, item: str, found: Proposal) -> None:
    """The YAML file with the hook or job added, when it is certain that nothing else of it changes."""
    file = root / path
    if not file.is_file():
        text = f"repos:\n{item}" if item is _HOOK else item
        found.drafts.append(Draft(path, None, text.encode()))
        return
    before = file.read_bytes()
    if b"relink" in before:
        return
    after = _appended(before, _indented(item, before) if item is _HOOK else item, blank=item is not _HOOK)
    if _adds_only(before, after, item):
        found.drafts.append(Draft(path, before, after))
    else:
        found.snippets.append((path, item))


def _indented(item: str, before: bytes) -> str:
    """The item with the margin of those that are there."""
    there = _REPOS_ITEM.search(before.decode("utf-8", "replace"))
    margin = there["margin"] if there else ""
    return "".join(f"{margin}{line}\n" for line in item.splitlines())


def _adds_only(before: bytes, after: bytes, item: str) -> bool:
    old, new, added = _read(before), _read(after), _read(item.encode())
    if not isinstance(old, dict) or not isinstance(new, dict):
        return False
    if isinstance(added, dict):
        return new == {**old, **added} and not set(added) & set(old)
    return isinstance(old.get("repos"), list) and new == {**old, "repos": [*old["repos"], *added]}


def _read(data: bytes) -> Any:
    try:
        return yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return None


def _appended(before: bytes, text: str, blank: bool = True) -> bytes:
    """`before` with `text` behind it, with the line ends of `before`, and a blank line between when asked for."""
    line_end = "\r\n" if b"\r\n" in before else "\n"
    joint = "" if not before or before.endswith(b"\n") else line_end
    gap = line_end if blank and before.strip() else ""
    return before + (joint + gap + text.replace("\n", line_end)).encode()

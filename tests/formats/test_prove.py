"""A change of settings is proven by parsers of other authors, and one that does more than planned is not."""

from __future__ import annotations

import configparser
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from cases import Case, backend_case, rule_cases

from codemods import formats
from codemods.apply import Change, splice
from codemods.drivers.registry import REGISTRY
from codemods.funnel.prefilter import Prefilter, triggers_of
from codemods.mapping import load
from codemods.model import Edit, Span
from codemods.pipeline import make_plan
from codemods.plan import changes
from codemods.source import Source, decode

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SETTINGS = (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg")
CASES = [
    case
    for case in (*rule_cases(), backend_case())
    if any(path.name.endswith(SETTINGS) for path in case.before.rglob("*"))
]


def read_by_others(path: str, data: bytes) -> object:
    """What a usual reader makes of the file; None when it does not read such files."""
    text = data.decode("utf-8-sig")
    try:
        if path.endswith((".yaml", ".yml")):
            return list(yaml.safe_load_all(text))
        if path.endswith(".json"):
            return json.loads(text)
        if path.endswith(".toml"):
            return tomllib.loads(text)
        parser = configparser.RawConfigParser(strict=False)
        parser.read_string(text)
        return {name: dict(section) for name, section in parser.items()}
    except (yaml.YAMLError, ValueError, configparser.Error):
        return None


def differences(before: object, after: object) -> Iterator[tuple[object, object]]:
    if isinstance(before, dict) and isinstance(after, dict):
        assert list(before) == list(after)
        for key in before:
            yield from differences(before[key], after[key])
    elif isinstance(before, list) and isinstance(after, list):
        assert len(before) == len(after)
        for one, other in zip(before, after, strict=True):
            yield from differences(one, other)
    elif before != after:
        yield before, after


def planned(case: Case, root: Path) -> Iterator[Change]:
    plan = make_plan(root, [], load(case.mapping), (), lambda _: None, handling=case.handling)
    yield from (each for each in changes(plan.findings, plan.sources, unsafe=True) if each.path.endswith(SETTINGS))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_other_readers_see_only_the_planned_names_change(case: Case, tmp_path: Path) -> None:
    for change in planned(case, case.copy_to(tmp_path)):
        before = read_by_others(change.path, change.before)
        if before is None:
            continue
        for one, other in differences(before, read_by_others(change.path, change.after)):
            assert isinstance(one, (str, int))
            assert type(one) is type(other)
            pairs = {
                (change.before[edit.span.start : edit.span.end].decode(), edit.new.decode()) for edit in change.edits
            }
            both = {(str(one), str(other))}
            for old, new in pairs:  # Which of the edits are in this value is not known: any of them may be.
                both |= {
                    (first.replace(old, new), second.replace(old, new)) if old else (first, second.replace(new, ""))
                    for first, second in both
                }
            assert any(first == second for first, second in both)


@pytest.mark.parametrize(
    ("path", "text", "old", "new"),
    [
        ("a.yaml", "database: app_old\nother: app_old\n", "app_old", "app\nmore: 1"),
        ("a.yaml", "database: app_old\n", "app_old", "null"),
        ("a.yaml", "database: app_old # x\n", "app_old", "app #"),
        ("a.json", '{"database": "app_old"}', "app_old", 'app", "x": "'),
        ("a.toml", 'database = "app_old"\n', "app_old", 'app"\nx = "'),
        ("a.ini", "[a]\ndatabase = app_old\n", "app_old", "app\nx = 1"),
        (".env", "DB_NAME=app_old\n", "app_old", "app\nX=1"),
        ("a.sh", "psql -d app_old\n", "app_old", "app; rm"),
    ],
)
def test_a_change_that_adds_a_value_is_not_proven(path: str, text: str, old: str, new: str) -> None:
    start = text.index(old)
    edit = Edit(path, Span(start, start + len(old)), new.encode())
    before = decode(path, text.encode())
    assert isinstance(before, Source)
    assert formats.prove(before, splice(text.encode(), [edit]), [edit])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.toml", f'database = "app_old"\nx = {"9" * 6000}\n'),
        ("a.toml", f'database = "app_old"\nx = {"[" * 50_000}{"]" * 50_000}\n'),
        ("a.json", f'{{"database": "app_old", "x": {"[" * 50_000}{"]" * 50_000}}}'),
    ],
)
def test_what_a_parser_gives_up_on_is_not_proven(path: str, text: str) -> None:
    edit = Edit(path, Span(text.index("app_old"), text.index("app_old") + len("app_old")), b"app")
    before = decode(path, text.encode())
    assert isinstance(before, Source)
    assert formats.prove(before, splice(text.encode(), [edit]), [edit])


def test_files_that_are_data_are_said_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(json.dumps([{"name": "users"}] * 200_000))
    (tmp_path / "other.json").write_text(json.dumps([{"name": "other"}] * 200_000))
    mapping = load(CASES[0].mapping)
    plan = make_plan(tmp_path, [], mapping, (), lambda _: None)
    found = [finding for finding in plan.findings if finding.rule != "unused-mapping"]
    assert [(finding.path, finding.rule) for finding in found] == [("dump.json", "unreadable-file")]
    assert "taken for data" in found[0].message


@pytest.mark.parametrize(
    "text",
    ["users", "x\n- users:", "a.users.b", '"FROM\\nusers"', "\\tusers", "\\u0075sers", "\\x75sers", "USERS", "$users"],
)
@pytest.mark.parametrize("padding", [0, 1 << 20, (1 << 20) - 3])
def test_no_file_with_a_word_of_the_mapping_is_passed_over(text: str, padding: int) -> None:
    prefilter = Prefilter(triggers_of(load(CASES[0].mapping), REGISTRY), strict=False)
    for data in (b" " * padding + text.encode() + b" x", text.encode("utf-16")):
        source = decode("settings.yaml", data)
        assert isinstance(source, Source)
        assert prefilter.can_report(source)

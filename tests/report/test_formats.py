"""Every format tells the same plan, each in the way its readers expect."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from cases import FIXTURES, read_tree
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif
from running import relink

from codemods.gate.fingerprint import fingerprint, numbered
from codemods.model import Finding, Impact, Span
from codemods.report import FORMATS
from codemods.source import Source, decode

REPORTS = FIXTURES / "reports"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reports") / "reports"
    shutil.copytree(REPORTS, folder)
    outcomes = {
        name: relink(folder / "tree", "check", "--mapping", "../mapping.yaml", "--output-format", name)
        for name in FORMATS
    }
    assert {outcome.code for outcome in outcomes.values()} == {1}
    return {name: outcome.out for name, outcome in outcomes.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_the_plan_is_printed_as_expected(name: str, printed: dict[str, str]) -> None:
    assert printed[name] == (REPORTS / f"expected.{name}").read_text("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_no_password_is_printed(name: str, printed: dict[str, str]) -> None:
    assert "hunter2" not in printed[name]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found_is_a_whole_report(name: str, tmp_path: Path) -> None:
    shutil.copy(REPORTS / "mapping.yaml", tmp_path)
    outcome = relink(
        tmp_path, "check", "--mapping", "mapping.yaml", "--output-format", name, "--ignore", "unused-mapping"
    )
    assert outcome.code == 0
    if name in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(outcome.out)
    elif name == "junit":
        assert len(list(ElementTree.fromstring(outcome.out).iter("testcase"))) == 1
    else:
        assert outcome.out == ""


def rules_and_lines(printed: dict[str, str]) -> dict[str, list[tuple[str, int]]]:
    """What each format for programs says: the rule and the line of each finding."""
    sarif = json.loads(printed["sarif"])["runs"][0]["results"]
    gitlab, rdjson = json.loads(printed["gitlab"]), json.loads(printed["rdjson"])["diagnostics"]
    junit = ElementTree.fromstring(printed["junit"]).iter("testcase")
    github = re.findall(r"title=relink \(([\w-]+)\),file=[^,]*,line=(\d+)", printed["github"])
    return {
        "json": [(each["rule"], each["line"]) for each in json.loads(printed["json"])],
        "sarif": [(each["ruleId"], _physical(each)["region"]["startLine"]) for each in sarif],
        "gitlab": [(each["check_name"], each["location"]["lines"]["begin"]) for each in gitlab],
        "rdjson": [(each["code"]["value"], each["location"]["range"]["start"]["line"]) for each in rdjson],
        "junit": [(each.attrib["name"].split()[0], int(each.attrib["line"])) for each in junit],
        "github": [(rule, int(line)) for rule, line in github],
    }


def _physical(result: dict[str, Any]) -> dict[str, Any]:
    location: dict[str, Any] = result["locations"][0]["physicalLocation"]
    return location


def test_the_formats_agree(printed: dict[str, str]) -> None:
    said = rules_and_lines(printed)
    assert said["json"]
    for name, findings in said.items():
        assert findings == said["json"], name


def test_sarif_is_valid_by_a_model_of_its_schema(printed: dict[str, str]) -> None:
    Sarif.model_validate_json(printed["sarif"])
    broken = json.loads(printed["sarif"])
    broken["runs"][0]["results"][0]["fixs"] = []
    with pytest.raises(ValidationError):
        Sarif.model_validate(broken)


def sarif_edits(printed: dict[str, str]) -> Iterator[tuple[str, dict[str, int], str]]:
    for result in json.loads(printed["sarif"])["runs"][0]["results"]:
        if result.get("properties", {}).get("safety") != "safe":
            continue
        for fix in result["fixes"]:
            for change in fix["artifactChanges"]:
                for each in change["replacements"]:
                    path = unquote(change["artifactLocation"]["uri"])
                    yield path, each["deletedRegion"], each["insertedContent"]["text"]


def test_the_fixes_in_sarif_do_what_apply_does(printed: dict[str, str], tmp_path: Path) -> None:
    root = Path(shutil.copytree(REPORTS / "tree", tmp_path / "tree"))
    for path, region, text in sorted(sarif_edits(printed), key=lambda edit: str(sorted(edit[1].items())), reverse=True):
        lines = (root / path).read_text("utf-8").splitlines(keepends=True)
        assert region["startLine"] == region["endLine"]
        line = lines[region["startLine"] - 1]
        lines[region["startLine"] - 1] = line[: region["startColumn"] - 1] + text + line[region["endColumn"] - 1 :]
        (root / path).write_text("".join(lines), "utf-8")
    by_relink = Path(shutil.copytree(REPORTS / "tree", tmp_path / "other"))
    relink(by_relink, "apply", "--allow-dirty", "--mapping", REPORTS / "mapping.yaml")
    assert read_tree(root) == read_tree(by_relink) != read_tree(REPORTS / "tree")


def test_suggestions_of_rdjson_count_bytes(printed: dict[str, str]) -> None:
    tree = REPORTS / "tree"
    texts = {}
    for each in json.loads(printed["rdjson"])["diagnostics"]:
        place = each["location"]["range"]
        if place["start"] == place["end"] or each["code"]["value"] == "dynamic-table-name":
            continue
        line = (tree / each["location"]["path"]).read_bytes().splitlines()[place["start"]["line"] - 1]
        texts[line[place["start"]["column"] - 1 : place["end"]["column"] - 1].decode()] = each
    assert set(texts) == {"app_old", "orders", "public.clients", "users"}
    (suggestion,) = texts["public.clients"]["suggestions"]
    assert suggestion["text"] == "shared_common.accounts"
    assert suggestion["range"] == texts["public.clients"]["location"]["range"]


def fingerprints(data: bytes, path: str = "a.py") -> list[str]:
    source = decode(path, data)
    assert isinstance(source, Source)
    findings = [
        Finding(path, Span(*found.span()), "unprefixed-table", "m", "h", Impact.HIGH)
        for found in re.finditer(b"users", data)
    ]
    return [value for _, value in numbered(findings, {path: source})]


def test_fingerprints_hold_while_lines_move_and_files_are_renamed() -> None:
    before = b'a = "FROM users"\nb = "JOIN users"\n'
    after = b'# new\n\nif x:\n    b =  "JOIN users"\r\n    a = "FROM users"\r\n'
    assert sorted(fingerprints(before)) == sorted(fingerprints(after, "b/c.py"))
    assert fingerprints(b'a = "FROM users"') != fingerprints(b'a = "FROM users u"')


def test_fingerprints_of_equal_lines_are_told_apart() -> None:
    found = fingerprints(b'a("users")\n' * 3)
    assert len(set(found)) == 3
    assert set(fingerprints(b'a("users")\n' * 2)) < set(found)


def test_a_fingerprint_says_nothing_about_passwords() -> None:
    one = b"URL = 'postgresql://me:hunter2@host/users'\n"
    assert fingerprints(one) == fingerprints(one.replace(b"hunter2", b"other"))


def test_a_fingerprint_needs_no_source() -> None:
    unread = Finding("a.py", Span(0, 0), "unreadable-file", "not looked at: x", "h", Impact.HIGH)
    assert fingerprint(unread, {}) != fingerprint(Finding("a.py", Span(0, 0), "z", "m", "h", Impact.HIGH), {})

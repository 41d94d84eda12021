"""A baseline survives moved lines and renamed files, shrinks, and never grows unless it is told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Outcome, relink, write

from codemods.gate import baseline
from codemods.model import Finding, Impact, Span
from codemods.source import Source, decode

OLD = """\
import psycopg2
c = psycopg2.connect().cursor()
c.execute("SELECT 1 FROM users")
c.execute("SELECT 2 FROM users")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, {"a.py": OLD, "b.sql": "SELECT 1 FROM orders;\nSELECT 1 FROM orders;\n"})
    assert relink(tmp_path, "baseline", "create", "--baseline", "known.json").code == 0
    return tmp_path


def check(root: Path, *options: str) -> Outcome:
    return relink(root, "check", "--baseline", "known.json", "--output-format", "concise", *options)


def test_what_is_known_is_not_reported(root: Path) -> None:
    assert relink(root, "check").code == 1
    assert check(root) == Outcome(0, "", "")


def test_moved_lines_and_renamed_files_stay_known(root: Path) -> None:
    (root / "a.py").rename(root / "z.py")
    text = OLD.replace("c.exec", "if c:\n\n\n  c.exec")
    (root / "z.py").write_text("# new\n" + text)
    assert check(root) == Outcome(0, "", "")


def test_new_findings_are_reported_and_only_they(root: Path) -> None:
    with (root / "b.sql").open("a") as file:
        file.write("SELECT 1 FROM orders;\nSELECT 3 FROM orders;\n")
    outcome = check(root)
    assert outcome.code == 1
    assert [line.split(":")[:2] for line in outcome.out.splitlines()] == [["b.sql", "3"], ["b.sql", "4"]]


def test_stale_entries_are_named_and_taken_out(root: Path) -> None:
    (root / "a.py").write_text(OLD.replace("FROM users", "FROM shared_common.users"))
    outcome = check(root)
    assert outcome.code == 0
    assert outcome.err.startswith("2 findings of known.json found no longer; relink baseline update takes them out:\n")
    assert outcome.err.count("a.py: unprefixed-table users is now shared_common.users") == 2
    update = relink(root, "baseline", "update", "--baseline", "known.json")
    assert (update.code, update.err) == (0, "known.json knew 4 findings and knows 2 now.\n")
    assert check(root) == Outcome(0, "", "")
    (root / "a.py").write_text(OLD)
    assert check(root).code == 1


def test_it_never_grows_silently(root: Path) -> None:
    (root / "c.sql").write_text("SELECT 9 FROM users;\n")
    before = (root / "known.json").read_bytes()
    update = relink(root, "baseline", "update", "--baseline", "known.json")
    assert update.code == 1
    assert "1 new finding stayed out" in update.err
    assert (root / "known.json").read_bytes() == before
    assert relink(root, "baseline", "update", "--grow", "--baseline", "known.json").code == 0
    assert check(root).code == 0


def test_a_run_over_a_part_judges_that_part_only(root: Path) -> None:
    (root / "a.py").write_text("x = 1\n")
    (root / "b.sql").write_text("SELECT 1;\n")
    assert "2 findings of" in check(root, "b.sql").err
    assert check(root, "--select", "connections").err == ""
    relink(root, "baseline", "update", "--baseline", "known.json", "b.sql")
    assert "2 findings of" in check(root).err
    assert {entry["path"] for entry in json.loads((root / "known.json").read_text())["findings"]} == {"a.py"}


def test_the_file_reads_one_finding_a_line_without_line_numbers(root: Path) -> None:
    lines = (root / "known.json").read_text().splitlines()
    paths = [json.loads(line.rstrip(","))["path"] for line in lines[3:-2]]
    assert paths == ["a.py", "a.py", "b.sql", "b.sql"]
    (root / "a.py").write_text("\n\n" + OLD)
    relink(root, "baseline", "update", "--baseline", "known.json")
    assert (root / "known.json").read_text().splitlines() == lines


def test_diff_and_apply_do_not_know_it(root: Path) -> None:
    assert "shared_common.users" in relink(root, "diff").out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "known.json: there is no such baseline; relink baseline create makes it"),
        ("{", "known.json: this baseline cannot be read: "),
        ("\x00", "this baseline cannot be read"),
        ("[]", "this is not a baseline of version 1"),
        ('{"version": 2, "findings": []}', "this is not a baseline of version 1"),
        ('{"version": 1, "findings": [{"path": "a"}]}', "finding 1 lacks one of path, rule, fingerprint, message"),
    ],
)
@pytest.mark.parametrize("command", [("check",), ("baseline", "update")])
def test_a_bad_baseline_is_an_error(root: Path, content: str | None, message: str, command: tuple[str, ...]) -> None:
    (root / "known.json").unlink()
    if content is not None:
        (root / "known.json").write_text(content)
    outcome = relink(root, *command, "--baseline", "known.json")
    assert outcome.code == 2
    assert outcome.out == ""
    assert message in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_create_keeps_what_is_there_and_says_where_it_cannot_write(root: Path) -> None:
    assert relink(root, "baseline", "create", "--baseline", "known.json").code == 2
    outcome = relink(root, "baseline", "create", "--baseline", "no/such/folder.json")
    assert outcome.code == 2
    assert "No such file or directory" in outcome.err


def findings_in(texts: dict[str, str]) -> tuple[list[Finding], dict[str, Source]]:
    sources = {path: decode(path, text.encode()) for path, text in texts.items()}
    known = {path: source for path, source in sources.items() if isinstance(source, Source)}
    places = [(path, at) for path, text in texts.items() for at in range(len(text)) if text.startswith("users", at)]
    return [Finding(path, Span(at, at + 5), "moved-table", "m", "h", Impact.HIGH) for path, at in places], known


LINES = st.lists(st.sampled_from(["a users", "b users", "c users users", "d"]), max_size=6)
TREES = st.dictionaries(st.sampled_from(["x.sql", "y.sql", "z.sql"]), LINES.map("\n".join), max_size=3)


@given(TREES, TREES)
def test_what_is_found_and_what_is_new_add_up(before: dict[str, str], after: dict[str, str]) -> None:
    old, old_sources = findings_in(before)
    new, new_sources = findings_in(after)
    known = baseline.update(baseline.compare(old, old_sources, ()), old_sources, lambda _: True, grow=True)
    assert baseline.compare(old, old_sources, known) == ((), tuple(known), ())
    result = baseline.compare(new, new_sources, known)
    assert len(result.found) + len(result.new) == len(new)
    assert len(result.found) + len(result.stale) == len(known)
    shrunk = baseline.update(result, new_sources, lambda _: True, grow=False)
    assert len(shrunk) <= len(known)
    assert baseline.compare(new, new_sources, shrunk).new == result.new

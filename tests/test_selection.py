"""Rules are chosen by name and by group, and every command keeps to the choice."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import relink, write

from codemods.gate.selection import Choice, Selection, at_least
from codemods.model import Finding, Impact, Span
from codemods.rules.registry import GROUPS, Rule, load_rules


def rule(name: str, group: str, only_by_name: bool = False) -> Rule:
    return Rule(name, group, "", (), None, only_by_name)


RULES = {
    each.name: each
    for each in (
        rule("unprefixed-table", "sql"),
        rule("moved-table", "sql"),
        rule("strict", "sql", only_by_name=True),
        rule("old-database", "connections"),
        rule("table-in-document", "docs"),
    )
}


def on(*choices: Choice, path: str = "a.py") -> set[str]:
    selection = Selection(choices, RULES)
    return {name for name in RULES if selection.keeps(name, path)}


def test_without_a_choice_all_but_documents_and_strict_rules_are_on() -> None:
    assert on() == {"unprefixed-table", "moved-table", "old-database"}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(select=("sql",)), {"unprefixed-table", "moved-table"}),
        (Choice(select=("sql", "strict")), {"unprefixed-table", "moved-table", "strict"}),
        (Choice(select=("docs",)), {"table-in-document"}),
        (Choice(select=("sql",), ignore=("moved-table",)), {"unprefixed-table"}),
        (Choice(select=("moved-table",), ignore=("sql",)), {"moved-table"}),
        (Choice(select=("sql",), ignore=("sql",)), set()),
        (Choice(select=()), set()),
        (Choice(ignore=("sql",)), {"old-database"}),
        (Choice(extend_select=("docs",)), {"unprefixed-table", "moved-table", "old-database", "table-in-document"}),
        (Choice(extend_select=("strict",)), {"unprefixed-table", "moved-table", "old-database", "strict"}),
        (Choice(per_file=(("a.py", ("sql",)),)), {"old-database"}),
        (Choice(per_file=(("b.py", ("sql",)),)), {"unprefixed-table", "moved-table", "old-database"}),
    ],
)
def test_a_name_counts_for_more_than_its_group(choice: Choice, expected: set[str]) -> None:
    assert on(choice) == expected


def test_select_on_the_command_line_starts_afresh() -> None:
    settings = Choice("relink.toml", ("sql",), ("moved-table",), ("docs",), (("*.py", ("old-database",)),))
    assert on(settings) == {"unprefixed-table", "table-in-document"}
    assert on(settings, Choice(select=("moved-table", "old-database"))) == {"moved-table"}
    assert on(settings, Choice(ignore=("docs",))) == {"unprefixed-table"}
    assert on(settings, Choice(extend_select=("strict",))) == {"unprefixed-table", "table-in-document", "strict"}


@pytest.mark.parametrize(
    ("path", "kept"), [("tests/a.py", False), ("x/tests/deep/a.py", False), ("tests.py", True), ("a.py", True)]
)
def test_patterns_are_those_of_gitignore(path: str, kept: bool) -> None:
    assert ("old-database" in on(Choice(per_file=(("tests/", ("old-database",)),)), path=path)) is kept


def test_every_rule_is_of_a_group() -> None:
    assert {rule.group for rule in load_rules().values()} <= set(GROUPS)


def test_impact_is_a_threshold() -> None:
    found = [Finding("a.py", Span(0, 0), "x", "", "", impact) for impact in Impact]
    assert [len(at_least(found, impact)) for impact in (Impact.LOW, Impact.MEDIUM, Impact.HIGH)] == [3, 2, 1]


FILES: dict[str, str | bytes] = {
    "a.py": 'import psycopg2\nc = psycopg2.connect("dbname=app_old").cursor()\nc.execute("SELECT 1 FROM users")\n',
    "tests/test_a.py": 'import psycopg2\nc = psycopg2.connect().cursor()\nc.execute("SELECT 1 FROM public.orders")\n',
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, FILES)


def rules_of(root: Path, *options: str) -> list[str]:
    lines = relink(root, "check", "--output-format", "concise", *options).out.splitlines()
    return sorted(line.split()[1] for line in lines)


def test_options_of_check(root: Path) -> None:
    assert rules_of(root) == ["moved-table", "old-database", "unprefixed-table"]
    assert rules_of(root, "--select", "sql, old-database", "--ignore", "moved-table") == [
        "old-database",
        "unprefixed-table",
    ]
    assert rules_of(root, "--per-file-ignores", "tests/:sql") == ["old-database", "unprefixed-table"]
    assert rules_of(root, "--impact", "high") == ["old-database", "unprefixed-table"]


def test_settings_of_the_same_names(root: Path) -> None:
    settings = 'mapping = "mapping.yaml"\nselect = ["sql"]\nextend-select = ["old-database"]\n'
    (root / "relink.toml").write_text(settings + 'ignore = ["unprefixed-table"]\n')
    assert rules_of(root) == ["moved-table", "old-database"]
    (root / "relink.toml").write_text(settings + '[per-file-ignores]\n"tests/**" = ["sql"]\n')
    assert rules_of(root) == ["old-database", "unprefixed-table"]


def test_diff_and_apply_keep_to_the_choice(root: Path) -> None:
    assert "store_service" in relink(root, "diff", "--ignore", "unprefixed-table").out
    assert "shared_common" not in relink(root, "diff", "--ignore", "unprefixed-table").out
    relink(root, "apply", "--allow-dirty", "--select", "connections")
    changed = (root / "a.py").read_text()
    assert "dbname=app" in changed
    assert "FROM users" in changed


def test_exit_codes(root: Path) -> None:
    assert relink(root, "check").code == 1
    assert relink(root, "check", "--exit-zero").code == 0
    assert relink(root, "check", "--select", "orm").code == 0


def test_statistics(root: Path) -> None:
    shown = relink(root, "check", "--statistics")
    assert shown.code == 1
    assert shown.out == (
        "all  safe  unsafe  for you  rule\n"
        "  1     1       0        0  moved-table\n"
        "  1     1       0        0  old-database\n"
        "  1     1       0        0  unprefixed-table\n"
    )
    assert relink(root, "check", "--statistics", "--select", "orm").out == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--select", "unprefixed-tabel"), "there is no rule or group 'unprefixed-tabel'; did you mean"),
        (("--ignore", "E501"), "there is no rule or group 'E501'; see relink rules"),
        (("--per-file-ignores", "a.py:zzz"), "there is no rule or group 'zzz'"),
        (("--per-file-ignores", "a.py"), "is not PATTERN:NAMES"),
        (("--impact", "huge"), "'huge' is not one of"),
    ],
)
def test_a_wrong_name_is_an_error(root: Path, options: tuple[str, ...], message: str) -> None:
    outcome = relink(root, "check", *options)
    assert outcome.code == 2
    assert message in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('ignore = ["zzz"]', "relink.toml: there is no rule or group 'zzz'"),
        ('select = "sql"', "select has to be a list of strings"),
        ("per-file-ignores = []", "per-file-ignores has to be a table"),
        ('[per-file-ignores]\n"a.py" = "sql"', "a.py has to be a list of strings"),
        ("selct = []", "unknown setting 'selct'; there are mapping, exclude, select"),
    ],
)
def test_a_wrong_setting_is_an_error(root: Path, line: str, message: str) -> None:
    (root / "relink.toml").write_text(f'mapping = "mapping.yaml"\n{line}\n')
    outcome = relink(root, "check")
    assert outcome.code == 2
    assert message in outcome.err

"""Comments that ask for silence, in every kind of file; and comments that ask for it in vain."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import relink, write

from codemods.apply import leaves_code, splice
from codemods.gate.ignores import Ignores
from codemods.gate.selection import Choice, Selection
from codemods.gate.suppressions import suppress
from codemods.model import Edit, Finding, Impact, Span
from codemods.python.lines import read_layout
from codemods.rules.registry import load_rules
from codemods.source import Source, decode


def read(path: str, text: str) -> Source:
    source = decode(path, text.encode("utf-8"))
    assert isinstance(source, Source)
    return source


def reported(path: str, text: str, *choices: Choice) -> list[tuple[str, int]]:
    """The rule and line of what is reported when each `users` in the text is an `unprefixed-table`."""
    source = read(path, text)
    places = [at for at in range(len(text)) if text.startswith("users", at)]
    spans = [Span(source.byte_offset(at), source.byte_offset(at + 5)) for at in places]
    findings = [Finding(path, span, "unprefixed-table", "m", "h", Impact.HIGH) for span in spans]
    selection = Selection(choices, load_rules())
    judged = [source] if selection.keeps("unused-ignore", path) else []
    kept = suppress(findings, {path: source}, judged, selection)
    return sorted((finding.rule, source.line_column(finding.span.start)[0]) for finding in kept)


@pytest.mark.parametrize(
    ("path", "comment"),
    [
        ("a.py", "# relink: ignore[unprefixed-table] why"),
        ("a.sql", "-- relink: ignore[unprefixed-table] why"),
        ("a.yaml", "# relink: ignore[unprefixed-table] why"),
        ("a.toml", "# relink: ignore[unprefixed-table] why"),
        (".env", "# relink: ignore[unprefixed-table] why"),
        ("a.sh", "# relink: ignore[unprefixed-table] why"),
        ("a.ini", "# relink: ignore[unprefixed-table] why"),
        ("Dockerfile", "# relink: ignore[unprefixed-table] why"),
        ("a.md", "<!-- relink: ignore[unprefixed-table] why -->"),
    ],
)
def test_each_kind_of_file_has_its_comment(path: str, comment: str) -> None:
    assert reported(path, f"users {comment}\n") == []
    assert reported(path, f"{comment}\nusers\n") == []
    assert reported(path, f"users\n{comment}\n") == [("unprefixed-table", 1), ("unused-ignore", 2)]
    assert reported(path, f"x\n{comment.replace('ignore', 'ignore-file')}\n\nusers\nusers\n") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "users\n\n```python\nx()  # relink: ignore[unprefixed-table]\n```\n"),
        ("a.yaml", 'key: "users # relink: ignore[unprefixed-table]"\n'),
        ("a.toml", "key = 'users # relink: ignore[unprefixed-table]'\n"),
        ("a.sql", "SELECT 'users -- relink: ignore[unprefixed-table]'\n"),
        ("a.py", "x = 'users # relink: ignore[unprefixed-table]'\n"),
        ("a.py", "x = users  # relink: ignored[unprefixed-table]\n"),
        ("a.py", "x = users  # relink ignore[unprefixed-table]\n"),
    ],
)
def test_text_is_no_comment(path: str, text: str) -> None:
    assert reported(path, text) == [("unprefixed-table", 1)]


@pytest.mark.parametrize(
    ("names", "reported_rules"),
    [
        ("unprefixed-table", []),
        ("sql", []),
        ("moved-table,unprefixed-table", ["unused-ignore"]),
        ("moved-table", ["unprefixed-table", "unused-ignore"]),
        ("", ["unprefixed-table", "unused-ignore"]),
        (" unprefixed-table , ", []),
    ],
)
def test_names_are_those_of_rules_and_groups(names: str, reported_rules: list[str]) -> None:
    assert [rule for rule, _ in reported("a.py", f"users()  # relink: ignore[{names}]\n")] == reported_rules


def test_a_rule_that_is_off_is_not_judged() -> None:
    text = "x()  # relink: ignore[old-database]\n"
    assert reported("a.py", text) == [("unused-ignore", 1)]
    assert reported("a.py", text, Choice(ignore=("connections",))) == []
    assert reported("a.py", text, Choice(per_file=(("a.py", ("old-database",)),))) == []
    assert reported("a.py", text, Choice(ignore=("unused-ignore",))) == []


def test_a_comment_of_one_statement_says_nothing_about_the_next() -> None:
    text = "x = [\n  users,\n]  # relink: ignore[sql]\nusers\n# relink: ignore[sql]\nif users:\n    users\n"
    assert reported("a.py", text) == [("unprefixed-table", 4), ("unprefixed-table", 7)]


def test_encodings_with_wide_characters() -> None:
    source = decode("a.sql", "\ufeffSELECT 1; -- relink: ignore[sql] 왜\r\n".encode("utf-16-le"))
    assert isinstance(source, Source)
    (found,) = suppress([], {"a.sql": source}, [source], Selection((), load_rules()))
    assert found.fix is not None
    assert splice(source.data, found.fix.edits).decode("utf-16") == "SELECT 1;\r\n"


PIECES = st.sampled_from(
    ["x", "'a'", '"""', "'''", "#", "\n", "\r\n", "(", ")", " ", "\\\n", 'f"{x}"', "rb'\\'", "relink: ignore[sql]", ";"]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_the_layout_of_any_text_is_in_order(text: str) -> None:
    layout = read_layout(text)
    for ranges in layout:
        assert all(0 <= start < end <= len(text) for start, end in ranges)
        assert all(one[1] <= other[0] for one, other in pairwise(ranges))
    for start, _ in layout.comments:
        assert text[start] == "#"
        assert not any(first <= start < last for first, last in layout.strings)
    Ignores(read("a.py", text))
    Ignores(read("a.sql", text))


def test_code_is_told_from_comments() -> None:
    source = read("a.py", "x = 1  # one\n")
    assert leaves_code(source, [Edit("a.py", Span(5, 12), b"")])
    assert not leaves_code(source, [Edit("a.py", Span(0, 5), b"x = 2")])
    assert not leaves_code(source, [Edit("a.py", Span(0, 5), b"x = (")])


FILES: dict[str, str | bytes] = {
    "a.py": """\
import psycopg2
c = psycopg2.connect("dbname=app_old").cursor()
c.execute("SELECT 1 FROM users, orders")  # noqa
c.execute('''
  SELECT 1
    FROM users''', ())
if c.execute("SELECT 1 FROM users") and \\
   c.execute("SELECT 1 FROM orders"):
    pass
c.execute("DROP TABLE users")  # relink: ignore[moved-table]
""",
    "b.sql": "SELECT 1 FROM users;\nDO $$ BEGIN\n  DELETE FROM users;\nEND $$;\n",
}


def test_ignores_are_added_once_and_hold(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    first = relink(root, "check", "--add-ignores", "--ignore", "unused-ignore")
    assert first.code == 0
    assert "Comments now ignore 9 findings" in first.err
    assert (root / "a.py").read_text("utf-8").splitlines() == [
        "import psycopg2",
        'c = psycopg2.connect("dbname=app_old").cursor()  # relink: ignore[old-database]',
        'c.execute("SELECT 1 FROM users, orders")  # noqa  # relink: ignore[unprefixed-table]',
        "c.execute('''",
        "  SELECT 1",
        "    FROM users''', ())  # relink: ignore[unprefixed-table]",
        'if c.execute("SELECT 1 FROM users") and \\',
        '   c.execute("SELECT 1 FROM orders"):  # relink: ignore[unprefixed-table]',
        "    pass",
        'c.execute("DROP TABLE users")  # relink: ignore[moved-table, destructive-moved-table]',
    ]
    assert relink(root, "check", "--ignore", "unused-ignore").code == 0
    assert relink(root, "diff", "--ignore", "unused-ignore").out == ""
    relink(root, "rollback")
    assert (root / "a.py").read_text("utf-8") == FILES["a.py"]


def test_what_cannot_be_ignored_is_left(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.py": b"x = '\xe9'\n"})
    outcome = relink(root, "check", "--add-ignores")
    assert outcome.code == 1
    assert "1 finding got none" in outcome.err
    assert "unreadable-file" in outcome.out


def test_ignored_places_are_not_changed(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.sql": "SELECT 1 FROM users; -- relink: ignore[sql]\nSELECT 1 FROM users;\n"})
    relink(root, "apply", "--allow-dirty")
    assert (root / "a.sql").read_text() == (
        "SELECT 1 FROM users; -- relink: ignore[sql]\nSELECT 1 FROM shared_common.users;\n"
    )


def test_comments_of_files_that_were_not_asked_for_are_not_judged(tmp_path: Path) -> None:
    kept = "import a\na.c.execute('SELECT 1 FROM users')  # relink: ignore[sql]\n"
    root = write(tmp_path, {"a.py": FILES["a.py"], "kept.py": kept, "idle.py": "x = 1  # relink: ignore[sql]\n"})
    said = relink(root, "check", "a.py", "kept.py", "--output-format", "concise").out
    assert "idle.py" not in said
    assert "kept.py" not in said
    assert "idle.py" in relink(root, "check", "--output-format", "concise").out


def test_a_file_without_an_old_name_is_judged_too(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.py": "x = 1  # relink: ignore[sql]\n"})
    assert relink(root, "check").code == 1
    relink(root, "apply", "--allow-dirty")
    assert (root / "a.py").read_text() == "x = 1\n"
    assert relink(root, "check").code == 0

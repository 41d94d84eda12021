"""Every format says the same, to people and to programs, and no password."""

import json as standard_json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from codemods.model import Edit, Finding, Fix, Impact, Reason, Safety, Span
from codemods.report import FORMATS, concise, json, render, summary, text
from codemods.source import Source, decode

SAFE, MANUAL = Fix(Safety.SAFE), Fix(Safety.MANUAL, Reason.DESTROYS_DATA)


def finding(data: bytes, place: bytes, path: str = "app/db.py", fix: Fix | None = SAFE, **words: str) -> Finding:
    start = data.index(place)
    return Finding(
        path,
        Span(start, start + len(place)),
        words.get("rule", "unprefixed-table"),
        words.get("message", "users moved to saju.users"),
        words.get("help", "write saju.users"),
        Impact.HIGH,
        fix,
    )


def sources(data: bytes, path: str = "app/db.py") -> dict[str, Source]:
    source = decode(path, data)
    assert isinstance(source, Source)
    return {path: source}


def shown(data: bytes, place: bytes, **options: int) -> tuple[str, str]:
    """The quoted line and the line that underlines it."""
    lines = text.render([finding(data, place)], sources(data), **options).splitlines()
    at = next(index for index, line in enumerate(lines) if "^" in line)
    return lines[at - 1], lines[at]


DATA = b"import x\n\nsql = 'SELECT 1 FROM users'  # end\n"


def test_text_for_people() -> None:
    manual = finding(DATA, b"sql", fix=MANUAL, rule="destructive-moved-table")
    assert text.render([finding(DATA, b"users"), manual], sources(DATA)) == (
        "app/db.py\n"
        "\n"
        "app/db.py:3:1 destructive-moved-table users moved to saju.users\n"
        "  3 | sql = 'SELECT 1 FROM users'  # end\n"
        "    | ^^^\n"
        "  help: write saju.users\n"
        "  fix:  for you: the statement would now destroy data that the migration moved (destroys-data)\n"
        "\n"
        "app/db.py:3:22 unprefixed-table users moved to saju.users\n"
        "  3 | sql = 'SELECT 1 FROM users'  # end\n"
        "    |                      ^^^^^\n"
        "  help: write saju.users\n"
        "  fix:  safe to apply\n"
    )


def test_colour_only_adds_to_the_text() -> None:
    import re

    findings = [finding(DATA, b"users")]
    coloured = text.render(findings, sources(DATA), color=True)
    assert coloured != text.render(findings, sources(DATA))
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == text.render(findings, sources(DATA))


def test_nothing_found_is_nothing_said() -> None:
    assert text.render([], {}) == concise.render([], {}) == ""
    assert json.render([], {}) == "[]\n"


@pytest.mark.parametrize("before", ["한국어 ", "\t\t", "日本 é ", "a\u0301", "😀 "])
def test_the_underline_stands_under_the_place(before: str) -> None:
    line, mark = shown((before + "'users' 한글\n").encode(), b"users")
    assert cell_len(line[: line.index("users")]) == len(mark) - len("users")
    assert mark.endswith(" ^^^^^")


def test_a_wide_place_is_underlined_whole() -> None:
    _, mark = shown("x = '사주'\n".encode(), "사주".encode())
    assert mark.endswith(" ^^^^")


def test_a_place_over_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    line, mark = shown(b"x = '''SELECT\n  1'''\n", b"SELECT\n  1")
    assert mark.endswith(" ^^^^^^")
    assert line.endswith("SELECT")


def test_an_insertion_has_a_mark_too() -> None:
    _, mark = shown(b"T(a)\n", b"")
    assert mark.endswith("| ^")


@given(st.text(st.sampled_from("a한 \t😀\x1b\r"), max_size=300), st.text(st.sampled_from("b글"), max_size=200))
def test_lines_are_cut_to_the_width(before: str, behind: str) -> None:
    line, mark = shown(f"{before}users{behind}\n".encode(), b"users", width=60)
    assert cell_len(line) <= 60
    assert cell_len(mark) <= 60
    start = len(mark) - len("users")
    assert line.count("users") == 1
    assert cell_len(line[: line.index("users")]) == start


def test_a_huge_line_is_quick_and_short() -> None:
    data = b"x" * 3_000_000 + b" users " + b"password=hunter2 " * 1000
    line, _ = shown(data, b"users")
    assert "users" in line
    assert len(line) <= 100
    assert "hunter2" not in line


def render_all(findings: Sequence[Finding], known: dict[str, Source]) -> list[str]:
    return [render(name, findings, known) for name in FORMATS]


@pytest.mark.parametrize(
    "line",
    [
        b"URL = 'postgresql://me:hunter2@host/ai_saju'\n",
        b"DSN = 'host=db password=hunter2 dbname=ai_saju'\n",
        b"URL = 'postgres://u:p@a/b' or 'postgresql+asyncpg://me:hunter2@host/ai_saju?x=1'\n",
    ],
)
def test_passwords_are_masked_and_the_underline_stays(line: bytes) -> None:
    place = Span(line.index(b"ai_saju"), line.index(b"ai_saju") + 7)
    words = line.decode().strip()
    found = [
        Finding("app/db.py", place, "old-database", words, words, Impact.HIGH, Fix(Safety.SAFE, None, (edit,)))
        for edit in (Edit("app/db.py", Span(0, len(line)), line), Edit("app/db.py", place, b"heal7"))
    ]
    for rendered in render_all(found, sources(line)):
        assert "hunter2" not in rendered
    quoted, mark = shown(line, b"ai_saju")
    assert quoted.index("ai_saju") == mark.index("^")
    assert mark.endswith(" ^^^^^^^")


@pytest.mark.parametrize("control", ["\x1b[31m", "\x00", "\x07", "\x9b", "\u202e", "\u2028", "\x7f", "\u200b"])
def test_a_terminal_cannot_be_steered(control: str) -> None:
    data = f"x = '{control}users'\n".encode()
    found = finding(data, b"users", path=f"a{control}.py", message=control, help=control)
    for rendered in render_all([found], sources(data, f"a{control}.py")):
        assert control not in rendered


def test_a_path_that_is_not_unicode_can_be_printed() -> None:
    found = finding(DATA, b"users", path="a\udcff.py")
    for rendered in render_all([found], {}):
        rendered.encode("utf-8")


def test_concise_is_one_line_a_finding() -> None:
    found = [finding(DATA, b"users", message="a\nb"), finding(DATA, b"sql")]
    assert concise.render(found, sources(DATA)) == (
        "app/db.py:3:1: unprefixed-table users moved to saju.users\napp/db.py:3:22: unprefixed-table a\\x0ab\n"
    )


def objects(found: Sequence[Finding], known: dict[str, Source]) -> list[dict[str, object]]:
    loaded = standard_json.loads(json.render(found, known))
    assert isinstance(loaded, list)
    return loaded


def test_json_has_the_keys_of_the_design() -> None:
    data = "x = '사주' 'users'\n".encode()
    place = Span(data.index(b"users"), data.index(b"users") + 5)
    fix = Fix(Safety.UNSAFE, Reason.PROSE, (Edit("app/db.py", place, "saju.사주".encode()),))
    assert objects([finding(data, b"users", fix=fix)], sources(data)) == [
        {
            "path": "app/db.py",
            "line": 1,
            "column": 11,
            "end_line": 1,
            "end_column": 16,
            "rule": "unprefixed-table",
            "message": "users moved to saju.users",
            "help": "write saju.users",
            "impact": "high",
            "safety": "unsafe",
            "reason": "prose",
            "replacement": "saju.사주",
            "edits": [{"path": "app/db.py", "start": place.start, "end": place.end, "new": "saju.사주"}],
        }
    ]


def test_json_without_a_fix_and_with_several_edits() -> None:
    edits = (Edit("app/db.py", Span(0, 0), b"a"), Edit("app/db.py", Span(1, 1), b"b"))
    several, none = objects(
        [finding(DATA, b"sql", fix=Fix(Safety.SAFE, None, edits)), finding(DATA, b"users", fix=None)],
        sources(DATA),
    )
    assert (several["replacement"], none["replacement"]) == (None, None)
    assert several["edits"] == [
        {"path": "app/db.py", "start": 0, "end": 0, "new": "a"},
        {"path": "app/db.py", "start": 1, "end": 1, "new": "b"},
    ]
    assert none["edits"] == []
    assert (none["safety"], none["reason"]) == (None, None)


def test_json_edits_are_text_of_the_files_encoding() -> None:
    data = "# coding: euc-kr\nx = 'users'\n".encode("euc-kr")
    place = Span(data.index(b"users"), data.index(b"users") + 5)
    fix = Fix(Safety.SAFE, None, (Edit("app/db.py", place, "사주".encode("euc-kr")),))
    (found,) = objects([finding(data, b"users", fix=fix)], sources(data))
    assert found["replacement"] == "사주"
    (broken,) = objects([finding(data, b"users", fix=fix)], {})
    assert (broken["replacement"], broken["edits"]) == (None, None)


def test_a_file_that_was_not_read_is_reported_at_its_start() -> None:
    found = Finding("bad.py", Span(0, 0), "unreadable-file", "not read: byte 3 is not utf-8", "fix it", Impact.HIGH)
    assert concise.render([found], {}) == "bad.py:1:1: unreadable-file not read: byte 3 is not utf-8\n"
    assert "|" not in text.render([found], {})


def test_findings_are_sorted_whatever_their_order() -> None:
    found = [finding(DATA, b"users"), finding(DATA, b"sql"), finding(DATA, b"import", path="a.py")]
    assert render_all(found, sources(DATA)) == render_all(found[::-1], sources(DATA))


def test_the_summary_says_whose_turn_it_is() -> None:
    unsafe = Fix(Safety.UNSAFE, Reason.PROSE)
    found = [finding(DATA, b"users")] * 10 + [finding(DATA, b"sql", fix=unsafe, path="b.py", rule="z-rule")]
    found.append(finding(DATA, b"sql", fix=None))
    assert summary.render(found, 1234) == (
        "12 findings in 2 of 1,234 files:\n"
        "  10  relink can change safely  (relink apply, which proves each change first)\n"
        "   1  relink can change once you agree  (relink apply --unsafe)\n"
        "   1  for you: relink only shows where\n"
        "By rule:\n"
        "  11  unprefixed-table\n"
        "   1  z-rule\n"
    )


def test_the_summary_of_a_clean_run_and_of_an_apply() -> None:
    assert summary.render([], 1) == "Nothing to do in 1 file.\n"
    assert summary.render([], 3, applied=1) == "Changed 1 place.\nNothing left to do in 3 files.\n"
    assert summary.render([finding(DATA, b"sql")], 3, applied=0).startswith("Changed 0 places.\n1 finding in 1 of")


def test_reports_do_not_print() -> None:
    folder = Path(text.__file__).parent
    for module in folder.glob("*.py"):
        assert "print(" not in module.read_text(encoding="utf-8")

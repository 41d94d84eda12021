"""Every patch is taken by a real git, and gives the exact bytes."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemods.apply import splice, unified_diff
from codemods.model import Edit, Span

PATHS = [
    "plain.py",
    "with blank.py",
    "folder with blank/a b.py",
    "한글 폴더/파일.py",
    'quo"te.py',
    "tab\there.py",
    "back\\slash.py",
    "new\nline.py",
    "bell\a.py",
    "a/b/a/b.py",
    "-dash.py",
    " leading.py",
    "trailing ",
    "del\x7f.py",
    "not-utf8-\udcff.py",
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def applied(checkout: Path, path: str, before: bytes, patch: bytes) -> bytes:
    file = checkout / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(before)
    for command in (["git", "apply", "--check"], ["git", "apply", "--whitespace=nowarn"]):
        done = subprocess.run([*command, "-"], cwd=checkout, input=patch, capture_output=True, check=False)
        assert done.returncode == 0, (done.stderr, patch)
    return file.read_bytes()


@pytest.mark.parametrize("path", PATHS, ids=ascii)
def test_git_takes_every_path(checkout: Path, path: str) -> None:
    patch = unified_diff(path, b"one\ntwo\n", b"one\n2\n")
    assert applied(checkout, path, b"one\ntwo\n", patch) == b"one\n2\n"


def header_of_git(checkout: Path, path: str) -> bytes:
    file = checkout / path
    file.parent.mkdir(parents=True, exist_ok=True)
    run = ["git", "-c", "core.quotepath=true"]
    file.write_bytes(b"one\n")
    subprocess.run([*run, "add", "-f", "--", path.encode("utf-8", "surrogateescape")], cwd=checkout, check=True)
    file.write_bytes(b"two\n")
    said = subprocess.run([*run, "diff"], cwd=checkout, capture_output=True, check=True).stdout
    subprocess.run([*run, "rm", "-qf", "--cached", "-r", "."], cwd=checkout, check=True)
    return b"".join(line for line in said.splitlines(keepends=True) if not line.startswith(b"index "))


@pytest.mark.parametrize("path", PATHS, ids=ascii)
def test_the_patch_is_the_one_git_itself_writes(checkout: Path, path: str) -> None:
    assert unified_diff(path, b"one\n", b"two\n") == header_of_git(checkout, path)


CONTENTS = [
    (b"", b"a"),
    (b"", b"a\n"),
    (b"a", b""),
    (b"a\n", b""),
    (b"a", b"a\n"),
    (b"a\n", b"a"),
    (b"a\r\nb\r\n", b"a\r\nB\r\n"),
    (b"a\rb\rc", b"a\rB\rc"),
    (b"a\n\n\n", b"a\n\n\n\n"),
    (b"\n", b""),
    (b"a\nb", b"a\nb\nc"),
    (b"a\0b\n", b"a\0c\n"),
    (b"\xff\xfe\n", b"\xff\xfd\n"),
    (b"a\f\nb\x1c\n", b"a\f\nc\x1c\n"),
    (b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n", b"--- a/x\n+++ b/y\n@@ -1 +1 @@\n"),
]


@pytest.mark.parametrize(("before", "after"), CONTENTS, ids=repr)
def test_git_takes_every_content(checkout: Path, before: bytes, after: bytes) -> None:
    assert applied(checkout, "f.py", before, unified_diff("f.py", before, after)) == after


content = st.lists(st.sampled_from([b"a", b"b", b"", b"\r", b"x\r", b"\0", "한".encode()]), max_size=40).map(b"\n".join)


@settings(max_examples=60, deadline=None)
@given(before=content, after=content)
def test_git_takes_any_two_contents(checkout: Path, before: bytes, after: bytes) -> None:
    patch = unified_diff("f.py", before, after)
    assert (patch == b"") == (before == after)
    if patch:
        assert applied(checkout, "f.py", before, patch) == after


@settings(max_examples=100, deadline=None)
@given(data=st.data(), before=content)
def test_git_takes_hunks_made_from_edits(checkout: Path, data: st.DataObject, before: bytes) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(before)), max_size=8, unique=True)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    news = [data.draw(st.sampled_from([b"", b"n", b"n\n", b"\n", b"\nn", b"\r\n"])) for _ in pairs]
    edits = [Edit("f.py", Span(*pair), new) for pair, new in zip(pairs, news, strict=True)]
    for at in data.draw(st.sets(st.integers(0, len(before)), max_size=2)):
        if not any(start <= at <= end for start, end in pairs):
            edits.append(Edit("f.py", Span(at, at), b"I\n"))
    after = splice(before, edits)
    patch = unified_diff("f.py", before, after, edits)
    assert (patch == b"") == (before == after)
    if patch:
        assert applied(checkout, "f.py", before, patch) == after


def test_far_changes_become_separate_hunks_with_three_lines_around_them() -> None:
    lines = [b"%d\n" % number for number in range(1, 41)]
    before = b"".join(lines)
    lines[9], lines[29] = b"ten\nand more\n", b"thirty\nand\nmore\n"
    patch = unified_diff("f.py", before, b"".join(lines))
    assert [line for line in patch.splitlines() if line.startswith(b"@@")] == [
        b"@@ -7,7 +7,8 @@",
        b"@@ -27,7 +28,9 @@",
    ]


def test_neighbouring_lines_are_shown_as_git_shows_them() -> None:
    edits = [Edit("f.py", Span(at, at), b"s.") for at in (2, 5)]
    patch = unified_diff("f.py", b"x\na1\na2\nb\n", b"x\ns.a1\ns.a2\nb\n", edits)
    assert patch.endswith(b" x\n-a1\n-a2\n+s.a1\n+s.a2\n b\n")


def test_two_edits_of_a_last_line_without_an_end_are_one_change(checkout: Path) -> None:
    edits = [Edit("f.py", Span(0, 1), b"x"), Edit("f.py", Span(2, 2), b"\ny")]
    patch = unified_diff("f.py", b"ab", b"xb\ny", edits)
    assert applied(checkout, "f.py", b"ab", patch) == b"xb\ny"


def test_edits_of_another_change_are_not_believed() -> None:
    wrong = [Edit("f.py", Span(0, 1), b"x")]
    assert b"+b\n" in unified_diff("f.py", b"a\n", b"b\n", wrong)


def test_many_edits_in_one_long_line_take_linear_time() -> None:
    before = b"users " * 200_000
    edits = [Edit("f.json", Span(at, at), b"s.") for at in range(0, len(before), 60)]
    patch = unified_diff("f.json", before, splice(before, edits), edits)
    assert patch.count(b"s.") == len(edits)

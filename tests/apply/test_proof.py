"""What was planned is proven; everything else is a problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemods.apply import prove_bytes, prove_python, splice
from codemods.model import Edit, Span


def edits_at(before: bytes, *pairs: tuple[bytes, bytes]) -> list[Edit]:
    """Replace the first occurrence of each old text by the new one; `<text` and `>text` insert beside it."""
    found = []
    for old, new in pairs:
        text = old[1:] if old[:1] in (b"<", b">") else old
        start = before.index(text)
        span = Span(start, start + len(text))
        if old[:1] == b"<":
            span = Span(start, start)
        elif old[:1] == b">":
            span = Span(start + len(text), start + len(text))
        found.append(Edit("f.py", span, new))
    return found


def problems(before: str | bytes, *pairs: tuple[bytes, bytes]) -> list[str]:
    data = before.encode() if isinstance(before, str) else before
    edits = edits_at(data, *pairs)
    return prove_python(data, splice(data, edits), edits)


PLANNED: list[tuple[str, tuple[bytes, bytes]]] = [
    ("x = 'users'  # users\n", (b"users", b"saju.users")),
    ("x = 'FROM users'", (b"<users", b"saju.")),
    ("x = f'FROM users {a!r:>{w}} b'\n", (b"<users", b"saju.")),
    ("x = (b'a'\n     rb'FROM users')\n", (b"<users", b"saju.")),
    ("def f():\r\n\tx = '''\r\n\tFROM users\r\n\t'''\r\n", (b"<users", b"saju.")),
    ("x = {'db': 'ai_saju'}\n", (b"ai_saju", b"heal7")),
    ("Redis(db=0)\n", (b"0", b"3")),
    ("T('users')\n", (b">'users'", b", schema='saju'")),
    ("T('users',)\n", (b">'users'", b", schema='saju'")),
    ("T('users',\n  # why\n  x,  # because\n)\n", (b">x,", b" schema='saju',")),
    ("Identifier('users')\n", (b"<'users'", b"'saju', ")),
    ("MetaData()\n", (b">(", b"schema='saju'")),
    ("URL = 'x'\ny = 1\n", (b">'x'\n", b"DEFAULT_SCHEMA = 'saju'\n")),
    ("URL = 'x'", (b">'x'", b"\nDEFAULT_SCHEMA = 'saju'")),
    ("URL = 'x'\r\n\r\n# end\r\n", (b">'x'\r\n", b"DEFAULT_SCHEMA = 'saju'\r\n")),
    ("URL = 'x'\n# a\n# b\n", (b"># b\n", b"DEFAULT_SCHEMA = 'saju'\n")),
    ("# top\n\nURL = 'x'\n", (b"<URL", b"DEFAULT_SCHEMA = 'saju'\n")),
    (
        "class A:\n    __tablename__ = 'a'\n\n    x = 1\n",
        (b">'a'\n", b"    __table_args__ = {'schema': 'saju'}\n"),
    ),
    ("t = (Index('a'),)\n", (b">Index('a'),", b" {'schema': 'saju'}")),
    ("t = {'a': 1}\n", (b">1", b", 'schema': 'saju'")),
    ("t = {}\n", (b">{", b"'schema': 'saju'")),
    ("t = a.OPTIONS\n", (b"a.OPTIONS", b"{**a.OPTIONS, 'schema': 'saju'}")),
    ("t = INDEXES\n", (b"INDEXES", b"(*INDEXES, {'schema': 'saju'})")),
    ("f('users', schema=None)\n", (b"None", b"'saju'")),
    ("Key(USERS + '.id')\n", (b"(USERS + '.id')", b"('saju.' + USERS + '.id')")),
]


@pytest.mark.parametrize(("before", "pair"), PLANNED, ids=[repr(before) for before, _ in PLANNED])
def test_planned_changes_are_proven(before: str, pair: tuple[bytes, bytes]) -> None:
    assert problems(before, pair) == []


def test_several_kinds_of_changes_in_one_file_are_proven() -> None:
    before = "URL = 'ai_saju'\nT('users')\nq = f'FROM orders {x}'\n"
    assert not problems(
        before,
        (b"ai_saju", b"heal7"),
        (b">'ai_saju'\n", b"DEFAULT_SCHEMA = 'saju'\nPORT = 5433\n"),
        (b">'users'", b", schema='saju'"),
        (b"<orders", b"saju."),
    )


NOT_PLANNED: list[tuple[str, tuple[bytes, bytes]]] = [
    ("x = 'users'  # users\n", (b"# users", b"# saju.users")),
    ("x = 'users'  # users\n", (b"x", b"y")),
    ("x = 'users'\n", (b"'users'", b'"users"')),
    ("x = 'users'\n", (b"'users'", b"r'users'")),
    ("x = 'users'\n", (b"'users'", b"f'users'")),
    ("x = 'users'\n", (b"'users'", b"('users')")),
    ("x = ('users')\n", (b"('users')", b"'users'")),
    ("x = 'users'\n", (b"'users'", b"'users' ''")),
    ("x = 'a' 'b'\n", (b"' '", b"")),
    ("x = f'{a} users'\n", (b"a", b"b")),
    ("x = f'{a} users'\n", (b"users", b"{b}")),
    ("x = 1  # a\ny = 2\n", (b"# a\n", b"")),
    ("x = 1\n\ny = 2\n", (b"\n\n", b"\n")),
    ("x = 1\n", (b">1", b"0")),
    ("x = 1\n", (b">1", b" + 1")),
    ("x = 1\n", (b">1\n", b"    \n")),
    ("x = 1\n", (b">1", b"  # new")),
    ("x = 'a'\n", (b"<'a'", b"#")),
    ("x = 1  # a\n", (b"<# a", b"; y = 2 #")),
    ("f(a)\n", (b">f", b".g")),
    ("if a:\n    b\nc\n", (b"<c", b"    ")),
    ("x = users\n", (b"users", b"'users'")),
    ("x = users\n", (b"users", b"{**orders, 'a': 1}")),
    ("x = None\n", (b"None", b"{'a': 1}")),
]


@pytest.mark.parametrize(("before", "pair"), NOT_PLANNED, ids=[repr(pair) for pair in NOT_PLANNED])
def test_other_changes_are_problems(before: str, pair: tuple[bytes, bytes]) -> None:
    assert problems(before, pair)


def test_a_comment_that_is_lost_beside_an_addition_is_a_problem() -> None:
    assert problems("T('a')  # why\n", (b">'a'", b", schema='s'"), (b"  # why", b"")) == ["a comment was lost"]


def test_a_change_that_no_edit_made_is_a_problem() -> None:
    edits = [Edit("f.py", Span(5, 10), b"saju.users")]
    assert prove_bytes(b"x = 'users'\n", b"y = 'saju.users'\n", edits)
    assert prove_python(b"x = 'users'\n", b"y = 'saju.users'\n", edits)
    assert prove_bytes(b"ab", b"xb", [Edit("f", Span(0, 2), b"xb"), Edit("f", Span(1, 2), b"c")])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"x = (\n", b"x = [\n"),
        (b"x = 'a'\n", b"x = '\n"),
        (b"# coding: nonsense\nx = 'a'", b"# coding: nonsense\nx = 'b'"),
    ],
)
def test_text_that_is_not_python_is_a_problem(before: bytes, after: bytes) -> None:
    assert prove_python(before, after, [Edit("f.py", Span(0, len(before)), after)])


def test_nothing_changed_is_proven_even_when_it_is_not_python() -> None:
    assert prove_python(b"x = (", b"x = (", []) == []


def test_problems_quote_nothing_of_the_file() -> None:
    before = b"secret = 'hunter2'\n"
    found = prove_python(before, b"hunter3 = 'hunter2'\n", [Edit("f.py", Span(0, 6), b"hunter3")])
    assert found
    assert not any("hunter" in problem for problem in found)


@pytest.mark.parametrize("cookie", ["euc-kr", "cp949", "utf-8", "latin-1"])
def test_files_in_other_encodings_are_proven(cookie: str) -> None:
    text = f"# coding: {cookie}\nx = 'users'  # " + ("é" if cookie == "latin-1" else "사용자") + "\n"
    assert problems(text.encode(cookie), (b"users", b"saju.users"), (b">users'", b"")) == []


def test_a_file_with_a_mark_and_without_a_last_line_end_is_proven() -> None:
    assert problems(b"\xef\xbb\xbfx = 'users'", (b"users", b"saju.users")) == []


def test_files_for_newer_pythons_are_proven() -> None:
    before = "type A[T] = list[T]\nx = f'{d[\"a\"]} users'\ny = t'users {a}'\ntry: pass\nexcept A, B: pass\n"
    found = problems(before, (b"<users", b"saju."))
    assert found == []


@pytest.mark.parametrize("deep", [b"[" * 3000 + b"]" * 3000, b"1" + b"+1" * 1200, b"a" + b".a" * 1200])
def test_a_deep_file_is_proven_or_a_problem_but_no_crash(deep: bytes) -> None:
    assert isinstance(problems(b"x = 'users'\ny = " + deep + b"\n", (b"<users", b"saju.")), list)


@given(st.data())
def test_an_edit_anywhere_is_proven_only_inside_of_strings_and_numbers(data: st.DataObject) -> None:
    before = b"x = f(a, 'bc', 12)  # d\nif x:\n    y = f'e{g}h'\n"
    start = data.draw(st.integers(0, len(before) - 1))
    new = data.draw(st.sampled_from([b"z", b"1", b"'", b" ", b"#", b"\n", b"{", b""]))
    edit = Edit("f.py", Span(start, start + 1), new)
    inside = {before.index(b"b"), before.index(b"c"), before.index(b"e{"), before.index(b"h'")}
    numbers = {before.index(b"1"), before.index(b"2")}
    if not prove_python(before, splice(before, [edit]), [edit]) and before[start : start + 1] != new:
        assert start in inside | numbers

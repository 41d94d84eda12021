"""New arguments, items and statements stand where a careful author would put them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemods.apply import prove_python, splice
from codemods.model import Edit, Span
from codemods.python.additions import Insertion, add_statement, append, begin_body, end_body
from codemods.python.brackets import call_brackets, read_brackets

CALLS = {
    "no argument": ("f()", "f(s=1)"),
    "one line": ("f(a, b)", "f(a, b, s=1)"),
    "one line with a comma at the end": ("f(a, b,)", "f(a, b, s=1)"),
    "one a line": ("f(\n    a,\n    b,\n)", "f(\n    a,\n    b,\n    s=1,\n)"),
    "one a line without the last comma": ("f(\n    a,\n    b\n)", "f(\n    a,\n    b,\n    s=1\n)"),
    "windows line ends": ("f(\r\n    a,\r\n    b,\r\n)", "f(\r\n    a,\r\n    b,\r\n    s=1,\r\n)"),
    "tabs": ("f(\n\ta,\n\tb,\n)", "f(\n\ta,\n\tb,\n\ts=1,\n)"),
    "aligned under the bracket": ("f(a,\n  b)", "f(a,\n  b,\n  s=1)"),
    "hanging on one line": ("f(\n    a, b\n)", "f(\n    a, b, s=1\n)"),
    "hanging on one line with a comma at the end": ("f(\n    a, b,\n)", "f(\n    a, b, s=1,\n)"),
    "hanging single argument": ("f(\n    a\n)", "f(\n    a,\n    s=1\n)"),
    "last argument over several lines": ("f(a, [\n    1,\n])", "f(a, [\n    1,\n], s=1)"),
    "comment behind the comma": ("f(\n    a,  # one\n)", "f(\n    a,  # one\n    s=1,\n)"),
    "comment behind the last argument": ("f(\n    a,\n    b  # two\n)", "f(\n    a,\n    b,  # two\n    s=1\n)"),
    "comment line at the end": ("f(\n    a,\n    # more\n)", "f(\n    a,\n    s=1,\n    # more\n)"),
    "commas and brackets in strings": ("f(',)', \"(\", f'{a[0]},)')", "f(',)', \"(\", f'{a[0]},)', s=1)"),
    "method on a new line": ("x = (\n    g\n    .f(a)\n)", "x = (\n    g\n    .f(a, s=1)\n)"),
    "space in front of the bracket": ("f (a)", "f (a, s=1)"),
}


def written(text: str, insertions: tuple[Insertion, ...]) -> str:
    for at, new in sorted(insertions, reverse=True):
        text = text[:at] + new + text[at:]
    return text


@pytest.mark.parametrize(("before", "after"), CALLS.values(), ids=CALLS)
def test_an_argument_is_added_in_the_layout_of_the_others(before: str, after: str) -> None:
    brackets = call_brackets(before, before.index("f"))
    assert brackets is not None
    assert written(before, append(before, brackets, "s=1")) == after


def test_items_are_added_to_displays() -> None:
    pairs = [
        ('{"a": 1}', '"s": 2', '{"a": 1, "s": 2}'),
        ("{}", '"s": 2', '{"s": 2}'),
        ("(a,)", "{}", "(a, {})"),
        ("(\n    a,\n)", "{}", "(\n    a,\n    {},\n)"),
    ]
    for before, new, after in pairs:
        brackets = read_brackets(before, 0)
        assert brackets is not None
        assert written(before, append(before, brackets, new)) == after


def test_several_arguments_are_added_at_once() -> None:
    for before, after in (("f(a)", "f(a, s=1, t=2)"), ("f(\n  a,\n)", "f(\n  a,\n  s=1,\n  t=2,\n)")):
        brackets = call_brackets(before, 0)
        assert brackets is not None
        assert written(before, append(before, brackets, "s=1", "t=2")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("class A(B):\n    t = 1\n", "class A(B):\n    s = 3\n    t = 1\n"),
        (
            "class A[T: (int, str)](B, k={1: 2}):\n    t = 1\n",
            "class A[T: (int, str)](B, k={1: 2}):\n    s = 3\n    t = 1\n",
        ),
        ('class A:\n\t"""Doc."""\n\tt = 1\n', 'class A:\n\t"""Doc."""\n\n\ts = 3\n\tt = 1\n'),
        ("class A:  # note\r\n  pass\r\n", "class A:  # note\r\n  s = 3\r\n  pass\r\n"),
        ("class A: pass\n", "class A: pass\n"),
    ],
)
def test_a_statement_is_added_at_the_beginning_of_a_class(before: str, after: str) -> None:
    assert written(before, begin_body(before, 6, "s = 3")) == after


def test_a_blank_line_is_added_on_request() -> None:
    before = "class A:\n    t = 1\n"
    assert written(before, begin_body(before, 6, "s = 3\n")) == "class A:\n    s = 3\n\n    t = 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("class A:\n    t = 1\n\n\nx = 2\n", "class A:\n    t = 1\n\n    class M:\n        s = 3\n\n\nx = 2\n"),
        (
            "class A:\n\tdef f():\n\t\treturn [\n\t1]  # end\n",
            "class A:\n\tdef f():\n\t\treturn [\n\t1]  # end\n\n\tclass M:\n\t\ts = 3\n",
        ),
        ("class A:\n  pass", "class A:\n  pass\n\n  class M:\n    s = 3"),
        ("class A: pass\n", "class A: pass\n"),
    ],
)
def test_a_class_is_added_at_the_end_of_a_class(before: str, after: str) -> None:
    assert written(before, end_body(before, 6, "class M:\n\ts = 3")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("class A:\n    t = 1\n    u = 2\n", "class A:\n    t = 1\n    s = 3\n    u = 2\n"),
        ("class A:\n\tt = [\n\t\t1,\n\t]\n", "class A:\n\tt = [\n\t\t1,\n\t]\n\ts = 3\n"),
        ("class A:\r\n    t = 1\r\n\r\n    u = 2\r\n", "class A:\r\n    t = 1\r\n    s = 3\r\n\r\n    u = 2\r\n"),
        ("class A:\n    t = 1  # note\n", "class A:\n    t = 1  # note\n    s = 3\n"),
        ("class A:\n    t = 1", "class A:\n    t = 1\n    s = 3"),
        ("class A: t = 1\n", "class A: t = 1\n"),
    ],
)
def test_a_statement_is_added_below_another(before: str, after: str) -> None:
    assert written(before, add_statement(before, before.index("t ="), "s = 3")) == after


_SPACE = st.sampled_from(["", " ", "\n    ", "\n\t", "  # a, (comment\n    ", "\n"])
_ARGUMENT = st.sampled_from(
    ["a", "b=1", "f(1, 2)", "'x, y'", '"""(\n"""', "[\n 1,\n 2]", "{'k': (1,)}", "lambda: (1, 2)"]
)


@given(
    st.lists(st.tuples(_SPACE, _ARGUMENT, _SPACE), max_size=4),
    st.booleans(),
    _SPACE,
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_added_can_be_proven_in_every_layout(
    arguments: list[tuple[str, str, str]], comma: bool, end: str, mark: str
) -> None:
    arguments.sort(key=lambda argument: "=" in argument[1])
    inside = ",".join("".join(argument) for argument in arguments) + "," * (comma and bool(arguments)) + end
    text = f"x = 1\nf({inside})\n".replace("\n", mark)
    brackets = call_brackets(text, text.index("f("))
    assert brackets is not None
    assert len(brackets.parts) == len(arguments)
    edits = [Edit("file.py", Span(at, at), new.encode()) for at, new in append(text, brackets, 'schema="s"')]
    before = text.encode()
    assert prove_python(before, splice(before, edits), edits) == []

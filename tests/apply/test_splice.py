"""Edits go in where they belong, come out again, and refuse to collide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemods.apply import EditConflict, inverse, splice
from codemods.model import Edit, Span


def edit(start: int, end: int, new: bytes, path: str = "f") -> Edit:
    return Edit(path, Span(start, end), new)


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[Edit]]:
    data = draw(st.text(st.sampled_from("ab\n\r\t 한\0"), max_size=60)).encode()
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    if len(cuts) % 2:
        cuts.pop()
    edits: dict[int, Edit] = {}
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        new = draw(st.text(st.sampled_from("ab\nX\r한"), max_size=8)).encode()
        edits.setdefault(start, edit(start, end, new))
    return data, draw(st.permutations(list(edits.values())))


@given(edited())
def test_inverse_edits_give_the_old_bytes_back(case: tuple[bytes, list[Edit]]) -> None:
    data, edits = case
    after = splice(data, edits)
    assert splice(after, inverse(data, edits)) == data


@given(edited())
def test_splicing_equals_replacing_from_the_end(case: tuple[bytes, list[Edit]]) -> None:
    data, edits = case
    expected = data
    for each in sorted(edits, reverse=True):
        expected = expected[: each.span.start] + each.new + expected[each.span.end :]
    assert splice(data, edits) == expected


def test_identical_edits_count_once() -> None:
    assert splice(b"abc", [edit(1, 1, b"x"), edit(1, 1, b"x")]) == b"axbc"


def test_an_insertion_comes_before_a_replacement_at_the_same_byte_and_after_the_one_that_ends_there() -> None:
    assert splice(b"abc", [edit(1, 2, b"B"), edit(1, 1, b"<"), edit(2, 2, b">")]) == b"a<B>c"


def test_neighbouring_deletions_can_be_undone() -> None:
    edits = [edit(0, 2, b""), edit(2, 3, b"")]
    assert splice(splice(b"abc", edits), inverse(b"abc", edits)) == b"abc"


@pytest.mark.parametrize(
    "edits",
    [
        [edit(0, 2, b"x"), edit(1, 3, b"y")],
        [edit(0, 2, b"x"), edit(0, 2, b"y")],
        [edit(1, 1, b"x"), edit(1, 1, b"y")],
        [edit(0, 2, b"x"), edit(1, 1, b"y")],
        [edit(2, 4, b"x")],
        [edit(-1, 1, b"x")],
        [edit(2, 1, b"x")],
        [edit(0, 1, b"x"), edit(1, 2, b"y", "other")],
    ],
    ids=[
        "overlap",
        "same-span",
        "two-insertions",
        "inside",
        "past-the-end",
        "negative",
        "reversed",
        "two-files",
    ],
)
def test_colliding_edits_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(EditConflict):
        splice(b"abc", edits)

"""String literals are decoded as Python decodes them, and every character knows its place."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from codemods.python.literals import body_of, decode

BODIES = st.text(st.characters(codec="utf-8", exclude_characters='\\"\r\n'), max_size=10)
PIECES = st.lists(
    st.sampled_from(
        ["a", "é", "한", "🙂", " ", "\\n", "\\\\", "\\x41", "\\u00e9", "\\U0001F642", "\\N{BULLET}", "\\101", "\\'",
         "\\\n", "{", "%s"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(PIECES, st.sampled_from(['"', "'", '"""', "'''"]), st.sampled_from(["", "u", "r", "R"]))
def test_decodes_as_python_does(written: str, quote: str, prefix: str) -> None:
    token = f"{prefix}{quote}{written}{quote}"
    assert decode(body_of(token, 0)).text == ast.literal_eval(token)


@given(PIECES)
def test_every_character_is_where_the_map_says(written: str) -> None:
    token = f"'{written}'"
    text, offsets = decode(body_of(token, 100))
    for index, character in enumerate(text):
        place = (offsets[index] if offsets else 101 + index) - 100
        assert token[place] in (character, "\\")


@given(BODIES)
def test_plain_text_needs_no_map(written: str) -> None:
    assert decode(body_of(f'"{written}"', 0)) == (written, None)


def test_braces_of_a_format_string_are_halved() -> None:
    body = body_of("'a{{b}}c'", 0)._replace(is_format=True)
    assert decode(body).text == "a{b}c"


def test_bytes_keep_escapes_that_only_text_has() -> None:
    assert decode(body_of(rb"b'\u0041\x41'".decode(), 0)).text == r"\u0041A"

"""Bytes and characters are two counts of the same place, in every encoding."""

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemods.source import Source, Unreadable, decode


def source(data: bytes, path: str = "f.py") -> Source:
    found = decode(path, data)
    assert isinstance(found, Source), found
    return found


KOREAN = "x = '한국어 사주' # é\r\ny\rz\n"


@pytest.mark.parametrize("encoding", ["utf-8", "euc-kr", "cp949", "utf-8-sig", "gb18030", "shift_jis", "iso2022_kr"])
def test_python_files_are_read_as_their_cookie_says(encoding: str) -> None:
    text = f"# -*- coding: {encoding} -*-\nx = '사주 users'\n" if encoding != "shift_jis" else (
        "# coding: shift_jis\nx = 'ユーザ users'\n")  # fmt: skip
    data = text.encode(encoding)
    read = source(data)
    assert read.text == text
    for name in ("users", "x", "'"):
        character = text.index(name)
        byte = read.byte_offset(character)
        assert data[byte : byte + len(name)] == name.encode()
        assert read.character_offset(byte) == character


def test_latin_1_is_read_by_its_cookie() -> None:
    data = "# coding: latin-1\ns = 'é' 'users'\n".encode("latin-1")
    read = source(data)
    assert "é" in read.text
    assert read.byte_offset(read.text.index("users")) == data.index(b"users")
    assert read.encode("é") == b"\xe9"
    with pytest.raises(UnicodeEncodeError):
        read.encode("한")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"# coding: nonsense\n", "unknown encoding: nonsense"),
        (b"x = '\xff'\n", "invalid or missing encoding declaration"),
        (b"x = 1\ny = 2\nz = '\xff'\n", "byte 17 is not utf-8"),
        (b"# coding: rot13\n", "rot13"),
        (b"# coding: utf-16\n", "utf-16"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "encoding problem"),
        (b"# coding: euc-kr\nx = '\xff\xff'\n", "byte 22 is not euc_kr"),
        (b"# coding: undefined\n", "undefined"),
        (b"# coding: utf-7\nx = '+2AA-'\n", "surrogates not allowed"),
    ],
)
def test_what_python_cannot_decode_is_unreadable_with_a_reason(data: bytes, reason: str) -> None:
    found = decode("f.py", data)
    assert isinstance(found, Unreadable)
    assert reason in found.reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-8"])
def test_other_files_are_read_by_their_mark(encoding: str) -> None:
    data = KOREAN.encode(encoding)
    read = source(data, "f.sql")
    assert read.text == KOREAN
    assert read.data[: len(read.mark)] + read.encode(read.text) == data
    assert read.line_column(read.byte_offset(KOREAN.index("#"))) == (1, KOREAN.index("#") + 1)


def test_other_files_have_no_cookie() -> None:
    assert isinstance(decode("f.sql", b"-- coding: latin-1\n\xe9"), Unreadable)


def test_lines_end_in_lf_crlf_and_lone_cr_only() -> None:
    read = source(b"a\r\nb\rc\n\x0cd\xe2\x80\xa8e", "f.sql")
    assert [read.line_text(line) for line in range(1, read.lines + 1)] == ["a", "b", "c", "\x0cd\u2028e"]
    assert read.line_column(0) == (1, 1)
    assert read.line_column(2) == (1, 3)
    assert read.line_column(3) == (2, 1)
    assert read.line_column(5) == (3, 1)
    assert read.line_column(len(read.data)) == (4, 5)


def test_an_empty_file_has_one_line() -> None:
    assert source(b"").line_column(0) == (1, 1)


def test_offsets_outside_of_the_file_are_refused() -> None:
    read = source(b"ab")
    for call in (read.byte_offset, read.character_offset):
        with pytest.raises(ValueError, match="has no"):
            call(3)
        with pytest.raises(ValueError, match="has no"):
            call(-1)


def test_a_mark_belongs_to_the_first_character() -> None:
    read = source(codecs.BOM_UTF8 + "한x".encode())
    assert [read.character_offset(byte) for byte in range(8)] == [0, 0, 0, 0, 0, 0, 1, 2]
    assert [read.byte_offset(character) for character in range(3)] == [3, 6, 7]


texts = st.text(st.sampled_from("aé한😀\n\r"), max_size=40)


@given(texts, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_offsets_go_there_and_back(text: str, encoding: str) -> None:
    read = source(text.encode(encoding), "f.sql")
    size = len(read.mark)
    for character in range(len(text) + 1):
        byte = read.byte_offset(character)
        assert byte == size + len(text[:character].encode(read.encoding))
        assert read.character_offset(byte) == character


@given(st.text(st.sampled_from("a한글\n"), max_size=40))
def test_offsets_go_there_and_back_in_euc_kr(text: str) -> None:
    text = "# coding: euc-kr\n" + text
    read = source(text.encode("euc-kr"))
    for character in range(len(text) + 1):
        byte = read.byte_offset(character)
        assert byte == len(text[:character].encode("euc-kr"))
        assert read.character_offset(byte) == character


def test_the_second_byte_of_a_character_belongs_to_it() -> None:
    read = source("# coding: euc-kr\n한a글".encode("euc-kr"))
    start = len("# coding: euc-kr\n")
    assert [read.character_offset(start + byte) - start for byte in range(6)] == [0, 0, 1, 2, 2, 3]


def test_a_long_line_is_not_read_again_for_each_place() -> None:
    read = source(("한글 users " * 100_000).encode(), "f.json")
    began = time.perf_counter()
    for character in range(0, len(read.text), 1000):
        assert read.character_offset(read.byte_offset(character)) == character
    assert time.perf_counter() - began < 2

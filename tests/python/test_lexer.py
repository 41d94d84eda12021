"""The lexer's strings and names are LibCST's, in every form that Python has."""

from __future__ import annotations

import pytest

from codemods.python.ir import Assign, Call, Joined, Number, Sequence, Str, Unsupported
from codemods.python.lexer import TokenKind, tokenize
from codemods.python.lower import lower

FORMS = [
    "x = 'plain'",
    'x = r"raw\\d"',
    'x = """triple " quote"""',
    "x = 'a' \"b\" '''c'''",
    "x = f'{a}text{b!r:>{width}}more'",
    "x = f'{ {1: 2}[1] }'",
    "x = f\"{x['a']}\"",
    'x = f"{"nested"}"',
    'x = f"{f"{"deep"}"}"',
    "x = f'{a:{b}}'",
    "x = f'{{not a field}}'",
    "x = f'{a=}'",
    "x = f'{(lambda y: y)(1)}'",
    "x = f'{a != b}'",
    "x = rf'\\{a}\\d{{2}}'",
    "x = f'\\N{BULLET}{a}'",
    "x = f'''{\na\n}\n'''",
    "x = t'{a} from {b}'",
    "x = b'bytes'",
    "x = ''",
    'x = """"""',
    "x = 'line \\\ncontinued'",
    "x = 1 if a else 'b'  # 'comment'",
    "x = {'k': 'v', **{'n': 'm'}}",
    "x = [a for b in 'c' if 'd' in b]",
]


@pytest.mark.parametrize("source", FORMS)
def test_strings_are_found_where_libcst_has_them(source: str) -> None:
    module = lower("file.py", source + "\n")
    statement = module.body[0]
    assert isinstance(statement, Assign)
    if isinstance(statement.value, (Str, Joined)):
        assert source[statement.value.at] in "'\"frtbFRTB"


def test_places_are_character_offsets() -> None:
    tokens = tokenize("이름 = '값'  # 'not this'\n")
    assert [(token.kind, token.start, token.text) for token in tokens] == [
        (TokenKind.NAME, 0, "이름"),
        (TokenKind.STRING, 5, "'값'"),
    ]


def test_numbers_are_found_where_libcst_has_them() -> None:
    source = "x = [1, 0x1F, 1_000, a[2], f'{b:>{3}} 4', 1.5, .5, 1e5, 2j, 1.e-7, 6]  # 7\n"
    statement = lower("file.py", source).body[0]
    assert isinstance(statement, Assign)
    assert isinstance(statement.value, Sequence)
    numbers = [item for item in statement.value.items if isinstance(item, Number)]
    assert [number.text for number in numbers] == ["1", "0x1F", "1_000", "6"]
    assert all(source.startswith(number.text, number.at) for number in numbers)


def test_a_file_that_is_not_python_says_where() -> None:
    with pytest.raises(Unsupported, match="line 1"):
        lower("file.py", "print 'hello'\n")


def test_deep_nesting_is_refused_not_a_crash() -> None:
    with pytest.raises(Unsupported):
        lower("file.py", "x = " + "(" * 5000 + ")" * 5000 + "\n")


def test_a_call_is_placed_at_its_own_name_not_at_an_import_of_it() -> None:
    text = "from a import Table as T, Table\nimport b.Table\nusers = Table('users')\n"
    statement = lower("file.py", text).body[-1]
    assert isinstance(statement, Assign)
    assert isinstance(statement.value, Call)
    assert statement.value.at == text.index("Table(")

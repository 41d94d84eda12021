"""The facts that `ast` gives are those that LibCST gives, so that it does not matter which of them read a file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from codemods.python import ir
from codemods.python.ast_statements import lower_by_ast
from codemods.python.lower import lower
from codemods.python.read import read_module
from codemods.source import Source, decode

HERE = Path(__file__).parents[2]
FILES = sorted([*(HERE / "codemods").rglob("*.py"), *(HERE / "fixtures").rglob("before/**/*.py")])
FORMS = [
    "x = f'{a}text{b!r:>{width}}more'",
    "x = f'{ {1: 2}[1] }'",
    "x = f\"{x['a']}\"",
    'x = f"{f"{"deep"}"}"',
    "x = f'{a=}'",
    "x = f'{a == b}'",
    "x = f'{a!s}'",
    "x = rf'\\{a}\\d{{2}}'",
    "x = f'\\N{BULLET}{a}'",
    "x = f'''{\na\n}\n'''",
    "x = f'{\na}'",
    "x = f'{a  # why\n}'",
    "x = t'{a} from {b}'",
    "x = 'é' f'é{é}é' + é.é",
    "x = 'a' \"b\" '''c''' f'{d}' 'e'",
    "if'a'in x: pass",
    "x = b'a' rb'\\d'",
    "x = (  # 'no'\n'a' # \"no\"\n'b')",
    "f(*a, k=1, *b, **c)",
    "f(x for x in y)",
    "x[a, b:c]",
    "x[(a, b)]",
    "x[1:]",
    "x[a,]",
    "del a, b",
    "x = a or b or c",
    "def f(a, /, b: int = 1, *c, d='e', **g) -> h: pass",
    "class A(B, metaclass=C, **d): x: int",
    "async def f(): await g",
    "if a: b\nelif c: d\nelse:\n if e: f",
    "try: a\nexcept B as c: d\nelse: e\nfinally: f",
    "for a in b: c\nelse: d",
    "with a as b, c: d",
    "import a.b, c as d\nfrom .. import e as f\nfrom g import *",
    "global a\nx = (yield)",
    "a %= 'b'",
    "x = 'line \\\ncontinued'\r\ny = 'z'",
    "assert a, 'b'",
    "raise A('b') from c",
    "x = lambda a='b': a",
    "x = -1 * 'a'",
    "match a:\n case {'b': 1} if d: e\n case _: f",
    "x = [a for b in 'c' if 'd' for e in f]",
    "x = not (a := 'b') if c else d",
]


def plain(facts: object) -> object:
    """Facts with `Other` in `Other` flattened."""
    if isinstance(facts, ir.Other):
        parts = [plain(part) for part in facts.parts]
        flat = [
            inner for part in parts for inner in (part[1] if isinstance(part, tuple) and part[0] == "Other" else [part])
        ]
        return ("Other", flat)
    if isinstance(facts, tuple):
        return (type(facts).__name__, *map(plain, facts))
    return facts


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_on_files(path: Path) -> None:
    source = decode("file.py", path.read_bytes())
    if isinstance(source, Source):
        facts = lower_by_ast("file.py", source.text)
        assert facts is None or plain(facts) == plain(lower("file.py", source.text))


@pytest.mark.parametrize("text", FORMS)
def test_on_forms(text: str) -> None:
    facts = lower_by_ast("file.py", text)
    assert facts is not None
    assert plain(facts) == plain(lower("file.py", text))


@pytest.mark.parametrize("text", ["x = f'{a b}'", "x = f'{}'", "x = f'{a", "x = 'a", "x = (", "x = f'{\n\na}'", "\0"])
def test_what_is_unclear_is_left_to_the_other_reader(text: str) -> None:
    assert lower_by_ast("file.py", text) is None


def test_a_newer_grammar_is_read_all_the_same() -> None:
    text = "type A = int\nasync def f[T](x: T): await g(t'{x}')\ntry: pass\nexcept* A: pass\n"
    assert len(read_module("file.py", text).body) == 3
    if sys.version_info < (3, 12):
        assert lower_by_ast("file.py", text) is None

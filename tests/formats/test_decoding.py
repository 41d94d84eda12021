"""Values of settings are decoded as other parsers decode them, and each character knows its place."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from codemods.configuration.tree import Items, Node, Scalar
from codemods.formats import json_file, yaml_file
from codemods.shell.words import read_script
from codemods.sourcemap import Run, SourceMap

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=40)
PRINTABLE = st.text(st.sampled_from("abc '\"\\\n\t:#-{}[]&*!|>%@한é,?"), max_size=40)
VALUES = st.recursive(
    PRINTABLE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PRINTABLE, inner, max_size=3)
)


def whole(text: str) -> SourceMap:
    return SourceMap([Run("file", text)])


def scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Items):
        for item in node.nodes:
            yield from scalars(item)
    else:
        for _, value in node.items:
            yield from scalars(value)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def assert_placed(scalar: Scalar, text: str) -> None:
    for run in scalar.text.runs:
        if run.path and run.offsets is None:
            assert text[run.start : run.start + len(run.text)] == run.text


@given(VALUES, st.booleans(), st.sampled_from([None, "'", '"', "|", ">"]))
def test_yaml_scalars_are_those_of_pyyaml(value: object, flow: bool, style: str | None) -> None:
    assume("{{" not in str(value) and "{%" not in str(value))
    text = yaml.dump(value, allow_unicode=True, default_flow_style=flow, default_style=style, sort_keys=False)
    found = list(scalars(yaml_file.tree(whole(text))))
    assert [each.text.text for each in found] == list(strings(value))
    for each in found:
        assert_placed(each, text)


@given(VALUES, st.booleans())
def test_json_strings_are_those_of_the_standard_library(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    found = list(scalars(json_file.tree(whole(text))))
    assert [each.text.text for each in found] == list(strings(value))
    for each in found:
        assert_placed(each, text)


@given(TEXTS.filter(lambda text: "\r" not in text))
def test_a_quoted_word_of_the_shell_is_the_word(text: str) -> None:
    (command,) = [each for each in read_script(whole(f"echo {shlex.quote(text)} last")) if each.words]
    words = ["".join(piece.text for piece in word.pieces if isinstance(piece, SourceMap)) for word in command.words]
    assert words == ["echo", text, "last"]


@given(st.text(st.sampled_from("ab '\"\\$`(){}|;&<>\n#=!-"), max_size=60))
def test_any_script_is_read_to_its_end(text: str) -> None:
    for command in read_script(whole(text)):
        for word in command.words:
            for piece in word.pieces:
                if isinstance(piece, SourceMap):
                    assert_placed(Scalar(piece), text)

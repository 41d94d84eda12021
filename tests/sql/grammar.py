"""Statements made from the grammar in fixtures/sql/grammar.txt."""

from __future__ import annotations

import re
from functools import cache

from fixture_cases import FOLDER
from hypothesis import strategies as st

_DEPTH = 7
_HOLE = re.compile(r"\{(\w+)([?,]?)\}")
_SPACE = re.compile(r' (?!""|items")')
_GAPS = (" ", "\n", "\t /* users */ ", " -- FROM orders\n", "/* /* nested */ */ ")


@cache
def rules() -> dict[str, list[list[str]]]:
    """The ways to write each name of the grammar, in words."""
    found: dict[str, list[list[str]]] = {}
    ways: list[list[str]] = []
    for line in (FOLDER / "grammar.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        if re.fullmatch(r"\w+:", line):
            ways = found.setdefault(line[:-1], [])
        else:
            ways.append(_SPACE.split(line))
    return found


@st.composite
def statements(draw: st.DrawFn) -> str:
    """One statement, its words apart by one kind of gap, its keywords in one case."""
    words: list[str] = []
    _expand(draw, "statement", _DEPTH, words)
    if draw(st.booleans()):
        words = [word.lower() if word.isupper() else word for word in words]
    return draw(st.sampled_from(_GAPS)).join(words)


def _expand(draw: st.DrawFn, name: str, depth: int, words: list[str]) -> None:
    ways = rules()[name]
    way = ways[draw(st.integers(0, len(ways) - 1))] if depth > 0 else ways[0]
    for word in way:
        hole = _HOLE.fullmatch(word)
        if hole is None:
            words.append(word)
        elif hole[2] != "?" or (depth > 0 and draw(st.booleans())):
            for number in range(draw(st.integers(1, 3)) if hole[2] == "," and depth > 0 else 1):
                words += [","] * bool(number)
                _expand(draw, hole[1], depth - 1, words)


def short_statements() -> list[str]:
    """For each line of the grammar a short statement that is written with it."""
    shortest = {"statement": "{statement}"}  # a statement with a hole of that name, and how it is reached
    found: list[str] = []
    names = ["statement"]
    for name in names:
        for way in rules()[name]:
            text = shortest[name].replace(f"{{{name}}}", " ".join(way), 1)
            for word in way:
                hole = _HOLE.fullmatch(word)
                if hole and hole[1] not in shortest:
                    shortest[hole[1]] = text.replace(word, f"{{{hole[1]}}}", 1)
                    names.append(hole[1])
            found.append(_filled(text))
    return found


def _filled(text: str) -> str:
    """The text with nothing for each hole that may be empty, and the first way for the others."""
    while hole := _HOLE.search(text):
        way = "" if hole[2] == "?" else " ".join(rules()[hole[1]][0])
        text = text[: hole.start()] + way + text[hole.end() :]
    return text

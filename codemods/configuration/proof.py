"""Proof that a change of a file of settings changes the planned values and nothing else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from codemods.configuration.tree import Node, Scalar, Table


class Replacement(NamedTuple):
    """Characters of the file, 0-based and half-open, and what comes in their place."""

    start: int
    end: int
    new: str


def plain(node: Node, seen: set[Scalar] | None = None) -> Any:
    """The tree as lists and strings; a scalar that is used in several places shows its text in the first."""
    seen = set() if seen is None else seen
    if isinstance(node, Scalar):
        text = "" if node in seen else node.text.text
        seen.add(node)
        return text
    if isinstance(node, Table):
        return [[key, plain(value, seen)] for key, value in node.items]
    return [plain(item, seen) for item in node.nodes]


def differs_as_planned(before: Node, after: Node, planned: Sequence[Replacement]) -> bool:
    """Whether exactly the scalars of `before` that `planned` names differ, and as it says."""
    return Counter(_differences(plain(before), plain(after))) == Counter(_changed(before, planned))


def differs_within_plan(before: Any, after: Any, root: Node, planned: Sequence[Replacement]) -> bool:
    """Whether what another parser made of the two texts differs in nothing but what `planned` says of `root`.

    It may see less than relink: of a key that is given twice, say, only the last value.
    """
    return Counter(_differences(before, after)) <= Counter(_changed(root, planned))


def _differences(before: Any, after: Any) -> Iterator[tuple[str, str] | None]:
    """Each pair of strings that differ; None for any other difference."""
    waiting = [(before, after)]
    while waiting:
        one, other = waiting.pop()
        if type(one) is not type(other):
            yield None
        elif isinstance(one, dict):
            waiting.append(([*one.items()], [*other.items()]))
        elif isinstance(one, (list, tuple)):
            if len(one) != len(other):
                yield None
            waiting.extend(zip(one, other, strict=False))
        elif one != other:
            yield (one, other) if isinstance(one, str) else (str(one), str(other)) if isinstance(one, int) else None


def _changed(root: Node, planned: Sequence[Replacement]) -> Iterator[tuple[str, str]]:
    ordered = sorted(planned)
    starts = [each.start for each in ordered]
    for scalar in dict.fromkeys(_scalars(root)):
        edits: list[tuple[int, int, str]] = []
        for run, first in zip(scalar.text.runs, scalar.text.starts, strict=False):
            if not run.path:
                continue
            number, last = bisect_left(starts, run.place(0)), run.place(len(run.text))
            inside = [each for each in ordered[number : bisect_right(starts, last)] if each.end <= last]
            places = {run.place(index): first + index for index in range(len(run.text) + 1)} if inside else {}
            edits += [
                (places[each.start], places[each.end], each.new)
                for each in inside
                if each.start in places and each.end in places
            ]
        if edits:
            text = scalar.text.text
            new = text
            for start, end, said in sorted(set(edits), reverse=True):
                new = new[:start] + said + new[end:]
            yield text, new


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    else:
        children = (value for _, value in node.items) if isinstance(node, Table) else node.nodes
        for child in children:
            yield from _scalars(child)

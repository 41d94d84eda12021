"""Settings as a tree of keys and values that remember where they are written."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from codemods.sourcemap import Run, SourceMap


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A value, decoded. One that is written once and used in several places (an anchor) is one object."""

    text: SourceMap


class Table(NamedTuple):
    """Keys and values, in order."""

    items: tuple[tuple[str, Node], ...]

    def scalar(self, *keys: str) -> str | None:
        """The text of the first of `keys`, in any letter case, that has a plain value."""
        for key, node in self.items:
            if key.lower() in keys and isinstance(node, Scalar):
                return node.text.text
        return None


class Items(NamedTuple):
    """A list."""

    nodes: tuple[Node, ...]


Node = Scalar | Table | Items


class Entry(NamedTuple):
    """A value and the way to it: the keys from the root (items of a list add none) and the table it stands in."""

    keys: tuple[str, ...]
    scalar: Scalar
    table: Table


def entries(node: Node, keys: tuple[str, ...] = (), table: Table | None = None) -> Iterator[Entry]:
    """Every value under `node`, once for each place that uses it.

    `{name: KEY, value: …}`, as in the containers of Kubernetes, counts as `{KEY: …}`.
    """
    if isinstance(node, Scalar):
        yield Entry(keys, node, table or Table(()))
    elif isinstance(node, Items):
        for item in node.nodes:
            yield from entries(item, keys, table)
    else:
        name = node.scalar("name", "key") if node.scalar("value") is not None else None
        for key, value in node.items:
            named = name is not None and key.lower() == "value"
            yield from entries(value, (*keys, name if name is not None and named else key), node)


def secrets(node: Node) -> Iterator[tuple[str, SourceMap]]:
    """The values that a Secret of Kubernetes has encoded; of each the first character alone is written somewhere.

    Source: https://kubernetes.io/docs/concepts/configuration/secret/
    """
    if isinstance(node, Items):
        for item in node.nodes:
            yield from secrets(item)
    elif isinstance(node, Table):
        is_secret = node.scalar("kind") == "Secret"
        for key, value in node.items:
            if is_secret and key == "data" and isinstance(value, Table):
                yield from ((name, text) for name, each in value.items if (text := _decoded(each)) is not None)
            else:
                yield from secrets(value)


def _decoded(node: Node) -> SourceMap | None:
    if not isinstance(node, Scalar) or len(node.text.runs) != 1:
        return None
    (run,) = node.text.runs
    try:
        text = b64decode(run.text, validate=True).decode()
    except ValueError:
        return None
    return SourceMap([run._replace(text=text[:1], offsets=None), Run("", text[1:])])


def lists(node: Node, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], tuple[Scalar, ...]]]:
    """The lists of plain values under `node` (and the keys that lead to them): they may be a program's arguments."""
    if isinstance(node, Items):
        if node.nodes and all(isinstance(item, Scalar) for item in node.nodes):
            yield keys, tuple(item for item in node.nodes if isinstance(item, Scalar))
        else:
            for item in node.nodes:
                yield from lists(item, keys)
    elif isinstance(node, Table):
        for key, value in node.items:
            yield from lists(value, (*keys, key))

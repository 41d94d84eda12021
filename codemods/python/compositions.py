"""Find the names that are also part of a text put together for something else than a statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from codemods.occurrences import Embedded, Evidence, Occurrence, Prose, RedisKey
from codemods.python.records import Records
from codemods.python.values import Chunk, Hole, Literal, Text, Value, answers, parameters

_NOT_LOOKED_AT = frozenset({"message", "documentation"})


def note_compositions(records: Records, occurrences: Iterable[Occurrence | Embedded]) -> None:
    """Note what in the texts that `records` saw joins other pieces to a text which is no part of any occurrence.

    Messages do not count: a log that says the new name is what the restructure asks for.
    """
    readers: dict[Literal, set[int]] = defaultdict(set)
    for number, occurrence in enumerate(occurrences):
        if isinstance(occurrence, Prose) or (
            isinstance(occurrence, RedisKey) and occurrence.evidence is not Evidence.CALL
        ):
            continue
        for run in occurrence.source.runs:
            readers[Literal(run.path, run.literal)].add(number)
    for root in records.roots:
        if not isinstance(root.value, Text) or root.context in _NOT_LOOKED_AT:
            continue
        chunks = {piece.literal: piece for piece in root.value.pieces if isinstance(piece, Chunk) and piece.text}
        values: list[Value] = [Text((chunk,)) for chunk in chunks.values()]
        values.extend(parameters(root.value))
        values.extend(answers(root.value))
        values.extend(Text((piece,)) for piece in root.value.pieces if isinstance(piece, Hole) and piece.of_table)
        if chunks and len(values) > 1 and not set.intersection(*(readers[literal] for literal in chunks)):
            for value in values:
                records.escapes.note(value, "part of another text", root.place)

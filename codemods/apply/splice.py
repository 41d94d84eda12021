"""Put edits into the bytes of a file, and take them out again."""

from __future__ import annotations

from collections.abc import Iterable

from codemods.apply.errors import EditConflict
from codemods.model import Edit, Span


def in_order(edits: Iterable[Edit], size: int) -> tuple[Edit, ...]:
    """The edits of one file of `size` bytes, sorted and once each. Raises EditConflict when they collide."""
    ordered = tuple(sorted(set(edits)))
    end, inserted_at = 0, -1
    for edit in ordered:
        span = edit.span
        if edit.path != ordered[0].path:
            raise EditConflict(f"{edit.path} and {ordered[0].path} are edited as one file")
        if not 0 <= span.start <= span.end <= size:
            raise EditConflict(f"{edit.path}: an edit of bytes {span.start}-{span.end} of {size}")
        if span.start < end:
            raise EditConflict(f"{edit.path}: two edits share byte {span.start}")
        if span.start == span.end == inserted_at:
            raise EditConflict(f"{edit.path}: two insertions at byte {span.start}")
        inserted_at = span.start if span.start == span.end else -1
        end = span.end
    return ordered


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with every edit put in. An insertion at the start of a replaced span comes before it.

    Identical edits count once. Raises EditConflict on spans that overlap, differing insertions at one place
    and spans outside of the data.
    """
    pieces, position = [], 0
    for edit in in_order(edits, len(data)):
        pieces += [data[position : edit.span.start], edit.new]
        position = edit.span.end
    return b"".join([*pieces, data[position:]])


def inverse(before: bytes, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits that turn `splice(before, edits)` back into `before`. Raises EditConflict as it does."""
    undo: list[Edit] = []
    shift = 0
    for edit in in_order(edits, len(before)):
        start = edit.span.start + shift
        back = Edit(edit.path, Span(start, start + len(edit.new)), before[edit.span.start : edit.span.end])
        shift += len(edit.new) - len(back.new)
        if undo and undo[-1].span.end == start:
            # Neighbours are undone in one: two spans that were emptied would be two insertions at one place.
            last = undo.pop()
            back = Edit(edit.path, Span(last.span.start, back.span.end), last.new + back.new)
        undo.append(back)
    return tuple(undo)

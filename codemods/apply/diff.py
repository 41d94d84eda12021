"""Changes as patches that `git apply` takes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from codemods.apply.splice import in_order, splice
from codemods.model import Edit

_CONTEXT = 3
# Above this many pairs of lines an unexplained change is shown as one block: difflib is quadratic.
_COMPARED_PAIRS = 1_000_000
_NO_LINE_END = b"\n\\ No newline at end of file\n"
_ESCAPES = dict(zip(b'\a\b\t\n\v\f\r"\\', b'abtnvfr"\\', strict=True))


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of the old file, from the 0-based line `start`, and what stands there in the new file."""

    start: int
    old: list[bytes]
    new: list[bytes]


def unified_diff(path: str, before: bytes, after: bytes, edits: Iterable[Edit] | None = None) -> bytes:
    r"""A patch of one file in git's form, empty when nothing changes. `path` is relative, with `/`.

    Only \n ends a line, as in git. The edits, when they lead from `before` to `after`, save the comparison;
    the cost is then linear. Raises EditConflict when edits are given that collide.
    """
    if before == after:
        return b""
    lines = _lines(before)
    if edits is not None and splice(before, edits) == after:
        blocks = list(_blocks_of_edits(before, edits))
    else:
        blocks = _compared(0, lines, _lines(after))
    pieces = [_header(path)]
    shift = 0
    for group in _groups(blocks):
        pieces.append(_hunk(lines, group, shift))
        shift += sum(len(block.new) - len(block.old) for block in group)
    return b"".join(pieces)


def _lines(data: bytes) -> list[bytes]:
    pieces = data.split(b"\n")
    last = pieces.pop()
    return [piece + b"\n" for piece in pieces] + ([last] if last else [])


def _blocks_of_edits(before: bytes, edits: Iterable[Edit]) -> Iterator[_Block]:
    line, counted = 0, 0
    for run, end in _runs(before, edits):
        start = before.rfind(b"\n", 0, run[0].span.start) + 1
        pieces, position = [], start
        for edit in run:
            pieces += [before[position : edit.span.start], edit.new]
            position = edit.span.end
        pieces.append(before[position:end])
        line, counted = line + before.count(b"\n", counted, start), start
        yield from _trimmed(line, _lines(before[start:end]), _lines(b"".join(pieces)))


def _runs(before: bytes, edits: Iterable[Edit]) -> Iterator[tuple[list[Edit], int]]:
    """Edits that share lines, with the end of the last of these lines."""
    run: list[Edit] = []
    end = 0
    for edit in in_order(edits, len(before)):
        if run and edit.span.start >= end:
            yield run, end
            run = []
        run.append(edit)
        if edit.span.end >= end:
            # Past the end of the data when the last line is not ended: what is added there is on that line.
            end = before.find(b"\n", edit.span.end) + 1 or len(before) + 1
    if run:
        yield run, end


def _trimmed(start: int, old: list[bytes], new: list[bytes]) -> Iterator[_Block]:
    """The block without the equal lines at its ends; nothing when it was a change to the same bytes."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if old or new:
        yield _Block(start + head, old, new)


def _compared(start: int, old: list[bytes], new: list[bytes]) -> list[_Block]:
    blocks: list[_Block] = []
    for block in _trimmed(start, old, new):
        if len(block.old) * len(block.new) > _COMPARED_PAIRS:
            return [block]
        for tag, a, b, c, d in SequenceMatcher(None, block.old, block.new, autojunk=False).get_opcodes():
            if tag != "equal":
                blocks.append(_Block(block.start + a, block.old[a:b], block.new[c:d]))
    return blocks


def _groups(blocks: Iterable[_Block]) -> Iterator[list[_Block]]:
    group: list[_Block] = []
    for block in blocks:
        between = block.start - (group[-1].start + len(group[-1].old)) if group else 0
        if between > 2 * _CONTEXT:
            yield group
            group = []
        if group and between == 0:
            # As in git: first all the old lines that follow each other, then all the new ones.
            group[-1].old.extend(block.old)
            group[-1].new.extend(block.new)
        else:
            group.append(block)
    if group:
        yield group


def _hunk(lines: list[bytes], group: list[_Block], shift: int) -> bytes:
    first, last = group[0], group[-1]
    start = max(first.start - _CONTEXT, 0)
    end = min(last.start + len(last.old) + _CONTEXT, len(lines))
    growth = sum(len(block.new) - len(block.old) for block in group)
    body, position = [], start
    for block in group:
        body += [_line(b" ", line) for line in lines[position : block.start]]
        body += [_line(b"-", line) for line in block.old]
        body += [_line(b"+", line) for line in block.new]
        position = block.start + len(block.old)
    body += [_line(b" ", line) for line in lines[position:end]]
    old_range = _range(start, end - start)
    new_range = _range(start + shift, end - start + growth)
    return b"".join([b"@@ -%s +%s @@\n" % (old_range, new_range), *body])


def _line(mark: bytes, line: bytes) -> bytes:
    return mark + (line if line.endswith(b"\n") else line + _NO_LINE_END)


def _range(start: int, count: int) -> bytes:
    if count == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + 1 if count else start, count)


def _header(path: str) -> bytes:
    old, new = _quoted("a/" + path), _quoted("b/" + path)
    # As in git: without the tab, a reader would take what follows a space for a date.
    tab = b"\t" if " " in path else b""
    return b"diff --git %s %s\n--- %s%s\n+++ %s%s\n" % (old, new, old, tab, new, tab)


def _quoted(path: str) -> bytes:
    """The path as git writes it: between quotes, with C escapes, when it holds unusual bytes."""
    raw = os.fsencode(path)
    if all(0x20 <= byte < 0x7F and byte not in b'"\\' for byte in raw):
        return raw
    return b'"' + b"".join(map(_escaped, raw)) + b'"'


def _escaped(byte: int) -> bytes:
    if byte in _ESCAPES:
        return b"\\%c" % _ESCAPES[byte]
    return b"%c" % byte if 0x20 <= byte < 0x7F else b"\\%03o" % byte

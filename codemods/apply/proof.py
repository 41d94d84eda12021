"""Proof, before writing, that a change does what was planned and nothing else.

Each proof returns its problems as sentences; an empty list means proven. They quote nothing of the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from codemods.apply.errors import EditConflict
from codemods.apply.splice import in_order, inverse, splice
from codemods.model import Edit
from codemods.source import Unreadable, decode

if TYPE_CHECKING:
    import libcst

    from codemods.apply.trees import Comparison


def prove_bytes(before: bytes, after: bytes, edits: Iterable[Edit]) -> list[str]:
    """The bytes outside of the edits are equal, and the inverse edits give the old bytes back."""
    try:
        ordered = in_order(edits, len(before))
        if splice(before, ordered) != after:
            return ["bytes outside of the planned edits differ"]
        if splice(after, inverse(before, ordered)) != before:
            return ["the inverse edits do not give the old bytes back"]
    except EditConflict as error:
        return [error.message]
    return []


def prove_python(before: bytes, after: bytes, edits: Sequence[Edit]) -> list[str]:
    """The two Python files have equal trees, but for the text of string literals and for what the edits add.

    An edit with an empty span may add whole statements, arguments or elements, or a name in front of an attribute's; an
    edit may replace one whole number, one whole name, the name of one attribute, or the last name and the arguments of
    one call, by others, or take a text out of a format string. Quotes, prefixes and every comment stay. Includes
    `prove_bytes`.
    """
    from codemods.python.parse import NotPython, parse  # LibCST is slow to import and seldom needed.

    problems = prove_bytes(before, after, edits)
    if problems or before == after:
        return problems
    trees = []
    for name, data in (("old", before), ("new", after)):
        source = decode("file.py", data)
        if isinstance(source, Unreadable):
            return [f"the {name} text cannot be decoded"]
        try:
            trees.append((source.encoding, source.mark, parse(source.text)))
        except NotPython as error:
            return [f"the {name} text is not Python that relink can parse: {error}"]
    (encoding, mark, old), (*new_encoding, new) = trees
    if [encoding, mark] != new_encoding:
        return ["the encoding changed"]
    insertions = [edit.new.decode(encoding, "replace") for edit in edits if edit.span.start == edit.span.end]
    numbers = {(before[edit.span.start : edit.span.end].strip(), edit.new.strip()) for edit in edits}
    calls = [
        (replaced.decode(encoding, "replace"), edit.new.decode(encoding, "replace"))
        for edit in edits
        if (replaced := before[edit.span.start : edit.span.end])
        and (edit.new.endswith((b")", b"}", b"'", b'"')) or edit.new.decode(encoding, "replace").isidentifier())
    ]
    calls += [("", text) for text in insertions if text.endswith(".") and text[:-1].isidentifier()]
    deleted = [before[edit.span.start : edit.span.end].decode(encoding, "replace") for edit in edits if not edit.new]
    comparison = _compared(old, new, insertions, calls, deleted)
    unplanned = [pair for pair in comparison.numbers if (pair[0].encode(), pair[1].encode()) not in numbers]
    return comparison.problems + ["a number changed that no edit names"] * bool(unplanned)


def _compared(
    old: libcst.Module,
    new: libcst.Module,
    insertions: Sequence[str],
    calls: Sequence[tuple[str, str]],
    deleted: Sequence[str],
) -> Comparison:
    from codemods.apply.trees import Comparison, additions, comments

    comparison = Comparison(calls=calls, deleted=deleted)
    comparison.run(old, new)
    if comparison.problems and insertions:
        # What is added moves the white space around it to other nodes, so compare all but white space: that
        # its bytes are equal outside of the edits is proven already.
        expected = [node for text in insertions for node in additions(text)]
        comparison = Comparison(lenient=True, calls=calls, deleted=deleted, expected=expected)
        comparison.run(old, new)
        if comments(old) - comments(new):
            comparison.problems.append("a comment was lost")
        if any(all(line.strip()[:1] in ("", "#") for line in text.splitlines()) for text in insertions):
            comparison.problems.append("an edit adds nothing but white space and comments")
    return comparison

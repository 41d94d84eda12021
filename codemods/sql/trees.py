"""What sqlglot says about two texts. It is only ever asked to agree: nothing is rewritten from its trees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .cursor import cut, fold
from .model import Kind, Reference
from .tokens import DOLLAR, HOLE, OPERATOR, PARAM, STRING, lex

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

Names = tuple[str, ...]

_TOO_LONG = 200_000
_WORDS = (Kind.TYPE, Kind.FUNCTION)


def trees_agree(
    before: str, after: str, planned: set[tuple[Names, Names]], references: Sequence[tuple[Reference, Reference]]
) -> bool:
    """Whether the trees of both texts are equal but for planned names, as far as sqlglot understands them.

    `references` are what both texts name, in order. sqlglot reads many types and functions otherwise once they have a
    schema, so it sees one word in place of each that changes; that its name is right is for the tokens to say.
    """
    words = [pair for pair in references if pair[0].names != pair[1].names and pair[0].kind in _WORDS]
    first = _parse(mask(before, {old.start: old.end for old, _ in words}))
    if first is None:
        return True
    second = _parse(mask(after, {new.start: new.end for _, new in words}))
    if second is None or first[0] != second[0] or len(first[1]) != len(second[1]):
        return False
    return all(old == new or (old, new) in planned for old, new in zip(first[1], second[1], strict=True))


def mask(text: str, words: Mapping[int, int]) -> str:
    """The text with a name for every placeholder, `x` for `words` (their starts and ends) and `'x'` for strings.

    What differs in strings is for the tokens to say.
    """
    tokens = lex(text, script=False)
    pieces: list[str] = []
    last = 0
    for index in range(tokens.count):
        start, end = tokens.starts[index], tokens.ends[index]
        if start < last:
            continue
        if start in words:
            pieces += [text[last:start], "x"]
            end = words[start]
        elif tokens.kinds[index] in (STRING, DOLLAR):
            pieces += [text[last:start], "'x'"]
        elif tokens.slice(index) == "%%":
            pieces += [text[last:start], "%"]
        elif tokens.kinds[index] == PARAM or (tokens.kinds[index] == OPERATOR and tokens.slice(index) == "?"):
            pieces += [text[last:start], "x" * (end - start)]
        elif HOLE in tokens.slice(index) or "{" in tokens.words[index]:
            pieces += [text[last:start], *("x" if char in f"{HOLE}{{}}" else char for char in text[start:end])]
        else:
            continue
        last = end
    pieces.append(text[last:])
    return "".join(pieces)


def _parse(text: str) -> tuple[list[object], list[Names]] | None:
    """The trees of a text with the planned kinds of names taken out, and these names; None when not understood."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    if len(text) > _TOO_LONG:
        return None
    import logging  # only sqlglot needs it

    logger = logging.getLogger("sqlglot")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        trees = [tree for tree in sqlglot.parse(text, read="postgres") if isinstance(tree, exp.Expression)]
        misread = (exp.Alias, exp.Column, exp.Analyze)  # what becomes of CLUSTER, LISTEN and ANALYZE
        if any(isinstance(tree, misread) or tree.find(exp.Command) is not None for tree in trees):
            return None
        names = [name for tree in trees for name in _take_names(tree)]
    except (SqlglotError, RecursionError, TypeError, AttributeError, LookupError, ValueError):
        return None  # some statements make sqlglot stumble over itself
    finally:
        logger.setLevel(level)
    return list(trees), names


def _take_names(tree: Expression) -> list[Names]:
    """Empty the names of tables, and the qualifiers of columns, in a tree."""
    from sqlglot import exp

    names: list[Names] = []
    for node in list(tree.find_all(exp.Table, exp.Column)):
        if isinstance(node, exp.Column):
            names.append(_empty(node, ("catalog", "db", "table")))
        elif isinstance(node.this, exp.Identifier):
            names.append(_empty(node, ("catalog", "db", "this")))
    return names


def _empty(node: Expression, arguments: tuple[str, ...]) -> Names:
    """Take the identifiers of `arguments` out of a node and return them folded."""
    parts = []
    for argument in arguments:
        part = node.args.get(argument)
        if part is not None:
            parts.append(cut(part.name if part.args.get("quoted") else fold(part.name)))
            node.set(argument, None)
    return tuple(parts)

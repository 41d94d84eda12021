"""What sqlglot says about two texts. It is only ever asked to agree: nothing is rewritten from its trees."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from .cursor import fold
from .tokens import OPERATOR, PARAM, lex

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

Names = tuple[str, ...]

_TOO_LONG = 200_000


def trees_agree(before: str, after: str, planned: set[tuple[Names, Names]]) -> bool:
    """Whether the trees of both texts are equal but for planned names, as far as sqlglot understands them."""
    first = _parse(before)
    if first is None:
        return True
    second = _parse(after)
    if second is None or first[0] != second[0] or len(first[1]) != len(second[1]):
        return False
    return all(old == new or (old, new) in planned for old, new in zip(first[1], second[1], strict=True))


def mask(text: str) -> str:
    """The text with every placeholder replaced by a name of the same length, which sqlglot reads anywhere."""
    tokens = lex(text, script=False)
    pieces: list[str] = []
    last = 0
    for index in range(tokens.count):
        start, end = tokens.starts[index], tokens.ends[index]
        if tokens.slice(index) == "%%":
            pieces += [text[last:start], " %"]
        elif tokens.kinds[index] == PARAM or (tokens.kinds[index] == OPERATOR and tokens.slice(index) == "?"):
            pieces += [text[last:start], "x" * (end - start)]
        elif "\ufdd0" in tokens.slice(index) or "{" in tokens.words[index]:
            pieces += [text[last:start], *("x" if char in "\ufdd0{}" else char for char in text[start:end])]
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
    logger = logging.getLogger("sqlglot")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        trees = [tree for tree in sqlglot.parse(mask(text), read="postgres") if isinstance(tree, exp.Expression)]
        if any(tree.find(exp.Command) is not None for tree in trees):
            return None
        names = [name for tree in trees for name in _take_names(tree)]
    except (SqlglotError, RecursionError):
        return None
    finally:
        logger.setLevel(level)
    return list(trees), names


def _take_names(tree: Expression) -> list[Names]:
    """Empty the names of tables, qualifiers, types and functions in a tree, and the texts of its literals."""
    from sqlglot import exp

    texts = (exp.Heredoc, exp.RawString, exp.National, exp.UnicodeString)
    names: list[Names] = []
    for dot in list(tree.find_all(exp.Dot)):
        if isinstance(dot.expression, exp.Anonymous) and isinstance(dot.this, (exp.Identifier, exp.Dot)):
            call = dot.expression
            call.set("this", f"{dot.this.sql()}.{call.name}")
            dot.replace(call)
    for node in list(tree.find_all(exp.Table, exp.Column, exp.Literal, exp.DataType, exp.Anonymous, *texts)):
        if isinstance(node, exp.Table):
            if isinstance(node.this, exp.Anonymous):
                names.append((*_empty(node, ("catalog", "db")), *fold(node.this.name).split(".")))
                node.this.set("this", "")
            elif isinstance(node.this, exp.Identifier):
                names.append(_empty(node, ("catalog", "db", "this")))
        elif isinstance(node, exp.Column):
            names.append(_empty(node, ("catalog", "db", "table")))
        elif isinstance(node, texts) or (isinstance(node, exp.Literal) and node.is_string):
            node.set("this", "")
        elif isinstance(node, exp.Literal):
            continue
        elif isinstance(node, exp.Anonymous):
            names.append(tuple(str(node.name).lower().split(".")))
            node.set("this", "")
        elif node.args.get("kind") is not None:
            kind = node.args["kind"]
            written = kind if isinstance(kind, str) else kind.sql(dialect="postgres")
            names.append(tuple(fold(part.strip('"')) for part in written.split(".")))
            node.set("kind", None)
    return names


def _empty(node: Expression, arguments: tuple[str, ...]) -> Names:
    """Take the identifiers of `arguments` out of a node and return them folded."""
    parts = []
    for argument in arguments:
        part = node.args.get(argument)
        if part is not None:
            parts.append(part.name if part.args.get("quoted") else fold(part.name))
            node.set(argument, None)
    return tuple(parts)

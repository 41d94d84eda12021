"""Can the tables of an ORM be made or asked for on an engine that one function makes for itself?"""

from __future__ import annotations

from collections.abc import Iterator

from codemods.python import ir

_BINDING = frozenset(
    {
        *("create_all", "drop_all", "metadata", "reflect", "bind", "setattr"),
        *("Session", "AsyncSession", "sessionmaker", "async_sessionmaker", "scoped_session", "async_scoped_session"),
        *("select", "insert", "update", "delete", "query", "exec", "scalars", "scalar", "__table__", "to_sql"),
    }
)


def lets_out(function: ir.Function) -> bool:
    """Whether what `function` makes may meet a mapped class: by a name that binds the two, or by leaving it."""
    return not _BINDING.isdisjoint(_names(function.body)) or _leaves(function.body)


def _names(node: object) -> Iterator[str]:
    if isinstance(node, ir.Name):
        yield node.id
    elif isinstance(node, (ir.Attribute, ir.Argument)) and node.name:
        yield node.name
    if isinstance(node, tuple):
        for part in node:
            yield from _names(part)


def _leaves(node: object) -> bool:
    """Whether a value is returned, yielded or kept in an attribute or container; functions inside keep theirs."""
    if isinstance(node, (ir.Function, ir.Class)):
        return False
    if isinstance(node, ir.Yield) or (isinstance(node, ir.Return) and node.value is not None):
        return True
    if isinstance(node, ir.Assign) and any(isinstance(target, (ir.Attribute, ir.Subscript)) for target in node.targets):
        return True
    return isinstance(node, tuple) and any(map(_leaves, node))

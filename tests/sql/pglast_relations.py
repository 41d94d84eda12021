"""The relations that PostgreSQL's own parser sees in a statement, read off libpg_query's tree through pglast."""

from __future__ import annotations

import pglast
from pglast import ast
from pglast.enums import ObjectType

Found = tuple[int | None, tuple[str, ...]]
"""Where a name starts (in characters; None where libpg_query does not say) and its parts."""

_RELATIONS = {
    ObjectType.OBJECT_TABLE,
    ObjectType.OBJECT_VIEW,
    ObjectType.OBJECT_MATVIEW,
    ObjectType.OBJECT_SEQUENCE,
    ObjectType.OBJECT_FOREIGN_TABLE,
}
_ON_RELATION = {
    ObjectType.OBJECT_TRIGGER,
    ObjectType.OBJECT_RULE,
    ObjectType.OBJECT_POLICY,
    ObjectType.OBJECT_TABCONSTRAINT,
}
_NAMELESS = ("WithClause", "LockingClause", "ConstraintsSetStmt", "ImportForeignSchemaStmt")
_CHANGES = ("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt")


def relations(sql: str) -> list[Found] | None:
    """Tables, views and sequences that one statement names, without CTEs; None when it does not parse."""
    try:
        statements = pglast.parse_sql(sql)
    except pglast.parser.ParseError:
        return None
    found: list[Found] = []
    for statement in statements:
        _visit(statement.stmt, frozenset(), found)
    return found


def _strings(names: tuple[ast.Node, ...]) -> tuple[str, ...]:
    return tuple(part.sval for part in names)


def _relation(node: ast.Node, hidden: frozenset[str], found: list[Found]) -> None:
    names = tuple(part for part in (node.catalogname, node.schemaname, node.relname) if part)
    if node.relpersistence != "t" and node.schemaname != "pg_temp" and not (len(names) == 1 and names[0] in hidden):
        found.append((node.location, names))


def _visit(node: object, hidden: frozenset[str], found: list[Found]) -> None:
    if isinstance(node, tuple | list):
        for item in node:
            _visit(item, hidden, found)
    if not isinstance(node, ast.Node):
        return
    kind = type(node).__name__
    clause = getattr(node, "withClause", None)
    if clause is not None:
        hidden = _ctes(clause, hidden, found)
    if kind in _NAMELESS or _by_kind(node, kind, hidden, found):
        return
    for name in node:
        value = getattr(node, name)
        if name == "relation" and kind in _CHANGES:
            _relation(value, frozenset(), found)
        elif name != "withClause":
            _visit(value, hidden, found)


def _ctes(clause: ast.Node, hidden: frozenset[str], found: list[Found]) -> frozenset[str]:
    if clause.recursive:
        hidden |= {cte.ctename for cte in clause.ctes}
    for cte in clause.ctes:
        _visit(cte.ctequery, hidden, found)
        hidden |= {cte.ctename}
    return hidden


def _by_kind(node: ast.Node, kind: str, hidden: frozenset[str], found: list[Found]) -> bool:
    """Take the kinds of nodes whose names are not where a walk would find them; whether it was one."""
    if kind == "RangeVar":
        _relation(node, hidden, found)
    elif kind == "DropStmt":
        for names in node.objects:
            if node.removeType in _RELATIONS:
                found.append((None, _strings(names)))
            elif node.removeType in _ON_RELATION:
                found.append((None, _strings(names)[:-1]))
    elif kind in ("CommentStmt", "SecLabelStmt", "AlterExtensionContentsStmt"):
        if node.objtype in _RELATIONS:
            found.append((None, _strings(node.object)))
        elif node.objtype in _ON_RELATION or node.objtype == ObjectType.OBJECT_COLUMN:
            found.append((None, _strings(node.object)[:-1]))
    elif kind in ("CreateSeqStmt", "AlterSeqStmt"):
        _relation(node.sequence, hidden, found)
        for option in node.options or ():
            if option.defname == "owned_by" and len(option.arg) > 1:
                found.append((None, _strings(option.arg)[:-1]))
    elif kind == "TypeName" and node.pct_type:
        found.append((node.location, _strings(node.names)[:-1]))
    elif kind == "MultiAssignRef":
        return bool(node.colno != 1)
    elif kind == "CompositeTypeStmt":
        _visit(node.coldeflist, hidden, found)
    else:
        return _is_index(node, kind)
    return True


def _is_index(node: ast.Node, kind: str) -> bool:
    """Whether the relation that a statement names is an index or a type."""
    if kind == "RenameStmt":
        return bool(node.renameType in (ObjectType.OBJECT_INDEX, ObjectType.OBJECT_ATTRIBUTE))
    if kind == "AlterTableStmt":
        return bool(node.objtype in (ObjectType.OBJECT_INDEX, ObjectType.OBJECT_TYPE))
    return kind == "ReindexStmt" and node.kind.name == "REINDEX_OBJECT_INDEX"

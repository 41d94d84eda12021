"""What PostgreSQL's own parser sees named in a statement, read off libpg_query's tree through pglast."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pglast
from pglast import ast
from pglast.enums import CoercionForm, FunctionParameterMode, ObjectType


class Named(NamedTuple):
    """A name: where it starts (in characters; None where libpg_query does not say), its parts, what it names.

    `kind` is "relation" (sequences too), "type", "function", or "any" where the grammar does not tell the last two.
    """

    start: int | None
    parts: tuple[str, ...]
    kind: str = "relation"


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
_TYPES = {ObjectType.OBJECT_TYPE, ObjectType.OBJECT_DOMAIN, ObjectType.OBJECT_DOMCONSTRAINT}
_NAMELESS = ("WithClause", "LockingClause", "ConstraintsSetStmt", "ImportForeignSchemaStmt")
_CHANGES = ("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt")


def names(sql: str) -> list[Named] | None:
    """What one statement names, without CTEs; None when it does not parse."""
    try:
        statements = pglast.parse_sql(sql)
    except pglast.parser.ParseError:
        return None
    found: list[Named] = []
    for statement in statements:
        _visit(statement.stmt, frozenset(), found)
    return [
        name if name.start is None or name.start >= 0 else name._replace(start=None) for name in found if name.parts
    ]


def relations(sql: str) -> list[Named] | None:
    """Tables, views and sequences that one statement names, without CTEs; None when it does not parse."""
    found = names(sql)
    return None if found is None else [name for name in found if name.kind == "relation"]


def _strings(nodes: Iterable[ast.Node]) -> tuple[str, ...]:
    return tuple(part.sval for part in nodes)


def _range(node: ast.Node) -> tuple[str, ...]:
    return tuple(part for part in (node.catalogname, node.schemaname, node.relname) if part)


def _relation(node: ast.Node, hidden: frozenset[str], found: list[Named]) -> None:
    parts = _range(node)
    if node.relpersistence != "t" and node.schemaname != "pg_temp" and not (len(parts) == 1 and parts[0] in hidden):
        found.append(Named(node.location, parts))


def _visit(node: object, hidden: frozenset[str], found: list[Named]) -> None:
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
        if name == "returnType" and any(
            each.mode == FunctionParameterMode.FUNC_PARAM_TABLE for each in node.parameters or ()
        ):
            continue  # the type of the only column once more
        if name == "relation" and kind in _CHANGES:
            _relation(value, frozenset(), found)
        elif name != "withClause":
            _visit(value, hidden, found)


def temporary_ones(sql: str) -> Iterator[tuple[str, bool]]:
    """The temporary relations that `sql` makes (True), and what it drops (False), in order."""
    for statement in pglast.parse_sql(sql):
        node = statement.stmt
        if isinstance(node, ast.DropStmt) and node.removeType in _RELATIONS:
            yield from ((_strings(item)[-1], False) for item in node.objects)
        made = getattr(node, "relation", None) or getattr(node, "view", None) or getattr(node, "into", None)
        made = getattr(made, "rel", made)
        if isinstance(made, ast.RangeVar) and made.relpersistence == "t":
            yield made.relname, True


def asks_a_server(sql: str) -> bool:
    """Whether the tree does not say which relations bare names are: what CREATE SCHEMA makes sees its own first."""
    return any(isinstance(each.stmt, ast.CreateSchemaStmt) and each.stmt.schemaElts for each in pglast.parse_sql(sql))


def _ctes(clause: ast.Node, hidden: frozenset[str], found: list[Named]) -> frozenset[str]:
    if clause.recursive:
        hidden |= {cte.ctename for cte in clause.ctes}
    for cte in clause.ctes:
        _visit(cte.ctequery, hidden, found)
        hidden |= {cte.ctename}
    return hidden


def _by_kind(node: ast.Node, kind: str, hidden: frozenset[str], found: list[Named]) -> bool:
    """Take the kinds of nodes whose names are not where a walk would find them; whether nothing else is in them."""
    if kind == "RangeVar":
        _relation(node, hidden, found)
    elif kind == "DropStmt":
        for item in node.objects:
            if node.removeType in _RELATIONS:
                found.append(Named(None, _strings(item)))
            elif node.removeType in _ON_RELATION:
                found.append(Named(None, _strings(item)[:-1]))
            else:
                _visit(item, hidden, found)
    elif kind in ("CommentStmt", "SecLabelStmt", "AlterExtensionContentsStmt"):
        if node.objtype in _RELATIONS:
            found.append(Named(None, _strings(node.object)))
        elif node.objtype in _ON_RELATION or node.objtype == ObjectType.OBJECT_COLUMN:
            found.append(Named(None, _strings(node.object)[:-1]))
        else:
            _visit(node.object, hidden, found)
    elif kind in ("CreateSeqStmt", "AlterSeqStmt"):
        _relation(node.sequence, hidden, found)
        for option in node.options or ():
            if option.defname == "owned_by" and len(option.arg) > 1:
                found.append(Named(None, _strings(option.arg)[:-1]))
            else:
                _visit(option, hidden, found)
    elif kind == "DefElem":
        if isinstance(node.arg, ast.TypeName):  # only the option tells a type from a function or a setting
            found.append(Named(node.arg.location, _strings(node.arg.names), "any"))
        elif node.defname == "sequence_name":
            found.append(Named(None, _strings(node.arg)))
        elif node.defname in ("handler", "validator"):
            found.append(Named(None, _strings(node.arg or ()), "function"))
        else:
            _visit(node.arg, hidden, found)
    elif kind == "TypeName":
        parts = _strings(node.names)
        found.append(Named(node.location, parts[:-1]) if node.pct_type else Named(node.location, parts, "type"))
        _visit(node.typmods, hidden, found)
    elif kind == "MultiAssignRef":
        return bool(node.colno != 1)
    elif kind == "CompositeTypeStmt":
        found.append(Named(node.typevar.location, _range(node.typevar), "type"))
        _visit(node.coldeflist, hidden, found)
    elif kind == "ObjectWithArgs":
        if not re.match(r"[-+*/<>=~!@#%^&|`?]", node.objname[-1].sval):
            found.append(Named(None, _strings(node.objname), "function"))
        _visit(node.objfuncargs or node.objargs, hidden, found)
    else:
        _called(node, kind, found)
        return _is_index(node, kind)
    return True


def _called(node: ast.Node, kind: str, found: list[Named]) -> None:
    """Note the functions that a node names beside what a walk finds in it."""
    if kind == "FuncCall":
        if node.funcformat != CoercionForm.COERCE_SQL_SYNTAX:
            found.append(Named(node.location, _strings(node.funcname), "function"))
    elif kind in ("CreateFunctionStmt", "CreateTrigStmt", "CreateEventTrigStmt"):
        found.append(Named(None, _strings(node.funcname), "function"))
    elif kind == "DefineStmt" and node.kind == ObjectType.OBJECT_AGGREGATE:
        found.append(Named(None, _strings(node.defnames), "function"))
    elif kind == "DefineStmt" and node.kind == ObjectType.OBJECT_TYPE:
        found.append(Named(None, _strings(node.defnames), "type"))
    elif kind == "AlterTableStmt" and node.objtype == ObjectType.OBJECT_TYPE:
        found.append(Named(node.relation.location, _range(node.relation), "type"))
        _visit(node.cmds, frozenset(), found)
    elif kind == "RenameStmt" and node.renameType == ObjectType.OBJECT_ATTRIBUTE:
        found.append(Named(node.relation.location, _range(node.relation), "type"))
    elif kind in ("RenameStmt", "AlterObjectSchemaStmt", "AlterOwnerStmt"):
        target = node.renameType if kind == "RenameStmt" else node.objectType
        if target in _TYPES:
            found.append(Named(None, _strings(node.object), "type"))
    elif kind == "GrantStmt" and node.objtype in _TYPES:
        found.extend(Named(None, _strings(parts), "type") for parts in node.objects or ())
    elif kind == "CreatePLangStmt":
        for handler in (node.plhandler, node.plinline, node.plvalidator):
            found.append(Named(None, _strings(handler or ()), "function"))
    elif kind == "CreateAmStmt":
        found.append(Named(None, _strings(node.handler_name), "function"))
    elif kind == "IndexElem":
        found.append(Named(None, _strings(node.opclass or ()), "any"))
    elif kind == "CreateDomainStmt":
        found.append(Named(None, _strings(node.domainname), "type"))
    elif kind in ("CreateEnumStmt", "CreateRangeStmt", "AlterTypeStmt", "AlterDomainStmt", "AlterEnumStmt"):
        found.append(Named(None, _strings(node.typeName), "type"))


def _is_index(node: ast.Node, kind: str) -> bool:
    """Whether the relation that a statement names is an index or a type."""
    if kind == "RenameStmt":
        return bool(node.renameType in (ObjectType.OBJECT_INDEX, ObjectType.OBJECT_ATTRIBUTE))
    if kind == "AlterTableStmt":
        return bool(node.objtype in (ObjectType.OBJECT_INDEX, ObjectType.OBJECT_TYPE))
    if kind == "AlterObjectDependsStmt":
        return bool(node.objectType == ObjectType.OBJECT_INDEX)
    return kind == "ReindexStmt" and node.kind.name == "REINDEX_OBJECT_INDEX"

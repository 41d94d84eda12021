"""Read a mapping file, with every mistake in it at once."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from codemods.mapping.model import Database, Mapping, RedisNamespace, Relation, Service
from codemods.mapping.nodes import Reader
from codemods.mapping.problems import MappingError

_TOP = ("databases", "redis", "services", "default_schema", "application")
_DATABASE = ("host", "port", "database", "replaces", "schemas", "application")
_KINDS = {"tables": "table", "views": "view", "sequences": "sequence", "functions": "function", "types": "type"}
_SERVICE = ("paths", "schema", "port")
_DEFAULTS = ("none", "constant", "search_path")
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")
_LONGEST_NAME = 63
_NOT_IN_PREFIXES = re.compile(r"[\s*?\[\]\\'\"%]")
# https://www.postgresql.org/docs/current/sql-keywords-appendix.html, "reserved" without "can be function or type"
_RESERVED = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "both",
        "case",
        "cast",
        "check",
        "collate",
        "column",
        "constraint",
        "create",
        "current_catalog",
        "current_date",
        "current_role",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "deferrable",
        "desc",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "false",
        "fetch",
        "for",
        "foreign",
        "from",
        "grant",
        "group",
        "having",
        "in",
        "initially",
        "intersect",
        "into",
        "lateral",
        "leading",
        "limit",
        "localtime",
        "localtimestamp",
        "not",
        "null",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "placing",
        "primary",
        "references",
        "returning",
        "select",
        "session_user",
        "some",
        "symmetric",
        "system_user",
        "table",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "user",
        "using",
        "variadic",
        "when",
        "where",
        "window",
        "with",
    ]
)


def load(path: Path | str) -> Mapping:
    """The mapping in the file `path`. Raises `MappingError` with every mistake of the file."""
    reader = Reader(Path(path))
    mapping = _Mapping(reader).read(reader.compose())
    if reader.problems:
        raise MappingError(tuple(sorted(reader.problems)))
    return mapping


class _Mapping:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._relations: list[Relation] = []
        self._old: dict[tuple[str, str | None, str, str], Relation] = {}
        self._new: dict[tuple[str, str, str, str], Relation] = {}

    def read(self, root: yaml.Node) -> Mapping:
        reader = self._reader
        top = reader.entries(root, "the mapping", _TOP)
        databases: list[Database] = []
        if "databases" in top:
            for name, (key, node) in reader.entries(top["databases"][1], "databases").items():
                databases.append(self._database(name, key, node))
        elif isinstance(root, yaml.MappingNode):
            reader.complain(root, "there is no databases:", "name the new database and its schemas there")
        self._check_replaced(databases, top["databases"][1] if "databases" in top else root)
        schemas = {schema for database in databases for schema in database.schemas}
        services = tuple(self._services(top["services"][1], schemas)) if "services" in top else ()
        redis = tuple(self._redis(top["redis"][1])) if "redis" in top else ()
        default = reader.string(top["default_schema"][1], "default_schema") if "default_schema" in top else "none"
        if default is not None and default not in _DEFAULTS:
            reader.complain(
                top["default_schema"][1], f"default_schema {default!r} is unknown", f"one of {', '.join(_DEFAULTS)}"
            )
        return Mapping(reader.path, tuple(databases), tuple(self._relations), services, redis, default or "none")

    def _database(self, name: str, key: yaml.Node, node: yaml.Node) -> Database:
        reader = self._reader
        entries = reader.entries(node, f"database {name}", _DATABASE)
        said = reader.string(entries["database"][1], "database") if "database" in entries else name
        new = said or name
        host = reader.string(entries["host"][1], "host") if "host" in entries else None
        port = reader.integer(entries["port"][1], "port", 65535) if "port" in entries else None
        replaces: dict[str, None] = {}
        if "replaces" in entries:
            for item in reader.items(entries["replaces"][1], "replaces"):
                old = reader.string(item, "a replaced database")
                if old in replaces:
                    reader.complain(item, f"{old} is replaced twice", "keep one of them")
                elif old:
                    replaces[old] = None
        schemas: list[str] = []
        if "schemas" in entries:
            for schema, (schema_key, contents) in reader.entries(entries["schemas"][1], "schemas").items():
                self._check_name(schema_key, schema, "schema")
                schemas.append(schema)
                self._schema(new, schema, contents, tuple(replaces))
        return Database(name, new, host, port, tuple(replaces), tuple(schemas), key.start_mark.line + 1)

    def _schema(self, database: str, schema: str, node: yaml.Node, replaces: tuple[str, ...]) -> None:
        for group, (_, items) in self._reader.entries(node, f"schema {schema}", tuple(_KINDS)).items():
            for item in self._reader.items(items, group):
                self._relation(database, schema, _KINDS[group], item, replaces)

    def _relation(self, database: str, schema: str, kind: str, node: yaml.Node, replaces: tuple[str, ...]) -> None:
        reader = self._reader
        old: tuple[str | None, str, str] | None = None
        if isinstance(node, yaml.MappingNode):
            entries = reader.entries(node, f"a {kind}", ("name", "from"))
            if "name" not in entries:
                reader.complain(node, f"a {kind} of {schema} has no name", "write {name: new_name, from: old_name}")
                return
            node = entries["name"][1]
            if "from" in entries:
                old = self._origin(entries["from"][1], replaces)
        name = reader.string(node, f"a {kind} of {schema}")
        # Behind the dot of its schema PostgreSQL takes every word, so only a new name has to do without quotes.
        if name is None or not self._check_name(node, name, kind, reserved=old is None or old[2] == name):
            return
        old_database, old_schema, old_name = old or (None, "public", name)
        mark = node.start_mark
        relation = Relation(
            kind, database, schema, name, old_database, old_schema, old_name, mark.line + 1, mark.column + 1
        )
        self._add(relation, node)

    def _origin(self, node: yaml.Node, replaces: tuple[str, ...]) -> tuple[str | None, str, str] | None:
        text = self._reader.string(node, "from")
        if text is None:
            return None
        parts = text.split(".")
        if not 1 <= len(parts) <= 3 or not all(parts):
            self._reader.complain(node, f"from: {text!r} is no name", "write name, schema.name or database.schema.name")
            return None
        if not all(self._check_name(node, part, "name", reserved=True) for part in parts[-2:]):
            return None
        database = parts[0] if len(parts) == 3 else None
        if database is not None and database not in replaces:
            self._reader.complain(node, f"{database} is not one of the replaced databases", "add it to replaces:")
        return database, parts[-2] if len(parts) > 1 else "public", parts[-1]

    def _add(self, relation: Relation, node: yaml.Node) -> None:
        family = "relation" if relation.kind in ("table", "view", "sequence") else relation.kind
        new = (family, relation.database, relation.schema, relation.name)
        old = (family, relation.old_database, relation.old_schema, relation.old_name)
        twin = self._new.get(new)
        first = self._old.get(old) or twin
        if first is None:
            self._old[old] = self._new[new] = relation
            self._relations.append(relation)
            return
        came = f"{relation.old_schema}.{relation.old_name}"
        if (first.schema, first.name) == (relation.schema, relation.name):
            message = f"{relation.qualified} is listed twice"
        else:
            message = f"{came} has two targets, {first.qualified} and {relation.qualified}"
        help = f"keep one (the first is in line {first.line}), or say where each came from (from: database.schema.name)"
        self._reader.complain(node, message, help)

    def _check_name(self, node: yaml.Node, name: str, what: str, reserved: bool = False) -> bool:
        """Complain of a name that cannot be written as it is; `reserved` allows words of SQL."""
        if _PLAIN.fullmatch(name) and len(name) <= _LONGEST_NAME and (reserved or name not in _RESERVED):
            return True
        why = (
            "is longer than 63 bytes"
            if len(name) > _LONGEST_NAME
            else ("is a reserved word of SQL" if name in _RESERVED else "would need quotes in SQL")
        )
        self._reader.complain(node, f"the {what} {name!r} {why}", "use lower-case letters, digits and _")
        return False

    def _check_replaced(self, databases: list[Database], node: yaml.Node) -> None:
        seen: dict[str, str] = {}
        for database in databases:
            for old in database.replaces:
                if seen.setdefault(old, database.database) != database.database:
                    self._reader.complain(
                        node, f"{old} is replaced by {seen[old]} and by {database.database}", "keep one of them"
                    )

    def _services(self, node: yaml.Node, schemas: set[str]) -> list[Service]:
        reader = self._reader
        found = []
        for name, (_, value) in reader.entries(node, "services").items():
            entries = reader.entries(value, f"service {name}", _SERVICE)
            paths = []
            if "paths" in entries:
                paths = [
                    path
                    for item in reader.items(entries["paths"][1], "paths")
                    if (path := reader.string(item, "a path"))
                ]
            else:
                reader.complain(value, f"service {name} has no paths", "list patterns of its files")
            schema = reader.string(entries["schema"][1], "schema") if "schema" in entries else None
            if schema is not None and schema not in schemas:
                reader.complain(entries["schema"][1], f"{schema} is none of the schemas above", "correct the name")
            port = reader.integer(entries["port"][1], "port", 65535) if "port" in entries else None
            found.append(Service(name, tuple(paths), schema, port))
        return found

    def _redis(self, node: yaml.Node) -> list[RedisNamespace]:
        reader = self._reader
        found: dict[str, RedisNamespace] = {}
        for item in reader.items(node, "redis"):
            entries = reader.entries(item, "a Redis namespace", ("from", "to", "db"))
            missing = [key for key in ("from", "to", "db") if key not in entries]
            if missing:
                reader.complain(item, f"a Redis namespace has no {missing[0]}", "write {from: old, to: new, db: 0}")
                continue
            old, new = (reader.string(entries[key][1], key) for key in ("from", "to"))
            db = reader.integer(entries["db"][1], "db", 1_000_000)
            if old is None or new is None or db is None:
                continue
            odd = next((sign for text in (old, new) for sign in _NOT_IN_PREFIXES.findall(text)), None)
            if not old or not new:
                reader.complain(item, "an empty prefix would match every key", "write the prefix with its colon")
            elif odd is not None:
                reader.complain(item, f"a prefix cannot hold {odd!r}", "write how the keys begin, not a pattern")
            elif old in found:
                reader.complain(item, f"{old!r} is listed twice", f"keep one; the first is in line {found[old].line}")
            else:
                mark = item.start_mark
                found[old] = RedisNamespace(old, new, db, mark.line + 1, mark.column + 1)
                self._check_namespace(found[old], found, item)
        return list(found.values())

    def _check_namespace(self, namespace: RedisNamespace, known: dict[str, RedisNamespace], node: yaml.Node) -> None:
        """Two namespaces must not become one, and none may take the name that another one leaves."""
        for other in known.values():
            if other is namespace:
                continue
            if other.new == namespace.new:
                self._reader.complain(
                    node,
                    f"{namespace.old!r} and {other.old!r} both become {other.new!r}, so that their keys could collide",
                    f"give one of them a prefix of its own (the other is in line {other.line})",
                )
            for one, two in ((namespace, other), (other, namespace)):
                if one.new == two.old:
                    self._reader.complain(
                        node,
                        f"{one.old!r} becomes {one.new!r}, which is the old prefix of line {two.line}",
                        "choose a prefix that no key has yet, or a second run would move the keys again",
                    )

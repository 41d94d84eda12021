"""What a database holds, as records that two layouts can be compared by.

Source: https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from codemods.catalog.connect import ask

if TYPE_CHECKING:
    from psycopg import Connection

_OURS = """n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{catalog}'::regclass AND e.objid = {oid}
                    AND e.deptype = 'e')"""
_RELATIONS = f"""
    SELECT c.oid, n.nspname, c.relname, c.relkind::text, greatest(c.reltuples, 0)::bigint,
           on_.nspname, oc.relname, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_depend d ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
                         AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
    LEFT JOIN pg_class oc ON oc.oid = d.refobjid
    LEFT JOIN pg_namespace on_ ON on_.oid = oc.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {_OURS.format(catalog="pg_class", oid="c.oid")}
    ORDER BY n.nspname, c.relname
"""
_COLUMNS = """
    SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
           pg_get_expr(d.adbin, d.adrelid),
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary
                   AND a.attnum = ANY (i.indkey))
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ANY (%s)
    ORDER BY a.attrelid, a.attnum
"""
_FOREIGN_KEYS = """
    SELECT n.nspname, c.relname, k.conname, fn.nspname, fc.relname
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class fc ON fc.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = fc.relnamespace
    WHERE k.contype = 'f' ORDER BY 1, 2, 3
"""
_INDEXES = f"""
    SELECT n.nspname, t.relname, c.relname
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE {_OURS.format(catalog="pg_class", oid="t.oid")}
    ORDER BY 1, 2, 3
"""
_ROUTINES = f"""
    SELECT n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), l.lanname, p.prokind::text,
           pg_get_functiondef(p.oid), p.prosrc, coalesce(p.proconfig, '{{}}')
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
    WHERE p.prokind IN ('f', 'p') AND l.lanname NOT IN ('c', 'internal')
      AND {_OURS.format(catalog="pg_proc", oid="p.oid")}
    ORDER BY 1, 2, 3
"""
_TYPES = f"""
    SELECT n.nspname, t.typname, t.typtype::text
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c'
           AND (SELECT relkind FROM pg_class WHERE oid = t.typrelid) = 'c')
      AND {_OURS.format(catalog="pg_type", oid="t.oid")}
    ORDER BY 1, 2
"""
_SEARCH_PATHS = """
    SELECT coalesce(r.rolname, ''), coalesce(d.datname, ''), split_part(s.setting, '=', 2)
    FROM pg_db_role_setting x CROSS JOIN LATERAL unnest(x.setconfig) AS s(setting)
    LEFT JOIN pg_roles r ON r.oid = x.setrole LEFT JOIN pg_database d ON d.oid = x.setdatabase
    WHERE s.setting LIKE 'search\\_path=%'
      AND (x.setdatabase = 0 OR x.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
    ORDER BY 1, 2
"""
_KINDS = {"r": "table", "p": "table", "f": "table", "v": "view", "m": "view", "S": "sequence"}


class Name(NamedTuple):
    """A schema and a name in it, without quotes."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


class Column(NamedTuple):
    name: str
    type: str
    required: bool
    default: str | None
    in_key: bool


class Relation(NamedTuple):
    """`kind` is "table", "view" or "sequence"; `rows` an estimate; `owner` the table that owns a sequence.

    `definition` is the query of a view.
    """

    name: Name
    kind: str
    rows: int
    owner: Name | None
    columns: tuple[Column, ...]
    definition: str | None = None


class ForeignKey(NamedTuple):
    table: Name
    constraint: str
    target: Name


class Index(NamedTuple):
    """An index, which is in the schema of its table."""

    table: Name
    name: str


class Routine(NamedTuple):
    """A function or procedure: `definition` is its CREATE statement, `settings` are `name=value`."""

    name: Name
    arguments: str
    language: str
    is_procedure: bool
    definition: str
    body: str
    settings: tuple[str, ...]


class SearchPath(NamedTuple):
    """`schemas` is set for a role, a database, or both; "" stands for every one."""

    role: str
    database: str
    schemas: str


class Catalog(NamedTuple):
    """What is in one database, without the server's own things and those of extensions."""

    relations: tuple[Relation, ...]
    foreign_keys: tuple[ForeignKey, ...]
    routines: tuple[Routine, ...]
    types: tuple[Name, ...]
    search_paths: tuple[SearchPath, ...]
    indexes: tuple[Index, ...] = ()

    @property
    def names(self) -> frozenset[Name]:
        """Every relation."""
        return frozenset(relation.name for relation in self.relations)


def read_catalog(connection: Connection) -> Catalog:
    """The catalog of the database that `connection` is in; names in types, defaults and definitions have schemas."""
    with connection.transaction():
        ask(connection, "SELECT set_config('search_path', '', true)")
        return _read(connection)


def _read(connection: Connection) -> Catalog:
    rows = ask(connection, _RELATIONS)
    columns: dict[int, list[Column]] = defaultdict(list)
    for oid, name, kind, required, default, in_key in ask(connection, _COLUMNS, [[row[0] for row in rows]]):
        columns[oid].append(Column(name, kind, required, default, in_key))
    return Catalog(
        tuple(
            Relation(
                Name(schema, name), _KINDS[kind], count, Name(owner_schema, owner) if owner else None,
                () if kind == "S" else tuple(columns[oid]), definition,
            )
            for oid, schema, name, kind, count, owner_schema, owner, definition in rows
        ),
        tuple(
            ForeignKey(Name(schema, table), constraint, Name(target_schema, target))
            for schema, table, constraint, target_schema, target in ask(connection, _FOREIGN_KEYS)
        ),
        tuple(
            Routine(Name(schema, name), arguments, language, kind == "p", definition, body, tuple(settings))
            for schema, name, arguments, language, kind, definition, body, settings in ask(connection, _ROUTINES)
        ),
        tuple(Name(schema, name) for schema, name, _ in ask(connection, _TYPES)),
        tuple(SearchPath(*row) for row in ask(connection, _SEARCH_PATHS)),
        tuple(Index(Name(schema, table), name) for schema, table, name in ask(connection, _INDEXES)),
    )  # fmt: skip

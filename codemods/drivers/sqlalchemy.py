"""SQLAlchemy's textual SQL, engines, tables and mapped classes: https://docs.sqlalchemy.org/"""

from codemods.drivers.model import Connect, Driver, MappedClass, Query, TableArgument, TableReference

RULE = "orm-table-without-schema"
REGISTRY = "sqlalchemy"
ENGINE = "sqlalchemy.engine.Engine()"
BOUND = frozenset(
    {
        "sqlalchemy.orm.sessionmaker", "sqlalchemy.orm.session.sessionmaker", "sqlalchemy.orm.Session",
        "sqlalchemy.orm.session.Session", "sqlalchemy.orm.scoped_session", "sqlalchemy.orm.scoping.scoped_session",
        "sqlalchemy.ext.asyncio.async_sessionmaker", "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlalchemy.ext.asyncio.async_scoped_session", "sqlmodel.Session", "sqlmodel.ext.asyncio.session.AsyncSession",
    }
)  # fmt: skip
"""Sessions and what makes them: they talk to the engine that they are given."""
_MODULES = ("sqlalchemy", "flask_sqlalchemy", "sqlmodel")
DECLARATIVE = TableArgument(
    ("__tablename__",), 0, (), "schema", 'add "schema": "{schema}" to __table_args__', RULE, registry=REGISTRY
)
ENUM_COLUMN = TableArgument((), 0, (), None, "give the column the type Enum(…, schema={schema!r})", RULE, kind="type")
_INSPECTOR = (
    "has_table", "get_columns", "get_pk_constraint", "get_foreign_keys", "get_indexes", "get_unique_constraints",
    "get_check_constraints", "get_table_comment", "get_table_options",
)  # fmt: skip
_LISTS = (
    "get_table_names", "get_view_names", "get_materialized_view_names", "get_sequence_names", "get_enums",
    "get_sorted_table_and_fkc_names", "get_multi_columns", "get_multi_indexes", "get_multi_foreign_keys",
)  # fmt: skip
# What has every function of the database as an attribute.
FUNCTIONS = ("sqlalchemy.func", "sqlalchemy.sql.func", "sqlalchemy.sql.expression.func", "sqlmodel.func",
              "flask_sqlalchemy.SQLAlchemy().func")  # fmt: skip
_OF_RELATIONS = (
    "nextval", "currval", "setval", "to_regclass", "pg_get_serial_sequence", "pg_relation_size",
    "pg_total_relation_size", "pg_table_size", "pg_indexes_size",
)  # fmt: skip


def core_names(*functions: str) -> tuple[str, ...]:
    """Where SQLAlchemy's schema objects are imported from."""
    places = ("sqlalchemy", "sqlalchemy.schema", "sqlalchemy.sql.schema", "sqlalchemy.sql.expression", "sqlalchemy.sql")
    return tuple(f"{place}.{function}" for place in places for function in functions)


def table(*names: str) -> TableArgument:
    """A function that makes a `Table` known to its metadata."""
    return TableArgument(
        names, 0, ("name",), "schema", "pass schema={schema!r}", RULE, registry=REGISTRY, registry_position=1
    )


DRIVER = Driver(
    "sqlalchemy",
    "unknown",
    connects=(
        Connect(
            (
                "sqlalchemy.create_engine",
                "sqlalchemy.engine.create_engine",
                "sqlalchemy.ext.asyncio.create_async_engine",
                "sqlmodel.create_engine",
            ),
            "unknown",
            0,
            {"url": "dsn"},
        ),
    ),
    queries=(
        Query(
            ("sqlalchemy.text", "sqlalchemy.sql.text", "sqlalchemy.sql.expression.text", "sqlmodel.text"),
            keywords=("text",),
            returns="text",
        ),
        Query(("sqlalchemy.DDL", "sqlalchemy.schema.DDL"), returns="text"),
        Query(("exec_driver_sql", "scalar", "scalars", "stream_scalars")),
        Query(("select_from",), keywords=(), around=("SELECT FROM ", "")),
        *(
            Query(tuple(f"{place}.{name}" for place in FUNCTIONS), keywords=(), around=(f"SELECT {name}('", "')"))
            for name in _OF_RELATIONS
        ),
    ),
    tables=(
        table(*core_names("Table")),
        TableArgument(core_names("table"), 0, ("name",), "schema", "pass schema={schema!r}", RULE),
        TableArgument(core_names("Sequence"), 0, ("name",), "schema", "pass schema={schema!r}", RULE, kind="sequence"),
        TableArgument(
            (
                *core_names("Enum"),
                "sqlalchemy.types.Enum",
                "sqlalchemy.dialects.postgresql.ENUM",
            ),
            -1,
            ("name",),
            "schema",
            "pass schema={schema!r}",
            RULE,
            kind="type",
        ),
        TableArgument(
            (
                "sqlalchemy.MetaData().reflect",
                "sqlalchemy.schema.MetaData().reflect",
                "sqlalchemy.orm.declarative_base().metadata.reflect",
                "sqlalchemy.ext.automap.automap_base().prepare",
                "flask_sqlalchemy.SQLAlchemy().reflect",
                "flask_sqlalchemy.SQLAlchemy().metadata.reflect",
            ),
            -1,
            (),
            "schema",
            "pass the schema of each of its tables, one call a schema",
            RULE,
            default="",
        ),
        TableArgument(
            (*(f"sqlalchemy.inspect().{name}" for name in _LISTS), f"{ENGINE}.table_names"),
            -1,
            (),
            "schema",
            "pass the schema of each of its tables, one call a schema",
            RULE,
            schema_position=0,
            default="",
        ),
        TableArgument(
            tuple(f"sqlalchemy.inspect().{name}" for name in _INSPECTOR),
            0,
            ("table_name",),
            "schema",
            "pass schema={schema!r}",
            RULE,
            schema_position=1,
        ),
        *(
            TableArgument(
                (f"{ENGINE}.has_table",),
                position,
                ("table_name",),
                "schema",
                "pass schema={schema!r}",
                RULE,
                or_object=True,
            )
            for position in (0, 1)
        ),
    ),
    references=(
        TableReference(("ForeignKey",), 0, ("column", "foreign_key"), REGISTRY, _MODULES, has_column=True),
        TableReference(("ForeignKeyConstraint",), 1, ("refcolumns",), REGISTRY, _MODULES, has_column=True),
        TableReference(("relationship", "relation", "backref"), 1, ("secondary",), REGISTRY, _MODULES),
        TableReference(("metadata.tables[]", "MetaData().tables[]"), 0, (), REGISTRY),
        *(
            TableReference(("relationship", "relation", "backref"), -1, (keyword,), REGISTRY, is_expression=True)
            for keyword in ("primaryjoin", "secondaryjoin", "foreign_keys", "remote_side", "order_by")
        ),
    ),
    classes=(
        MappedClass(
            (),
            "__tablename__",
            "__table_args__",
            "schema",
            "",
            DECLARATIVE,
            columns=("Column", "mapped_column"),
            enums=ENUM_COLUMN,
        ),
    ),
    instances=(
        *core_names("MetaData", "inspect"),
        "sqlalchemy.orm.declarative_base",
        "sqlalchemy.ext.declarative.declarative_base",
        "sqlalchemy.ext.automap.automap_base",
        "sqlalchemy.orm.registry",
        "sqlalchemy.orm.registry().generate_base",
    ),
    connection_types=(
        "sqlalchemy.orm.Session",
        "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlalchemy.engine.Connection",
        "sqlalchemy.engine.Engine",
    ),
)

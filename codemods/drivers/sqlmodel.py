"""SQLModel, whose tables are named after their classes: https://sqlmodel.tiangolo.com/"""

from codemods.drivers.model import Driver, MappedClass, TableReference
from codemods.drivers.sqlalchemy import DECLARATIVE, ENUM_COLUMN, REGISTRY

DRIVER = Driver(
    "sqlmodel",
    "unknown",
    references=(TableReference(("Field",), -1, ("foreign_key",), REGISTRY, ("sqlmodel",), has_column=True),),
    classes=(
        MappedClass(
            ("sqlmodel.SQLModel",),
            "__tablename__",
            "__table_args__",
            "schema",
            "lower",
            DECLARATIVE,
            marked="table",
            columns=("SQLModel", "primary_key"),
            enums=ENUM_COLUMN,
        ),
    ),
)

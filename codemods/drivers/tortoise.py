"""Tortoise ORM's models: https://tortoise.github.io/models.html"""

from codemods.drivers.model import Driver, MappedClass, TableArgument
from codemods.drivers.sqlalchemy import RULE

_META = TableArgument(("tortoise.Model.Meta",), 0, (), "schema", 'add schema = "{schema}" to class Meta', RULE)

DRIVER = Driver(
    "tortoise",
    "unknown",
    tables=(
        TableArgument(
            ("tortoise.fields.ManyToManyField", "tortoise.fields.relational.ManyToManyField"),
            -1,
            ("through",),
            None,
            "Tortoise has no schema for joining tables: put {schema} on the search_path of its connection",
            RULE,
            or_object=True,
        ),
    ),
    classes=(
        MappedClass(
            ("tortoise.models.Model", "tortoise.Model"),
            "table",
            "Meta",
            "schema",
            "lower",
            _META,
            columns=("Model", "Meta"),
        ),
    ),
)

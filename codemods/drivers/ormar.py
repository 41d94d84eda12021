"""ormar's models, whose schema is that of their metadata: https://collerek.github.io/ormar/"""

from codemods.drivers.model import Driver, MappedClass, TableArgument
from codemods.drivers.sqlalchemy import RULE

_WAY_OUT = "give it a metadata of its own: MetaData(schema={schema!r})"

DRIVER = Driver(
    "ormar",
    "unknown",
    tables=(
        TableArgument(
            ("copy", "ormar.OrmarConfig", "ormar.models.ormar_config.OrmarConfig"),
            -1,
            ("tablename",),
            None,
            _WAY_OUT,
            RULE,
            or_object=True,
        ),
    ),
    classes=(
        MappedClass(
            ("ormar.Model", "ormar.models.Model"),
            "tablename",
            "Meta",
            "",
            "",
            TableArgument(("ormar.Model.Meta",), 0, (), None, _WAY_OUT, RULE),
            columns=("ormar",),
        ),
    ),
)

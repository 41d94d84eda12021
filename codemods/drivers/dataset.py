"""dataset, whose connection has one schema: https://dataset.readthedocs.io/"""

from codemods.drivers.model import Driver, TableArgument
from codemods.drivers.sqlalchemy import RULE


def _table(*names: str, or_object: bool = False) -> TableArgument:
    return TableArgument(
        tuple(f"dataset.connect(){name}" for name in names),
        0,
        ("table_name",),
        None,
        "ask a connection of that schema: dataset.connect(…, schema={schema!r})",
        RULE,
        or_object=or_object,
    )


DRIVER = Driver(
    "dataset",
    "unknown",
    tables=(_table("[]", or_object=True), _table(".get_table", ".load_table", ".create_table")),
    instances=("dataset.connect",),
)

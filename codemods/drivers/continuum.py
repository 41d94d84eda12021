"""SQLAlchemy-Continuum: https://sqlalchemy-continuum.readthedocs.io/

A version table takes its schema from the class that it keeps the versions of; the table of transactions takes none.
"""

from codemods.drivers.model import Driver, TableArgument
from codemods.drivers.sqlalchemy import RULE

DRIVER = Driver(
    "sqlalchemy_continuum",
    "unknown",
    tables=(
        TableArgument(
            ("sqlalchemy_continuum.make_versioned",),
            -1,
            (),
            None,
            "give VersioningManager a subclass of TransactionFactory whose class has the schema in __table_args__",
            RULE,
            default="transaction",
        ),
    ),
)

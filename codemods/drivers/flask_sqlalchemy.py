"""Flask-SQLAlchemy, whose models are named after their classes: https://flask-sqlalchemy.readthedocs.io/"""

from codemods.drivers.model import Driver, MappedClass
from codemods.drivers.sqlalchemy import DECLARATIVE, table

_DB = "flask_sqlalchemy.SQLAlchemy()"

DRIVER = Driver(
    "flask_sqlalchemy",
    "unknown",
    tables=(table(f"{_DB}.Table"),),
    classes=(MappedClass((f"{_DB}.Model",), "__tablename__", "__table_args__", "schema", "snake", DECLARATIVE),),
    instances=("flask_sqlalchemy.SQLAlchemy",),
)

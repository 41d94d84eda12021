"""Django's raw SQL and models: https://docs.djangoproject.com/en/stable/topics/db/sql/"""

from codemods.drivers.model import Driver, MappedClass, Query, TableArgument
from codemods.drivers.sqlalchemy import RULE

_META = TableArgument(
    ("django.db.models.Model.Meta",),
    0,
    (),
    None,
    'Django has no setting for a schema: put {schema} on the search_path of its connection, in DATABASES: "OPTIONS": '
    '{{"options": "-c search_path={schema}"}}',
    RULE,
)

DRIVER = Driver(
    "django",
    "unknown",
    queries=(
        Query(("raw",), keywords=("raw_query",), returns="rows"),
        Query(("django.db.models.expressions.RawSQL",), returns="text"),
        Query(("django.db.migrations.RunSQL", "django.db.migrations.operations.RunSQL"), returns="text"),
        Query(
            ("django.db.migrations.RunSQL", "django.db.migrations.operations.RunSQL"),
            1,
            ("reverse_sql",),
            returns="text",
        ),
    ),
    classes=(MappedClass(("django.db.models.Model",), "db_table", "Meta", "", "", _META, columns=("Model", "Meta")),),
    connection_types=("django.db.connection", "django.db.transaction"),
)

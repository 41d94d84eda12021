"""Django's raw SQL: https://docs.djangoproject.com/en/stable/topics/db/sql/"""

from codemods.drivers.model import Driver, Query

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
    connection_types=("django.db.connection", "django.db.transaction"),
)

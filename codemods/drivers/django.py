"""Django's raw SQL, models and migrations: https://docs.djangoproject.com/en/stable/topics/db/sql/

Django has no setting for a schema. Names that bring their own quotes (`db_table = '"schema"."table"'`) are found by
queries, but not by migrations, which look up constraints and indexes by the whole name; `search_path` does for both.
"""

from codemods.drivers.model import Driver, MappedClass, Query, TableArgument
from codemods.drivers.sqlalchemy import RULE

DATABASE = "django.conf.settings.DATABASES"
# Tables of Django's own applications, which no model of a tree defines.
_OWN = (
    "django_migrations", "django_content_type", "django_session", "django_site", "django_admin_log", "auth_user",
    "auth_group", "auth_permission", "auth_group_permissions", "auth_user_groups", "auth_user_user_permissions",
)  # fmt: skip
_WAY_OUT = (
    "Django has no setting for a schema: put the schemas on the search_path of its connection, in DATABASES: "
    '"OPTIONS": {{"options": "-c search_path={schemas},public"}}'
)
SEARCH_PATH = TableArgument(
    (DATABASE,),
    -1,
    (),
    None,
    'write "OPTIONS": {{"options": "-c search_path={schemas},public"}}',
    "search-path-misses-schema",
    default="",
)
_MIGRATIONS = ("django.db.migrations", "django.db.migrations.operations")


def _table(
    names: tuple[str, ...], position: int, *keywords: str, key: str = "", default: str | None = None
) -> TableArgument:
    return TableArgument(
        names, position, keywords, None, _WAY_OUT, RULE, default=default, key=key, or_object=True, by_search_path=True
    )


def _operation(name: str) -> tuple[str, ...]:
    return tuple(f"{module}.{name}" for module in _MIGRATIONS)


DRIVER = Driver(
    "django",
    "unknown",
    queries=(
        Query(("raw",), keywords=("raw_query",), returns="rows"),
        Query(("django.db.models.expressions.RawSQL",), returns="text"),
        Query(_operation("RunSQL"), returns="text"),
        Query(_operation("RunSQL"), 1, ("reverse_sql",), returns="text"),
    ),
    tables=(
        _table(("extra",), -1, "tables"),
        _table(_operation("CreateModel"), 2, "options", key="db_table"),
        _table(_operation("AlterModelTable"), 1, "table"),
        _table(("django.db.models.ManyToManyField",), -1, "db_table"),
        *(_table((DATABASE,), -1, default=name) for name in _OWN),
    ),
    classes=(
        MappedClass(
            (
                "django.db.models.Model", "django.contrib.gis.db.models.Model",
                "django.contrib.auth.models.AbstractUser", "django.contrib.auth.models.AbstractBaseUser",
                "django.contrib.auth.base_user.AbstractBaseUser", "model_utils.models.TimeStampedModel",
                "django_extensions.db.models.TimeStampedModel", "polymorphic.models.PolymorphicModel",
                "mptt.models.MPTTModel",
            ),
            "db_table",
            "Meta",
            "",
            "application",
            _table(("django.db.models.Model.Meta",), 0),
            columns=("Model", "Meta"),
        ),
    ),
    connection_types=("django.db.connection", "django.db.transaction"),
)  # fmt: skip

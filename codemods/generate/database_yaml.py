"""`relink generate database-yaml`: the plan's `config/database.yaml`, without what only relink reads."""

from __future__ import annotations

from typing import Any

import yaml

from codemods.generate.ddl import Output
from codemods.generate.stamp import stamp
from codemods.mapping import Database, Mapping


def database_yaml(mapping: Mapping) -> Output:
    """The databases, their schemas and the tables in each, by their new names."""
    content = {"databases": {each.name: _database(each, mapping) for each in mapping.databases}}
    text = yaml.safe_dump(content, sort_keys=False, default_flow_style=False, allow_unicode=True)
    return Output("database.yaml", f"# {stamp('database-yaml', mapping)}\n{text}")


def _database(database: Database, mapping: Mapping) -> dict[str, Any]:
    place = {"host": database.host, "port": database.port}
    schemas = {
        schema: {"tables": [each.name for each in mapping.relations
                            if (each.database, each.schema) == (database.database, schema)
                            and each.kind in ("table", "view")]}
        for schema in database.schemas
    }  # fmt: skip
    return {
        **{key: value for key, value in place.items() if value is not None},
        "database": database.database,
        "schemas": schemas,
    }

"""`relink generate redis-migration`: a script that moves the keys of a live Redis."""

from __future__ import annotations

from codemods.generate.ddl import Output
from codemods.generate.render import render
from codemods.generate.stamp import stamp
from codemods.mapping import Mapping


def redis_migration(mapping: Mapping) -> Output:
    """One file of Python that needs redis-py only."""
    text = render("redis_migration.py", stamp=stamp("redis-migration", mapping), namespaces=mapping.redis)
    return Output("redis_migration.py", text)

"""The mapping: where every database, schema, relation and Redis namespace went."""

from __future__ import annotations

from pathlib import Path

from codemods.mapping.model import (
    Already,
    Ambiguous,
    Database,
    Mapping,
    Moved,
    RedisNamespace,
    Relation,
    Resolution,
    Service,
)  # fmt: skip
from codemods.mapping.problems import MappingError, Problem


def load(path: Path | str) -> Mapping:
    """The mapping in the file `path`. Raises `MappingError` with every mistake of the file."""
    from codemods.mapping.read import load as read  # the YAML library is slow to import

    return read(path)


__all__ = [
    "Already",
    "Ambiguous",
    "Database",
    "Mapping",
    "MappingError",
    "Moved",
    "Problem",
    "RedisNamespace",
    "Relation",
    "Resolution",
    "Service",
    "load",
]

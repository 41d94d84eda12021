"""The mapping: where every database, schema, relation and Redis namespace went."""

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
from codemods.mapping.read import load

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

"""Reads SQL: which relations a text names, and exactly where."""

from .looks import looks_like_sql
from .model import CatalogFilter, Identifier, Kind, Owned, Reference, Role, Script, SearchPath, Statement
from .names_of_relations import gives_qualified_names, qualified_names
from .paths import made, renamed, with_paths
from .proof import Renames, equivalent
from .rows import attributes, says_row
from .statements import read
from .tokens import HOLE

SQL_SUFFIXES = (".sql", ".psql", ".pgsql", ".ddl")
"""The ends of the names of files that hold SQL."""

__all__ = [
    "HOLE",
    "SQL_SUFFIXES",
    "CatalogFilter",
    "Identifier",
    "Kind",
    "Owned",
    "Reference",
    "Renames",
    "Role",
    "Script",
    "SearchPath",
    "Statement",
    "attributes",
    "equivalent",
    "gives_qualified_names",
    "looks_like_sql",
    "made",
    "qualified_names",
    "read",
    "renamed",
    "says_row",
    "with_paths",
]

"""Comparisons of the catalogs' columns with literals, from which a query says what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cursor import has_piece
from .keywords import words
from .model import Identifier
from .tokens import DOLLAR, STRING

if TYPE_CHECKING:
    from .expressions import FrameReader

SCHEMA_COLUMNS = words(
    """TABLE_SCHEMA SCHEMANAME NSPNAME SCHEMA_NAME SEQUENCE_SCHEMA CONSTRAINT_SCHEMA ROUTINE_SCHEMA TRIGGER_SCHEMA
    EVENT_OBJECT_SCHEMA UDT_SCHEMA UNIQUE_CONSTRAINT_SCHEMA SPECIFIC_SCHEMA DOMAIN_SCHEMA TG_TABLE_SCHEMA"""
)
NAME_COLUMNS = words(
    """TABLE_NAME TABLENAME RELNAME VIEWNAME MATVIEWNAME SEQUENCE_NAME SEQUENCENAME EVENT_OBJECT_TABLE TYPNAME PRONAME
    ROUTINE_NAME TG_TABLE_NAME TG_RELNAME"""
)
PATH_SCHEMA = "current_schema"
"""What a filter asks for that takes its schema from `search_path`."""

_COMPARISONS = ("=", "<>", "!=")
_LISTED = words(", ARRAY [ ] :: TEXT NAME VARCHAR")


def content(reader: FrameReader, index: int) -> tuple[int, int] | None:
    """The span of a literal's text between its quotes; None when escapes keep it from being read in place."""
    start, end = reader.starts[index], reader.ends[index]
    text = reader.text
    if reader.kinds[index] == DOLLAR:
        tag = text.index("$", start + 1) + 1 - start
        return start + tag, end - tag
    if reader.kinds[index] != STRING:
        return None
    start += text[start] in "nN"
    if text[start] != "'":
        return None
    return None if text.find("'", start + 1, end - 1) >= 0 else (start + 1, end - 1)


def read_filter(reader: FrameReader, index: int) -> None:
    """A comparison of the catalog's column at `index` with literals, kept until the query around it ends."""
    arm = reader.frame.arm
    is_schema = reader.words[index] in SCHEMA_COLUMNS
    if is_schema and (own := _path_schema(reader, index)):
        arm.schema_filters.append(own)
        return
    arm.of_trigger |= reader.words[index][:3] == "TG_"
    literals, exact = _compared(reader, index)
    spans = [content(reader, literal) for literal in literals]
    values = [Identifier(*span, reader.text[slice(*span)], True) for span in spans if span]
    arm.loose |= not exact or len(values) < len(literals) or any(has_piece(value.name) for value in values)
    if is_schema or exact:
        (arm.schema_filters if is_schema else arm.name_filters).extend(values)


def _path_schema(reader: FrameReader, index: int) -> Identifier | None:
    """The `current_schema()` or `ANY (current_schemas(…))` that the column at `index` is to be equal to."""
    words = reader.words
    at = index + (3 if words[index + 1] == "::" else 1)
    if words[at] not in ("=", "IN"):
        return None
    at += 1 + (words[at + 1] == "ANY")
    at += words[at] == "("
    known = words[at] in ("CURRENT_SCHEMA", "CURRENT_SCHEMAS")
    return Identifier(reader.starts[at], reader.ends[at], PATH_SCHEMA, True) if known else None


def _compared(reader: FrameReader, index: int) -> tuple[list[int], bool]:
    """The literals that a column is compared with, and whether it can only be equal to one of them."""
    words = reader.words
    first = index
    while words[first - 1] == ".":
        first -= 2
    if words[first - 1] in _COMPARISONS:
        if reader.is_string(first - 2):
            return [first - 2], words[first - 1] == "="
        return [], words[first - 2] in NAME_COLUMNS | SCHEMA_COLUMNS
    index += 1
    if words[index] == "::":
        index += 2
    operator = words[index]
    if operator not in _COMPARISONS and operator not in ("NOT", "IN", "LIKE", "ILIKE", "SIMILAR", "~", "BETWEEN"):
        return [], True
    exact = operator in ("=", "IN")
    index += 1 + (operator == "NOT")
    if reader.is_string(index):
        return [index], exact and words[index + 1] != "||"
    if words[index] in ("ANY", "SOME", "ALL"):
        index += 1
        exact &= words[index + 1] == "ARRAY"
    if reader.is_name(index):
        last = index
        while words[last + 1] == ".":
            last += 2
        return [], exact and words[last] in NAME_COLUMNS | SCHEMA_COLUMNS
    close = min(reader.tokens.match.get(index, index), index + 400)
    inside = range(index + 1, close)
    plain = all(reader.is_string(at) or words[at] in _LISTED for at in inside)
    return [at for at in inside if reader.is_string(at)], exact and plain

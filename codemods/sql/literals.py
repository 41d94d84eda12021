"""Names that stand inside of string literals: regclass casts, functions that take names, filters on the catalogs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .bodies import decode
from .cursor import cut, fold, has_piece, quoted_identifier
from .keywords import words
from .looks import looks_like_sql
from .model import Identifier, Kind, Reference, Role, SearchPath
from .naming_functions import NAMING_FUNCTIONS, Naming
from .tokens import DOLLAR, HOLE, STRING, WORD

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

_KINDS = {
    "REGCLASS": Kind.RELATION,
    "REGTYPE": Kind.TYPE,
    "REGPROC": Kind.FUNCTION,
    "REGPROCEDURE": Kind.FUNCTION,
    "REGNAMESPACE": Kind.SCHEMA,
}
_COMPARISONS = ("=", "<>", "!=")
_LISTED = words(", ARRAY [ ] :: TEXT NAME VARCHAR")
_TEXTS = words("TEXT NAME VARCHAR")

_FORMAT = re.compile(r"%(?:\d+\$)?-?\d*[sIL]")
_PUT_IN = re.compile(rf"{HOLE}|%(?:\d+\$)?L")
_NAME = re.compile(r'(?:\w{1,63}|"[^"]{1,63}")(?:\.(?:\w{1,63}|"[^"]{1,63}"))?')
_PART = re.compile(r'\s*("[^"]*(?:""[^"]*)*"|[^\s".,()\[\]\']+)\s*')


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


def names_in(text: str, start: int, end: int) -> list[Identifier]:
    """The dotted name that `text[start:end]` begins with."""
    parts: list[Identifier] = []
    while start < end:
        found = _PART.match(text, start, end)
        if found is None:
            break
        at, until = found.span(1)
        if text[at] == '"':
            parts.append(quoted_identifier(text, at, until))
        else:
            word = text[at:until]
            partial = has_piece(word)
            parts.append(Identifier(at, until, fold(word) if partial else cut(fold(word)), partial=partial))
        if text[found.end() : found.end() + 1] != ".":
            break
        start = found.end() + 1
    return parts


def read_registered(reader: FrameReader, index: int, type_word: str) -> None:
    """A literal at `index` that is cast to regclass or its kin."""
    if index not in reader.literals_read:
        _record(reader, index, _KINDS[type_word])


def read_cast(reader: FrameReader, index: int, type_word: str) -> None:
    """What the `::` at `index` casts to regclass or its kin: a literal, or what is compared with literals then."""
    words, before = reader.words, index - 1
    if words[before] == "]":
        while words[before - 1] == "," or reader.is_string(before - 1):
            before -= 1
        if words[before - 1] == "[" and words[before - 2] == "ARRAY":
            for at in range(before, index - 1, 2):
                read_registered(reader, at, type_word)
        return
    bracket = words[before] == ")"
    before -= bracket
    if words[before] in _TEXTS and words[before - 1] == "::":
        before -= 2
    if reader.is_string(before) and (not bracket or words[before - 1] == "("):
        read_registered(reader, before, type_word)
        return
    for at in _compared(reader, index - 1)[0]:
        read_registered(reader, at, type_word)


def _record(reader: FrameReader, index: int, kind: Kind) -> None:
    span = content(reader, index)
    reader.literals_read.add(index)
    if span is None:
        reader.fail("a name in a literal with escapes")
        return
    for start, end in _items(reader.text, *span):
        parts = names_in(reader.text, start, end)
        if kind is Kind.SCHEMA:
            reader.frame.arm.schema_filters.extend(parts[:1])
        elif parts and not parts[0].name.isdigit():
            reader.refer(parts, kind, Role.LITERAL, literal=True)
            if kind is Kind.FUNCTION:
                _record_types(reader, parts[-1].end, end)


def _record_types(reader: FrameReader, start: int, end: int) -> None:
    """The types of arguments in what follows the name of a `regprocedure`, `(users, int)`."""
    for found in re.compile(r"[(,]([^(),]+)").finditer(reader.text, start, end):
        reader.refer(names_in(reader.text, *found.span(1)), Kind.TYPE, Role.LITERAL, literal=True)


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of the items of an array, `{users,orders}`, or the one of a text that is none."""
    if text[start : start + 1] != "{" or text[end - 1] != "}":
        yield start, end
        return
    for found in re.compile("[^{},]+").finditer(text, start, end):
        yield found.span()


def read_argument(reader: FrameReader, index: int, argument: tuple[str, int | str]) -> None:
    """A literal at `index` that a function gets, which may be a name."""
    span = content(reader, index) if index not in reader.literals_read else None
    if span and _NAME.fullmatch(reader.text, *span):
        parts = tuple(names_in(reader.text, *span))
        if not any(part.partial for part in parts):
            reader.arguments.append(Reference(parts, Kind.RELATION, Role.LITERAL, True, argument=argument))


def read_statement(reader: FrameReader, index: int, *, executed: bool = True) -> None:
    """A literal at `index` that may be a statement of SQL for later: the text of `format`, what `dblink` sends."""
    if index not in reader.literals_read and reader.is_string(index):
        text, _ = decode(reader.tokens, index)
        if looks_like_sql(_FORMAT.sub("x", text), executed=executed):
            reader.literals_read.add(index)
            reader.nested.append((((index, False),), "sql"))


def read_call(reader: FrameReader, name: str, index: int) -> None:
    """The arguments of a function that takes a name; `index` is its `(`."""
    if name == "set_config":
        _read_set_config(reader, index + 1)
        return
    naming = NAMING_FUNCTIONS[name]
    at = _argument(reader, naming, index)
    if reader.is_string(at):
        _record(reader, at, naming.kind)
    elif _PUT_IN.fullmatch(reader.tokens.slice(at)):
        reader.refer(reader.name(at)[0], naming.kind, Role.LITERAL, literal=True)


def _argument(reader: FrameReader, naming: Naming, index: int) -> int:
    """Where the argument that names something begins in the call that opens at `index`; `index` when it is missing."""
    words, match = reader.words, reader.tokens.match
    close = match.get(index, index)
    starts = [index + 1]
    at = index + 1
    while at < close:
        if words[at] in ("=>", ":=") and reader.kinds[at - 1] == WORD and fold(words[at - 1]) == naming.keyword:
            return at + 1
        if words[at] == ",":
            starts.append(at + 1)
        at = match.get(at, at) + 1
    position = naming.position + (len(starts) == naming.optional)
    return starts[position] if position < len(starts) else index


def _read_set_config(reader: FrameReader, index: int) -> None:
    name, value = content(reader, index), content(reader, index + 2)
    if name and value and reader.text[slice(*name)].lower() == "search_path":
        read_search_path(reader, *value)


def read_search_path(reader: FrameReader, start: int, end: int) -> None:
    """The list of schemas at `start:end`."""
    schemas = []
    for piece in re.findall(r"\"[^\"]*\"|'[^']*'|[^\s,'\"]+", reader.text[start:end]):
        schemas.append(piece[1:-1] if piece[0] in "\"'" else fold(piece))
    reader.paths.append(SearchPath(start, end, tuple(schemas)))


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

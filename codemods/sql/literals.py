"""Names that stand inside of string literals: regclass casts, functions that take names, filters on the catalogs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .bodies import decode
from .cursor import cut, fold, has_piece, quoted_identifier
from .filters import content
from .keywords import words
from .looks import looks_like_sql
from .model import Identifier, Kind, Reference, Role, SearchPath
from .naming_functions import NAMING_FUNCTIONS, Naming
from .tokens import HOLE, WORD

if TYPE_CHECKING:
    from .expressions import FrameReader

_KINDS = {
    "REGCLASS": Kind.RELATION,
    "REGTYPE": Kind.TYPE,
    "REGPROC": Kind.FUNCTION,
    "REGPROCEDURE": Kind.FUNCTION,
    "REGNAMESPACE": Kind.SCHEMA,
}
_TEXTS = words("TEXT NAME VARCHAR")

_FORMAT = re.compile(r"%(?:\d+\$)?-?\d*[sIL]")
_PUT_IN = re.compile(rf"{HOLE}|%(?:\d+\$)?L")
_NAME = re.compile(r'(?:\w{1,63}|"[^"]{1,63}")(?:\.(?:\w{1,63}|"[^"]{1,63}"))?')
_PART = re.compile(r'\s*("[^"]*(?:""[^"]*)*"|[^\s".,()\[\]\']+)\s*')


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
    opens = index + 3 + (words[index + 2] == "NOT")
    close = reader.tokens.match.get(opens, opens)
    if words[opens - 1] == "IN" and all(reader.is_string(at) or words[at] == "," for at in range(opens + 1, close)):
        for at in range(opens + 1, close, 2):
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

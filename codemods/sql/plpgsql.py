"""Bodies in PL/pgSQL: finds the queries and expressions between the words of its control structures."""

from __future__ import annotations

from collections.abc import Callable

from .bodies import Piece
from .keywords import words
from .query import QueryReader
from .scope import QUERY
from .tokens import END_WORD

Dispatch = Callable[[QueryReader, int, int], str]

_CONDITIONS = {
    "IF": ("THEN",),
    "ELSIF": ("THEN",),
    "ELSEIF": ("THEN",),
    "WHEN": ("THEN",),
    "WHILE": ("LOOP",),
    "CASE": ("WHEN",),
}
_STRUCTURE = words("ELSE LOOP END EXCEPTION THEN BEGIN ; >>")
_NAMELESS = words("FETCH MOVE CLOSE GET EXIT CONTINUE NULL COMMIT ROLLBACK")
_DECLARED = (-1, -1)
_UNKNOWN_TEXT = "EXECUTE of a text that is put together at run time"
_VALUES = words("RAISE ASSERT RETURN PERFORM")
_BEFORE_VALUES = words("DEBUG LOG INFO NOTICE WARNING EXCEPTION NEXT")


def read_body(reader: QueryReader, end: int, dispatch: Dispatch) -> None:
    """Read the tokens `0:end` as a block; `dispatch` reads a statement of SQL."""
    reader.variables = True
    words = reader.words
    index, declares = 0, False
    while index < end:
        word = words[index]
        if word == "DECLARE":
            declares = True
            index += 1
        elif word in ("<<", "#"):
            index += 3
        elif declares and word != "BEGIN":
            stop = _stop(reader, index, end, (";",))
            _declaration(reader, index, stop)
            index = stop + 1
        elif word in _STRUCTURE:
            declares = False
            index += 1
            if word == "END":
                index = reader.skip_words(index, "IF", "LOOP", "CASE")
                label = reader.is_name(index) and reader.words[index + 1] in (";", END_WORD)
                index += label
        elif word in _CONDITIONS:
            stop = _stop(reader, index + 1, end, _CONDITIONS[word])
            reader.walk(index + 1, stop, QUERY)
            index = stop + (word != "CASE")
        else:
            index = _statement(reader, index, end, dispatch)
    for name in dict.fromkeys(reader.executed):
        _read_executed(reader, name)


def _read_executed(reader: QueryReader, name: str) -> None:
    """The text of a variable that is executed: it is known when one place gives it its value."""
    places = [place for place in reader.assigned.get(name, ()) if place != _DECLARED]
    declared = _DECLARED in reader.assigned.get(name, ())
    pieces = tuple(_pieces(reader, *places[0])) if len(places) == 1 and declared else ()
    if any(not unknown for _, unknown in pieces):
        _take_text(reader, pieces)
    else:
        reader.fail(_UNKNOWN_TEXT)


def _take_text(reader: QueryReader, pieces: tuple[Piece, ...]) -> None:
    if pieces[0][0] not in reader.literals_read:
        reader.literals_read.update(index for index, _ in pieces)
        reader.nested.append((pieces, "sql"))


def _stop(reader: QueryReader, index: int, end: int, stops: tuple[str, ...]) -> int:
    """The index of the first of `stops` or `;` outside of parentheses and CASE expressions, or `end`."""
    words, match = reader.words, reader.tokens.match
    cases = 0
    while index < end:
        word = words[index]
        if word == ";" or (not cases and word in stops):
            return index
        if word == "CASE":
            cases += 1
        elif word == "END" and cases:
            cases -= 1
        index = match.get(index, index) + 1
    return end


def _declaration(reader: QueryReader, index: int, stop: int) -> None:
    """`name [CONSTANT] type [:= value]`, `name CURSOR FOR query`"""
    words = reader.words
    reader.assign(index, *_DECLARED)
    name = index
    index = reader.skip_words(index + 1, "CONSTANT", "NO", "SCROLL")
    if words[index] == "ALIAS":
        return
    if words[index] == "CURSOR":
        from .routines import arguments

        index = arguments(reader, index + 1)
        reader.walk(index + 1, stop)
        return
    index = reader.take_type(index)
    value = reader.find(index, stop, ":=") or reader.find(index, stop, "=") or reader.find(index, stop, "DEFAULT")
    if value:
        reader.assign(name, value + 1, stop)
    reader.walk(index, stop, QUERY)


def _statement(reader: QueryReader, index: int, end: int, dispatch: Dispatch) -> int:
    words = reader.words
    word = words[index]
    if word in ("FOR", "FOREACH"):
        stop = _stop(reader, index, end, ("LOOP",))
        if reader.is_name(index + 1):
            reader.assign(index + 1, stop, stop)
        source = reader.find(index, stop, "IN")
        source = reader.skip_words(source + 1, "REVERSE", "ARRAY") if source else stop
        if words[source] == "EXECUTE":
            execute(reader, source + 1, stop)
        else:
            reader.walk(source, stop)
        return stop + 1
    stop = _stop(reader, index, end, (";",))
    second = words[index + 1]
    if word == "EXECUTE":
        execute(reader, index + 1, stop)
    elif word == "RETURN" and second == "QUERY":
        if words[index + 2] == "EXECUTE":
            execute(reader, index + 3, stop)
        else:
            reader.variables = False
            reader.walk(index + 2, stop)
            reader.variables = True
    elif word in _VALUES:
        reader.walk(reader.skip_words(index + 1, *_BEFORE_VALUES), stop, QUERY)
    elif word == "OPEN":
        source = reader.find(index, stop, "FOR") or stop
        if words[source + 1] == "EXECUTE":
            execute(reader, source + 2, stop)
        else:
            reader.walk(source + 1, stop)
    elif word in _NAMELESS:
        reader.into(reader.find(index, stop, "INTO") or stop)
    elif second in (":=", "=", "[", ".") and reader.is_name(index):
        equals = reader.find(index, stop, ":=") or reader.find(index, stop, "=")
        if equals:
            reader.assign(index, equals + 1 if equals == index + 1 else stop, stop)
        reader.walk(equals + 1 if equals else index, stop, QUERY)
    else:
        dispatch(reader, index, stop)
    return stop + 1


def execute(reader: QueryReader, index: int, stop: int) -> None:
    """`EXECUTE text [INTO v] [USING a, b]`: the text is read where it is made of literals, `format` and `||`."""
    words = reader.words
    end = index
    while end < stop and words[end] not in ("INTO", "USING"):
        end = reader.tokens.match.get(end, end) + 1
    pieces = tuple(_pieces(reader, index, end))
    if any(not unknown for _, unknown in pieces):
        _take_text(reader, pieces)
    elif end == index + 1 and reader.is_name(index):
        reader.executed.append(reader.identifier(index)[0].name)
    else:
        reader.fail(_UNKNOWN_TEXT)
    reader.walk(index, stop)


def execute_columns(reader: QueryReader, start: int, end: int) -> None:
    """`SELECT 'DROP TABLE ' || name FROM …`, whose columns are run as statements."""
    words, match = reader.words, reader.tokens.match
    select = start if words[start] == "SELECT" else reader.find(start, end, "SELECT") or end
    stop = reader.find(select, end, "FROM") or end
    known = False
    index = select + 1
    while index < stop:
        first = index
        while index < stop and words[index] not in (",", "AS"):
            index = match.get(index, index) + 1
        column = tuple(_pieces(reader, first, index))
        if any(not unknown for _, unknown in column):
            known = True
            _take_text(reader, column)
        index = (reader.find(index, stop, ",") or stop) + 1
    if not known:
        reader.fail(_UNKNOWN_TEXT)


def _pieces(reader: QueryReader, index: int, end: int) -> list[Piece]:
    """The operands of `||` in `index:end`: literals to read, and others that are unknown."""
    words, match = reader.words, reader.tokens.match
    pieces: list[Piece] = []
    while index < end:
        start = index
        while index < end and words[index] != "||":
            index = match.get(index, index) + 1
        if index == start + 1 and reader.is_string(start):
            pieces.append((start, False))
        elif words[start] == "FORMAT" and words[start + 1] == "(" and reader.is_string(start + 2):
            pieces.append((start + 2, False))
        else:
            pieces.append((start, True))
        index += 1
    return pieces

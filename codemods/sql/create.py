"""CREATE: what is made, and what it is made from."""

from __future__ import annotations

from . import definitions, routines
from .automatic import columns, constraint_indexes, index_name, range_names
from .keywords import words
from .model import Identifier, Kind, Role
from .privileges import grant
from .query import QueryReader
from .scope import PLAIN, Arm

_IN_SCHEMA = (Kind.RELATION, Kind.SEQUENCE, Kind.TYPE)
_MODIFIERS = [
    "OR",
    "REPLACE",
    "TEMP",
    "TEMPORARY",
    "LOCAL",
    "GLOBAL",
    "UNLOGGED",
    "RECURSIVE",
    "MATERIALIZED",
    "UNIQUE",
    "CONSTRAINT",
    "FOREIGN",
    "EVENT",
    "TRUSTED",
    "PROCEDURAL",
    "DEFAULT",
]


def create(reader: QueryReader, start: int, end: int) -> str:
    """Read `CREATE …`; return its verb."""
    words = reader.words
    index = reader.skip_words(start + 1, *_MODIFIERS)
    modifiers = set(words[start + 1 : index])
    word = words[index]
    if word == "TABLE":
        _table(reader, index + 1, end, bool(modifiers & {"TEMP", "TEMPORARY"}))
        return "CREATE FOREIGN TABLE" if "FOREIGN" in modifiers else "CREATE TABLE"
    if word == "VIEW":
        _view(reader, index + 1, end, modifiers)
        return "CREATE MATERIALIZED VIEW" if "MATERIALIZED" in modifiers else "CREATE VIEW"
    if word == "TRIGGER" and "EVENT" in modifiers:
        routines.execute_clause(reader, index + 1, end)
        return "CREATE EVENT TRIGGER"
    if word == "SEQUENCE":
        _sequence(reader, index + 1, end, bool(modifiers & {"TEMP", "TEMPORARY"}))
        return "CREATE SEQUENCE"
    handler = _OBJECTS.get(word)
    if handler is not None:
        handler(reader, index + 1, end)
    elif word not in _NAMELESS:
        reader.fail(f"CREATE {words[index]} is not known")
    return f"CREATE {word}".rstrip()


def _table(reader: QueryReader, index: int, end: int, temporary: bool) -> None:
    words = reader.words
    parts, index = reader.name(reader.skip_exists(index))
    reader.owner = [] if temporary else parts
    known = dict(reader.hidden)
    if words[index] == "(":
        reader.column_lists.add(index)
    elif words[index] == "PARTITION" and words[index + 1] == "OF":
        index = reader.take(index + 2, Kind.RELATION, Role.READ)
    elif words[index] == "OF":
        index = reader.take(index + 1, Kind.TYPE, Role.READ)
    listed = index
    if words[index] == "(":
        reader.column_lists.add(index)
    arm = Arm()
    if parts:
        arm.exposed[parts[-1].name] = True
    if not temporary:
        reader.make(parts, Kind.RELATION, temporary)
        _own_indexes(reader, parts, listed)
    inherits = reader.find(index, end, "INHERITS")
    _execute_of(reader, index, end)
    reader.walk(index, inherits or end, PLAIN, arm)
    if inherits:
        reader.walk(reader.take_list(inherits + 2, Kind.RELATION, Role.READ), end)
    if temporary:
        reader.make(parts, Kind.RELATION, temporary)
        _own_indexes(reader, parts, listed)
    reader.hidden = known


def _own_indexes(reader: QueryReader, table: list[Identifier], index: int) -> None:
    """Note the indexes of the constraints in the list of columns that may open at `index`."""
    close = reader.tokens.match.get(index)
    if table and close is not None:
        for name in constraint_indexes(reader, table[-1], index + 1, close):
            reader.own(Kind.INDEX, [name], table, automatic=True)


def _execute_of(reader: QueryReader, index: int, end: int) -> None:
    """`AS EXECUTE prepared (…)`: the name of a prepared statement is not called."""
    at = reader.find(index, end, "EXECUTE")
    if at:
        reader.uncalled.add(at + 1)


def _view(reader: QueryReader, index: int, end: int, modifiers: set[str]) -> None:
    parts, index = reader.name(reader.skip_exists(index))
    temporary = bool(modifiers & {"TEMP", "TEMPORARY"})
    if "RECURSIVE" in modifiers and parts:
        reader.recursive_view = parts[-1].name
        reader.hidden[reader.recursive_view] = 1
    reader.walk(reader.skip_parens(index), end)
    # A view of a temporary table is one itself.
    reader.make(parts, Kind.RELATION, temporary or (reader.names_temporary and "MATERIALIZED" not in modifiers))


def on_table(reader: QueryReader, index: int, end: int, role: Role) -> int:
    """`… ON [ONLY] table`; return the index after the table."""
    return reader.take_table(reader.after(index, end, "ON"), role)


def _index(reader: QueryReader, index: int, end: int) -> None:
    index = reader.skip_exists(reader.skip_words(index, "CONCURRENTLY"))
    parts = reader.name(index)[0] if reader.words[index] != "ON" else []
    table, index = reader.table_name(reader.after(index, end, "ON"))
    reader.refer(table, Kind.RELATION, Role.ALTER)
    index += 2 * (reader.words[index] == "USING")
    named = columns(reader, index) if table and not parts else []
    automatic = index_name(table[-1], named, "idx") if named else None
    reader.own(Kind.INDEX, [automatic] if automatic else parts, table, automatic=automatic is not None)
    reader.walk(index, end)


def _trigger(reader: QueryReader, index: int, end: int) -> None:
    table, after = reader.table_name(reader.after(index, end, "ON"))
    reader.refer(table, Kind.RELATION, Role.ALTER)
    if reader.words[index - 2] == "CONSTRAINT":
        reader.own(Kind.INDEX, reader.name(index)[0], table)
    if reader.words[after] == "FROM":
        after = reader.take(after + 1, Kind.RELATION, Role.READ)
    at = reader.find(after, end, "REFERENCING") + 1
    while at > 1 and reader.words[at] in ("OLD", "NEW"):  # transition tables, which hide others in the function
        parts, at = reader.name(at + 2 + (reader.words[at + 2] == "AS"))
        reader.created_temporary.extend(part.name for part in parts)
    routines.execute_clause(reader, after, end)


def _rule(reader: QueryReader, index: int, end: int) -> None:
    at = reader.after(index, end, "TO")
    reader.walk(reader.take(at, Kind.RELATION, Role.ALTER), end)


def _policy(reader: QueryReader, index: int, end: int) -> None:
    after = on_table(reader, index, end, Role.ALTER)
    using = reader.find(after, end, "USING") or reader.find(after, end, "WITH")
    if using:
        reader.walk(using, end)


def _sequence(reader: QueryReader, index: int, end: int, temporary: bool) -> None:
    parts, index = reader.name(reader.skip_exists(index))
    reader.make(parts, Kind.SEQUENCE, temporary)
    sequence_options(reader, parts, index, end)


def sequence_options(reader: QueryReader, sequence: list[Identifier], index: int, end: int) -> None:
    """`AS type`, `OWNED BY table.column`"""
    while at := reader.find(index, end, "OWNED"):
        parts, index = reader.name(at + 2)
        if len(parts) > 1:
            reader.refer(parts[:-1], Kind.RELATION, Role.OTHER)
            reader.own(Kind.SEQUENCE, sequence, parts[:-1])


def _type(reader: QueryReader, index: int, end: int) -> None:
    parts, index = reader.name(index)
    reader.refer(parts, Kind.TYPE, Role.CREATE)
    if parts and reader.words[index] == "AS" and reader.words[index + 1] == "RANGE":
        at = reader.find(index + 3, reader.tokens.match.get(index + 2, end), "MULTIRANGE_TYPE_NAME")
        for kind, name in range_names(parts[-1], reader.name(at + 2)[0] if at else []):
            reader.own(kind, [name], parts)
    if reader.words[index] == "AS" and reader.words[index + 1] == "(":
        reader.column_lists.add(index + 1)
        reader.walk(index + 1, end)
    else:
        definitions.options(reader, reader.skip_words(index, "AS", "RANGE"), end)


def _domain(reader: QueryReader, index: int, end: int) -> None:
    index = reader.take(index, Kind.TYPE, Role.CREATE)
    reader.walk(reader.take_type(reader.skip_words(index, "AS")), end)


def _schema(reader: QueryReader, index: int, end: int) -> None:
    index = reader.skip_exists(index)
    if reader.words[index] != "AUTHORIZATION":
        index = reader.take(index, Kind.SCHEMA, Role.CREATE)
    before = len(reader.references)
    while index < end:
        element = index
        index += 1
        while index < end and reader.words[index] not in ("CREATE", "GRANT"):
            index = reader.tokens.match.get(index, index) + 1
        if reader.words[element] == "CREATE":
            create(reader, element, index)
        elif reader.words[element] == "GRANT":
            grant(reader, element, index)
    _leave_elements(reader, before)


def _leave_elements(reader: QueryReader, before: int) -> None:
    """Forget the bare names of what `CREATE SCHEMA` makes in the new schema, among the references from `before` on."""
    found = reader.references[before:]
    made = {each.names for each in found if each.role is Role.CREATE and each.kind in _IN_SCHEMA}
    kept = [each for each in found if each.kind not in _IN_SCHEMA or each.names not in made or len(each.parts) > 1]
    reader.references[before:] = kept
    reader.owned = [each for each in reader.owned if each.owner not in made or len(each.owner) > 1]


def _database(reader: QueryReader, index: int, end: int) -> None:
    index = reader.take(index, Kind.DATABASE, Role.CREATE)
    at = reader.find(index, end, "TEMPLATE")
    if at:
        at += reader.words[at + 1] == "="
        reader.take(at + 1, Kind.DATABASE, Role.READ)


def publication_objects(reader: QueryReader, index: int, end: int) -> None:
    """`TABLE a, ONLY b (c) WHERE (…), TABLES IN SCHEMA s`"""
    words = reader.words
    kind = Kind.RELATION
    while index < end:
        if words[index] == "TABLE":
            kind, index = Kind.RELATION, index + 1
        elif words[index] == "TABLES":
            kind, index = Kind.SCHEMA, reader.skip_words(index, "TABLES", "IN", "SCHEMA")
        if words[index] == "WITH":
            return
        parts, index = reader.table_name(index)
        reader.refer(parts, kind, Role.OTHER)
        index = reader.skip_parens(index)
        if words[index] == "WHERE":
            close = reader.skip_parens(index + 1)
            reader.walk(index, close)
            index = close
        if words[index] != ",":
            return
        index += 1


def _publication(reader: QueryReader, index: int, end: int) -> None:
    at = reader.find(index, end, "FOR")
    if at and reader.words[at + 1] != "ALL":
        publication_objects(reader, at + 1, end)


def _statistics(reader: QueryReader, index: int, end: int) -> None:
    at = reader.after(index, end, "FROM")
    reader.walk(reader.find(index, end, "ON") or index, at - 1)
    reader.take_list(at, Kind.RELATION, Role.ALTER)


def _extension(reader: QueryReader, index: int, end: int) -> None:
    at = reader.find(index, end, "SCHEMA")
    if at:
        reader.take(at + 1, Kind.SCHEMA, Role.OTHER)


_OBJECTS = {
    "INDEX": _index,
    "TRIGGER": _trigger,
    "RULE": _rule,
    "POLICY": _policy,
    "TYPE": _type,
    "DOMAIN": _domain,
    "FUNCTION": routines.function,
    "PROCEDURE": routines.function,
    "SCHEMA": _schema,
    "DATABASE": _database,
    "PUBLICATION": _publication,
    "STATISTICS": _statistics,
    "EXTENSION": _extension,
    "AGGREGATE": definitions.aggregate,
    "OPERATOR": definitions.create_operator,
    "CAST": definitions.cast,
    **dict.fromkeys(("TRANSFORM", "LANGUAGE", "ACCESS", "DATA"), definitions.functions),
}
_NAMELESS = words("ROLE USER GROUP SERVER TABLESPACE SUBSCRIPTION COLLATION CONVERSION TEXT")

"""Queries and the statements that change rows: one pass over the tokens with a stack of open parentheses.

Nothing here recurses on nesting, so 10,000 parentheses cost 10,000 steps.
"""

from __future__ import annotations

from collections.abc import Callable

from . import filters
from .keywords import AFTER_TABLE as NO_ALIAS
from .keywords import NOT_CALLED, REGISTERED, words
from .model import Identifier, Kind, Role
from .scope import AFTER_TABLE, GROUP, OTHER, PLAIN, QUERY, Arm, Frame
from .tables import TableReader
from .tokens import QUOTED, STRING_WORD, WORD

_STARTS_AFTER = frozenset(
    ("(", ")", ";", "DO", "INSTEAD", "ALSO", "AS", "VALUE", "UNION", "ALL", "DISTINCT", "INTERSECT", "EXCEPT")
)


class QueryReader(TableReader):
    """Reads a range of tokens as queries and expressions."""

    def walk(self, index: int, end: int, kind: int = PLAIN, arm: Arm | None = None) -> None:
        """Read the tokens `index:end`; `arm` holds names that the statement's head exposed."""
        outer = self.frames, self.frame
        root = arm or Arm()
        self.frame = Frame(kind, root, root, owns=True)
        self.frames = [self.frame]
        self.firsts.add(index)
        words, kinds, handlers = self.words, self.kinds, HANDLERS
        while index < end:
            handler = handlers.get(words[index])
            if handler is not None and (words[index + 1] != "." or kinds[index] != WORD):
                index = handler(self, index)
            elif kinds[index] == WORD or kinds[index] == QUOTED:
                following = words[index + 1]
                if following == "." or (following == "(" and words[index] not in NOT_CALLED):
                    index = self.dotted(index)
                elif following == STRING_WORD and words[index] not in NOT_CALLED:
                    index = self.typed_literal(index)
                else:
                    index += 1
            else:
                index += 1
        while self.frames:
            self.close_frame(self.frames.pop())
        self.frames, self.frame = outer

    def select(self, index: int) -> int:
        """`SELECT`"""
        frame = self.begin()
        if frame.arm is not frame.base:
            frame.arm.close(self.references, self.filters)
        frame.arm = Arm(frame.base)
        return index + 1

    def values(self, index: int) -> int:
        """`VALUES`"""
        if self.frame.kind == GROUP or self.words[index - 1] == "(":
            self.begin()
        self.frame.state = OTHER
        return index + 1

    def table(self, index: int) -> int:
        """`TABLE users`, the short form of a query"""
        if (index not in self.firsts and self.words[index - 1] not in _STARTS_AFTER) or not self.is_name(index + 1):
            return index + 1
        self.begin()
        return self.table_item(index + 1)

    def with_clause(self, index: int) -> int:
        """`WITH`: find the names of the list first, as RECURSIVE lets each see all; or `WITH ORDINALITY`."""
        words = self.words
        if words[index + 1] == "ORDINALITY" and self.frame.state == AFTER_TABLE:
            return self.alias(index + 2, None)
        recursive = words[index + 1] == "RECURSIVE"
        at = index + 1 + recursive
        found = False
        while self.is_name(at):
            identifier, after = self.identifier(at)
            columns = after
            after = self.skip_parens(after)
            if words[after] != "AS":
                break
            after = self.skip_words(after + 1, "NOT", "MATERIALIZED")
            if words[after] != "(":
                break
            if not found:
                self.begin()
                found = True
            if columns != after:
                self.uncalled.add(at)
            if recursive:
                self.hide(identifier.name, self.frame)
            else:
                self.bodies[after] = identifier.name
            close = self.tokens.match.get(after)
            if close is None:
                break
            after = self._skip_search(close + 1)
            if words[after] != ",":
                self.firsts.add(after)
                break
            at = after + 1
        return index + 1 + recursive

    def _skip_search(self, index: int) -> int:
        """The index after the SEARCH and CYCLE clauses of a CTE."""
        words = self.words
        for clause, last in (("SEARCH", "SET"), ("CYCLE", "USING")):
            if words[index] == clause:
                while words[index] not in (last, "(", ")", ";") and self.kinds[index]:
                    index += 1
                self.uncalled.add(index + 1)
                index += 2
        return index

    def _target(self, index: int, *, lists: bool) -> int:
        """The table that a statement changes; `lists`: tables may follow (DELETE … USING)."""
        frame = self.begin()
        frame.arm = frame.base
        parts, index = self.table_name(index)
        self.refer(parts, Kind.RELATION, Role.WRITE)
        index = self.alias(index, parts[-1].name if parts else None)
        frame.using = lists
        if not lists:
            frame.state = OTHER
        return index

    def insert(self, index: int) -> int:
        """`INSERT INTO`"""
        if self.words[index + 1] != "INTO":
            return index + 1
        frame = self.begin()
        frame.arm = frame.base
        parts, index = self.name(index + 2)
        self.refer(parts, Kind.RELATION, Role.WRITE)
        if self.words[index] == "AS" and self.is_name(index + 1):
            alias, index = self.identifier(index + 1)
            frame.base.exposed[alias.name] = False
        elif parts:
            frame.base.exposed[parts[-1].name] = True
        if self.words[index + 1] in ("SELECT", "WITH", "VALUES", "TABLE", "("):
            return index
        index = self.skip_parens(index)
        return self.table_item(index + 1) if self.words[index] == "TABLE" else index

    def update(self, index: int) -> int:
        """`UPDATE`, where a statement may start"""
        if (index not in self.firsts and self.words[index - 1] not in _STARTS_AFTER) or self.words[index + 1] == "SET":
            return index + 1
        return self._target(index + 1, lists=False)

    def delete(self, index: int) -> int:
        """`DELETE FROM`"""
        if self.words[index + 1] != "FROM":
            return index + 1
        return self._target(index + 2, lists=True)

    def merge(self, index: int) -> int:
        """`MERGE INTO`"""
        if self.words[index + 1] != "INTO":
            return index + 1
        return self._target(index + 2, lists=True)

    def into(self, index: int) -> int:
        """`INTO`: the table that a SELECT makes, the variables of PL/pgSQL, or a glued `INTO users`"""
        if self.variables:
            return self._into_variables(index + 1)
        if self.frame.kind != QUERY:
            return index + 1
        words = self.words
        temporary = words[index + 1] in ("TEMP", "TEMPORARY") or words[index + 2] in ("TEMP", "TEMPORARY")
        index = self.skip_words(index + 1, "TEMP", "TEMPORARY", "LOCAL", "GLOBAL", "UNLOGGED", "TABLE")
        parts, index = self.name(index)
        if self.fragment:
            self.refer(parts, Kind.RELATION, Role.WRITE)
        else:
            self.make(parts, Kind.RELATION, temporary)
        return index

    def _into_variables(self, index: int) -> int:
        index = self.skip_words(index, "STRICT")
        while self.is_name(index) and self.words[index] not in NO_ALIAS:
            self.assign(index, index, index)
            index = self.name(index)[1]
            index = self._skip_subscripts(index)
            if self.words[index] != ",":
                break
            index += 1
        return index

    def assign(self, index: int, start: int, end: int) -> None:
        """Note that the variable at `index` gets the value of the tokens `start:end`, or an unknown one when empty."""
        name = self.identifier(index)[0].name
        self.assigned.setdefault(name, []).append((start, end))

    def _skip_subscripts(self, index: int) -> int:
        words = self.words
        while words[index] == "[":
            while self.kinds[index] and words[index] not in ("]", ";"):
                index += 1
            index += 1
        return index

    def make(self, parts: list[Identifier], kind: Kind, temporary: bool) -> None:
        """Record a relation that the statement makes; a temporary one hides its name from here on."""
        if parts and (temporary or (len(parts) > 1 and parts[-2].name == "pg_temp")):
            name = parts[-1].name
            self.temporary.add(name)
            self.created_temporary.append(name)
        else:
            self.temporary.discard(parts[-1].name if parts else "")
            self.refer(parts, kind, Role.CREATE)

    def loosen(self, index: int) -> int:
        """`OR`, `NOT`: the conditions of this query let through more than its literals say"""
        self.frame.arm.loose = True
        return index + 1

    def returning(self, index: int) -> int:
        """`RETURNING`, `CONFLICT`, and the type that `JSON_VALUE (… RETURNING users)` returns"""
        if self.frame.kind == PLAIN and self.words[index] == "RETURNING":
            return self.take_type(index + 1)
        self.back_to_target()
        return index + 1


Handler = Callable[[QueryReader, int], int]

HANDLERS: dict[str, Handler] = {
    "(": QueryReader.open,
    ";": QueryReader.semicolon,
    ")": QueryReader.close,
    "[": QueryReader.open_bracket,
    "]": QueryReader.close_bracket,
    ",": QueryReader.comma,
    "::": QueryReader.cast,
    "CAST": QueryReader.cast_call,
    "AS": QueryReader.as_type,
    "FROM": QueryReader.from_clause,
    "JOIN": QueryReader.join,
    "ON": QueryReader.on,
    "USING": QueryReader.using,
    "SELECT": QueryReader.select,
    "VALUES": QueryReader.values,
    "TABLE": QueryReader.table,
    "WITH": QueryReader.with_clause,
    "INSERT": QueryReader.insert,
    "UPDATE": QueryReader.update,
    "DELETE": QueryReader.delete,
    "MERGE": QueryReader.merge,
    "INTO": QueryReader.into,
    "SET": QueryReader.assignments,
    "TABLESAMPLE": QueryReader.tablesample,
    "FOR": QueryReader.locking,
    "RETURNING": QueryReader.returning,
    "CONFLICT": QueryReader.returning,
    "REFERENCES": QueryReader.references_clause,
    "IDENTITY": QueryReader.identity,
    **dict.fromkeys(words("XMLPARSE XMLSERIALIZE XMLROOT XMLEXISTS XMLTABLE"), QueryReader.xml),
    "FORMAT": QueryReader.format,
    "GROUP": QueryReader.group,
    "WHEN": QueryReader.when,
    "OPTIONS": QueryReader.options,
    "COLUMNS": QueryReader.columns,
    "CONSTRAINT": QueryReader.constraint,
    "OR": QueryReader.loosen,
    "NOT": QueryReader.loosen,
    **dict.fromkeys(words("WHERE HAVING WINDOW ORDER LIMIT OFFSET FETCH UNION INTERSECT EXCEPT"), QueryReader.clause),
    **dict.fromkeys(REGISTERED, QueryReader.registered),
    **dict.fromkeys(filters.SCHEMA_COLUMNS | filters.NAME_COLUMNS, QueryReader.catalog_column),
}

"""Lists of tables: FROM and JOIN, aliases, lists of columns."""

from __future__ import annotations

from .expressions import FrameReader
from .keywords import AFTER_TABLE as NO_ALIAS
from .keywords import VALUE_WORDS, words
from .model import Kind, Role
from .scope import AFTER_TABLE, ASSIGNMENTS, BRACKET, CAST, COLUMNS, GROUP, IN_CONDITION, OTHER, PLAIN, QUERY
from .tokens import HOLE, PARAM, QUOTED, WORD

_NO_TYPE = words("NOT NULL DEFAULT CHECK GENERATED PRIMARY UNIQUE REFERENCES CONSTRAINT COLLATE AS FOR")
_IN_SCHEMA = words("PRIMARY UNIQUE EXCLUDE FOREIGN REFERENCES")
_TABLE_CONSTRAINTS = words("CHECK UNIQUE PRIMARY FOREIGN EXCLUDE")


class TableReader(FrameReader):
    """Reads the tables of a query, and which names they expose."""

    def open(self, index: int) -> int:
        """`(`"""
        if index in self.column_lists:
            self.push(COLUMNS)
            return self.column(index + 1)
        frame = self.push(PLAIN)
        if self.bodies:
            frame.names = self.bodies.pop(index, None)
        return index + 1

    def close(self, index: int) -> int:
        """`)`"""
        self.close_bracket(index)
        if len(self.frames) == 1:
            return index + 1
        ended = self.frames.pop()
        self.close_frame(ended)
        frame = self.frame = self.frames[-1]
        if ended.names is not None:
            self.hide(ended.names, frame)
        if frame.state == AFTER_TABLE and frame.kind in (QUERY, GROUP):
            return self.alias(index + 1, None)
        return index + 1

    def open_bracket(self, index: int) -> int:
        """`[`, whose commas are never those of a list of tables"""
        self.push(BRACKET)
        return index + 1

    def close_bracket(self, index: int) -> int:
        """`]`, or a `)` before it"""
        while self.frame.kind == BRACKET:
            self.frames.pop()
            self.frame = self.frames[-1]
            if self.words[index] == "]":
                break
        return index + 1

    def table_item(self, index: int) -> int:
        """One item of a table list: a name, a call, a subquery or a parenthesised join."""
        words = self.words
        while True:
            word = words[index]
            if word in ("ONLY", "LATERAL"):
                index += 1
            elif word == "ROWS" and words[index + 1] == "FROM" and words[index + 2] == "(":
                index += 2
            elif word == "(":
                self.frame.state = AFTER_TABLE
                self.push(GROUP)
                index += 1
            else:
                break
        frame = self.frame
        frame.state = AFTER_TABLE
        if word in VALUE_WORDS and words[index + 1] != "(":
            return self.alias(index + 1, None)
        if word in ("SELECT", "VALUES", "WITH", "TABLE", "CAST") or not self.is_name(index):
            return index
        parts, after = self.name(index)
        if words[after] == "(" and self.kinds[index] != PARAM:
            self.call(parts, after)
            return after
        known = len(parts) > 1 or not self.hidden.get(parts[0].name)
        self.refer(parts, Kind.RELATION, Role.READ)
        if words[after] == "*":
            after += 1
        return self.alias(after, parts[-1].name, known)

    def alias(self, index: int, table: str | None, known: bool = True) -> int:
        """What may follow a table: its alias and the list of its columns."""
        frame, words = self.frame, self.words
        frame.state = AFTER_TABLE
        word = words[index]
        if word == "AS":
            index += 1
            named = self.is_name(index)
        else:
            kind = self.kinds[index]
            named = kind == QUOTED or (kind == WORD and word not in NO_ALIAS and not _is_piece(word))
        if named:
            identifier, index = self.identifier(index)
            frame.arm.exposed[identifier.name] = False
        elif table is not None:
            frame.arm.exposed[table] = known
        if words[index] == "(" and (named or word == "AS"):
            self.push(COLUMNS)
            return self.column(index + 1)
        return index

    def from_clause(self, index: int) -> int:
        """`FROM`"""
        words = self.words
        compares = words[index - 1] == "DISTINCT" and words[index - 2] in ("IS", "NOT") and words[index - 3] != "."
        if self.frame.kind != QUERY or compares:
            return index + 1
        return self.table_item(index + 1)

    def tablesample(self, index: int) -> int:
        """`TABLESAMPLE bernoulli (10)`, or a function of that name"""
        if self.words[index + 1] == "(":
            return self.dotted(index)
        return self.name(index + 1)[1]

    def join(self, index: int) -> int:
        """`JOIN`"""
        if self.frame.kind == PLAIN and not self.frame.owns:
            return index + 1
        return self.table_item(index + 1)

    def as_type(self, index: int) -> int:
        """`AS`: the type of `CAST(…)`, or the alias after `WITH ORDINALITY`"""
        frame = self.frame
        if frame.kind != CAST:
            if frame.state == AFTER_TABLE and frame.kind in (QUERY, GROUP):
                return self.alias(index, None)
            return index + 1
        return self.cast(index)

    def comma(self, index: int) -> int:
        """`,`"""
        frame = self.frame
        if frame.kind == COLUMNS:
            return self.column(index + 1)
        if frame.state in (AFTER_TABLE, IN_CONDITION) and frame.kind in (QUERY, GROUP):
            return self.table_item(index + 1)
        return index + 1

    def on(self, index: int) -> int:
        """`ON`"""
        if self.frame.state == AFTER_TABLE:
            self.frame.state = IN_CONDITION
        return index + 1

    def using(self, index: int) -> int:
        """`USING`: the tables of a DELETE or MERGE, else the columns of a join"""
        frame = self.frame
        if frame.using and frame.state == AFTER_TABLE:
            frame.using = False
            return self.table_item(index + 1)
        return index + 1

    def clause(self, index: int) -> int:
        """A word that ends the list of tables."""
        self.frame.state = OTHER
        return index + 1

    def group(self, index: int) -> int:
        """`GROUP BY`, not `WITHIN GROUP`"""
        return self.clause(index) if self.words[index + 1] == "BY" else index + 1

    def when(self, index: int) -> int:
        """`WHEN [NOT] MATCHED` of a MERGE ends the list of tables, `CASE WHEN` does not"""
        matched = index + 1 + (self.words[index + 1] == "NOT")
        return self.clause(index) if self.words[matched] == "MATCHED" else index + 1

    def assignments(self, index: int) -> int:
        """`SET` of an UPDATE"""
        self.frame.state = ASSIGNMENTS
        return index + 1

    def column(self, index: int) -> int:
        """An element of a list of columns: its name, and its type when it has one."""
        words = self.words
        word = words[index]
        if word == "LIKE":
            return self.take(index + 1, Kind.RELATION, Role.READ)
        if word == "EXCLUDE" and words[index + 1] == "USING":
            return index + 3
        if word in _TABLE_CONSTRAINTS and self.words[index + 1] in ("(", "KEY", "USING", "NULLS"):
            return index + 1
        if word == "CONSTRAINT":
            return self.constraint(index)
        if not self.is_name(index):
            return index
        index = self.identifier(index)[1]
        if self.is_name(index) and words[index] not in _NO_TYPE:
            return index + 1 if words[index] == "WITH" else self.take_type(index)
        return index

    def constraint(self, index: int) -> int:
        """`CONSTRAINT users_key PRIMARY KEY`, whose index has its name; SET CONSTRAINTS names foreign keys too"""
        parts, index = self.name(index + 1)
        if self.words[index] in _IN_SCHEMA:
            self.own(Kind.INDEX, parts, self.owner)
        return index

    def columns(self, index: int) -> int:
        """`COLUMNS` of JSON_TABLE and XMLTABLE"""
        if self.words[index + 1] == "(":
            self.column_lists.add(index + 1)
        elif self.frame.kind == PLAIN and self.is_name(index + 1):
            self.frame.kind = COLUMNS
            return self.column(index + 1)
        return index + 1

    def references_clause(self, index: int) -> int:
        """`REFERENCES users (id)`"""
        if not self.is_name(index + 1):
            return index + 1
        return self.take(index + 1, Kind.RELATION, Role.READ)

    def identity(self, index: int) -> int:
        """`AS IDENTITY (SEQUENCE NAME users_id_seq)`, as pg_dump writes it"""
        words = self.words
        close = self.tokens.match.get(index + 1)
        if words[index - 1] != "AS" or close is None:
            return index + 1
        at = self.find(index + 2, close, "SEQUENCE")
        if at and words[at + 1] == "NAME":
            parts, _ = self.name(at + 2)
            self.refer(parts, Kind.SEQUENCE, Role.CREATE)
            self.own(Kind.SEQUENCE, parts, self.owner)
        return close + 1

    def locking(self, index: int) -> int:
        """`FOR UPDATE OF u`: names of tables in scope, or their aliases"""
        words = self.words
        if words[index + 1] not in ("UPDATE", "SHARE", "NO", "KEY"):
            return index + 1
        self.frame.state = OTHER
        index = self.skip_words(index + 1, "NO", "KEY", "UPDATE", "SHARE")
        if words[index] != "OF":
            return index
        while True:
            parts, index = self.name(index + 1)
            if len(parts) == 1:
                self.wait(parts[0])
            if words[index] != ",":
                return index


def _is_piece(word: str) -> bool:
    """Whether a word is nothing but pieces known at run time, which may be any clause."""
    return word[0] in (HOLE, "{")

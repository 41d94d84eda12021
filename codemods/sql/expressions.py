"""The stack of open parentheses, and the names in expressions."""

from __future__ import annotations

from . import filters, literals
from .cursor import Cursor
from .keywords import NOT_CALLED, REGISTERED
from .model import Identifier, Kind, Role
from .naming_functions import APART, NAMING_FUNCTIONS, POSTGRESQL
from .scope import ASSIGNMENTS, CAST, OTHER, PLAIN, QUERY, Arm, Frame
from .tokens import STRING_WORD, Tokens


class FrameReader(Cursor):
    """Keeps the frames, and reads what occurs in any expression: qualified names, calls, casts."""

    def __init__(self, tokens: Tokens, temporary: set[str]) -> None:
        super().__init__(tokens, temporary)
        self.frames: list[Frame] = []
        self.frame = Frame(PLAIN, Arm(), Arm())
        self.bodies: dict[int, str] = {}
        self.uncalled: set[int] = set()  # words that are neither called nor types, whatever follows them
        self.column_lists: set[int] = set()
        self.variables = False
        self.assigned: dict[str, list[tuple[int, int]]] = {}  # where each variable of PL/pgSQL gets its values
        self.executed: list[str] = []
        self.fragment = False
        self.firsts: set[int] = set()  # where a statement starts, whatever stands before it

    def push(self, kind: int) -> Frame:
        """Open a parenthesis."""
        arm = self.frame.arm
        self.frame = Frame(kind, arm, arm)
        self.frames.append(self.frame)
        return self.frame

    def close_frame(self, frame: Frame) -> None:
        """Settle the names of a frame that ends."""
        if frame.owns:
            if frame.arm is not frame.base:
                frame.arm.close(self.references, self.filters)
            frame.base.close(self.references, self.filters)
        for name in frame.hides:
            self.hidden[name] -= 1

    def begin(self) -> Frame:
        """The current frame, which turns out to hold a statement of its own."""
        frame = self.frame
        if not frame.owns:
            frame.base = frame.arm = Arm(frame.arm)
            frame.owns = True
        frame.kind = QUERY
        frame.state = OTHER
        frame.using = False
        return frame

    def back_to_target(self) -> None:
        """After the SELECT of an INSERT: qualifiers mean its target again."""
        frame = self.frame
        frame.state = OTHER
        if frame.owns and frame.arm is not frame.base:
            frame.arm.close(self.references, self.filters)
            frame.arm = frame.base

    def semicolon(self, index: int) -> int:
        """`;` between the statements in the parentheses of a rule"""
        frame = self.frame
        self.close_frame(frame)
        frame.base = frame.arm = Arm(frame.base.parent) if frame.owns else frame.base
        frame.hides, frame.state, frame.using = [], OTHER, False
        return index + 1

    def hide(self, name: str, frame: Frame) -> None:
        """Let a CTE hide the relations of its name until `frame` ends."""
        self.hidden[name] = self.hidden.get(name, 0) + 1
        frame.hides.append(name)

    def dotted(self, index: int) -> int:
        """A name that is qualified, or called."""
        parts, after = self.name(index)
        words = self.words
        if words[after] == "(":
            if self.is_string(self.skip_parens(after)):
                self.take_type(index)
            elif index not in self.uncalled and not self._counts(index):
                self.call(parts, after)
            return after
        if words[index - 1] == ".":
            return after
        if words[after] == STRING_WORD and len(parts) > 1:
            return self.typed_literal(index)
        if words[after - 1] in filters.SCHEMA_COLUMNS or words[after - 1] in filters.NAME_COLUMNS:
            filters.read_filter(self, after - 1)
        qualifier = parts if words[after] == "." and words[after + 1] == "*" else parts[:-1]
        if len(qualifier) == 1:
            self.wait(qualifier[0])
        elif qualifier and not (self.frame.state == ASSIGNMENTS and words[after] in ("=", "[")):
            self.refer(qualifier, Kind.COLUMN, Role.READ)
        return after

    def _counts(self, index: int) -> bool:
        """Whether the word before a `(` is that of `FETCH FIRST (…)` or `interval '…' SECOND (…)`."""
        before = self.words[index - 1]
        if self.words[index] == "SECOND" and before == "TO":
            return self.words[index - 2] in ("DAY", "HOUR", "MINUTE")
        return before in (STRING_WORD, "FETCH", "INTERVAL")

    def wait(self, part: Identifier) -> None:
        """Keep a qualifier until it is known which tables the query has."""
        self.frame.arm.waiting.setdefault(part.name, []).append(part)

    def call(self, parts: list[Identifier], index: int) -> None:
        """A function called with the `(` at `index`."""
        name = parts[-1].name
        if name in ("dblink", "dblink_exec", "dblink_open"):
            self.fail("a query that dblink sends to another database")
            for at in range(index + 1, self.tokens.match.get(index, index)):
                literals.read_statement(self, at)
        if name in APART:
            self.fail(f"{name} takes schema and table apart")
        if name in NAMING_FUNCTIONS:
            literals.read_call(self, name, index)
        if name in POSTGRESQL:
            return
        if len(parts) > 1 or parts[0].quoted or name.upper() not in NOT_CALLED:
            self.refer(parts, Kind.FUNCTION, Role.READ)
            self._read_arguments(name, index)

    def _read_arguments(self, function: str, index: int) -> None:
        """Literals that a function is given: whole statements, such as `crosstab` takes, and what may be names."""
        words, close = self.words, self.tokens.match.get(index, index)
        position = 0
        for at in range(index + 1, min(close, index + 20)):
            if words[at] == "(":
                return
            position += words[at] == ","
            if (
                words[at] == STRING_WORD
                and words[at - 1] in ("(", ",", "=>", ":=")
                and words[at + 1] in (")", ",", "::")
            ):
                literals.read_statement(self, at, executed=False)
                named = words[at - 1] in ("=>", ":=")
                literals.read_argument(self, at, (function, words[at - 2].lower() if named else position))

    def cast(self, index: int) -> int:
        """`::`"""
        if self.words[index + 1] in REGISTERED:
            literals.read_cast(self, index, self.words[index + 1])
            return index + 2
        return self.take_type(index + 1)

    def cast_call(self, index: int) -> int:
        """`CAST (`"""
        if self.words[index + 1] != "(":
            return index + 1
        self.push(CAST)
        return index + 2

    def typed_literal(self, index: int) -> int:
        """`users '(1,x)'`"""
        return index + 1 if index in self.uncalled else self.take_type(index)

    def options(self, index: int) -> int:
        """`OPTIONS (users 'x', ADD orders 'y')`: words before strings that are no types"""
        at = index + 2 + (self.words[index + 2] in ("ADD", "SET", "DROP"))
        opens = self.words[index + 1] == "(" and (self.is_string(at + 1) or at > index + 2)
        return self.skip_parens(index + 1) if opens else index + 1

    def xml(self, index: int) -> int:
        """`XMLPARSE (DOCUMENT '…')` and its kin: a word before a string that is no type; `AS` gives the type of one"""
        close = self.tokens.match.get(index + 1, index)
        for word in ("DOCUMENT", "CONTENT", "VERSION", "REF"):
            self.uncalled.add(self.find(index + 2, close, word))
        return self.cast_call(index) if self.words[index] == "XMLSERIALIZE" else index + 1

    def registered(self, index: int) -> int:
        """`regclass 'users'`, `regclass('users')`"""
        bracket = self.words[index + 1] == "("
        if self.is_string(index + 1 + bracket):
            literals.read_registered(self, index + 1 + bracket, self.words[index])
            return index + 1 if bracket else index + 2
        return index + 1

    def format(self, index: int) -> int:
        """`FORMAT ('SELECT … %I', …)`"""
        if self.words[index + 1] == "(":
            literals.read_statement(self, index + 2)
        return index + 1

    def catalog_column(self, index: int) -> int:
        """A column of the catalogs that holds names"""
        if self.words[index + 1] == "(":
            return self.dotted(index)
        if self.is_string(index + 1):
            return self.typed_literal(index)
        filters.read_filter(self, index)
        return index + 1

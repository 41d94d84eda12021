"""Names at a position of the token lists, and the record of what was found."""

from __future__ import annotations

import re

from .keywords import BUILT_IN_TYPES, RESERVED
from .model import CatalogFilter, Identifier, Kind, Owned, Reference, Role, SearchPath
from .tokens import DOLLAR, HOLE, PARAM, QUOTED, STRING, WORD, Tokens

_HIDEABLE = (Kind.RELATION, Kind.TYPE, Kind.SEQUENCE, Kind.INDEX)
_PIECE = re.compile(rf"{HOLE}|\{{[^{{}}\s'\";,]*\}}|%(?:\(\w+\))?s|%\d*\$?I")
_UNICODE_ESCAPE = re.compile(r"\\(?:\+([0-9A-Fa-f]{6})|([0-9A-Fa-f]{4})|(\\))")
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def has_piece(text: str) -> bool:
    """Whether a part of the text is only known at run time."""
    return _PIECE.search(text) is not None


def fold(word: str) -> str:
    """An unquoted word as PostgreSQL stores it: only ASCII letters change."""
    return word.lower() if word.isascii() else word.translate(_ASCII_LOWER)


def cut(name: str) -> str:
    """The name as PostgreSQL stores it, which keeps 63 bytes."""
    if len(name) < 16 or len(data := name.encode("utf-8", "surrogatepass")) < 64:
        return name
    return data[:63].decode("utf-8", "ignore")


def unescape_unicode(body: str) -> str:
    r"""The text that `U&"…"` or `U&'…'` stands for, with the default escape character."""

    def character(found: re.Match[str]) -> str:
        code = int(found[1] or found[2], 16) if not found[3] else ord("\\")
        return chr(code) if code <= 0x10FFFF else found[0]

    return _UNICODE_ESCAPE.sub(character, body)


def quoted_identifier(text: str, start: int, end: int) -> Identifier:
    """The identifier written `"…"` or `U&"…"` at `start:end`."""
    body = text[start:end]
    unicode = body[0] != '"'
    name = body[3 if unicode else 1 : -1].replace('""', '"')
    if unicode:
        name = unescape_unicode(name)
    return Identifier(start, end, name, True, True) if has_piece(name) else Identifier(start, end, cut(name), True)


class Cursor:
    """The tokens, what was found so far, and the ways to read a name at an index.

    Indices are never checked against the length: the lists end in a sentinel that matches nothing.
    """

    def __init__(self, tokens: Tokens, temporary: set[str]) -> None:
        self.tokens = tokens
        self.text = tokens.text
        self.kinds = tokens.kinds
        self.words = tokens.words
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.temporary = temporary
        self.hidden: dict[str, int] = {}
        self.references: list[Reference] = []
        self.filters: list[CatalogFilter] = []
        self.paths: list[SearchPath] = []
        self.nested: list[tuple[tuple[tuple[int, bool], ...], str]] = []
        self.nested_range: tuple[int, int] | None = None
        self.literals_read: set[int] = set()
        self.created_temporary: list[str] = []
        self.names_temporary = False
        self.owned: list[Owned] = []
        self.naming: list[tuple[str, int | str]] = []
        self.arguments: list[Reference] = []
        self.of_rows: list[tuple[str, tuple[str, ...]]] = []
        self.owner: list[Identifier] = []  # the table that the statement defines or alters
        self.recursive_view: str | None = None  # the view that is made; its own query names it bare
        self.problem: str | None = None

    def fail(self, why: str) -> None:
        """Keep the first reason why the statement was not fully understood."""
        if self.problem is None:
            self.problem = why

    def is_name(self, index: int) -> bool:
        """Whether a name may start here."""
        return self.kinds[index] in (WORD, QUOTED, PARAM)

    def is_string(self, index: int) -> bool:
        """Whether a string literal stands here."""
        return self.kinds[index] in (STRING, DOLLAR)

    def identifier(self, index: int) -> tuple[Identifier, int]:
        """The identifier at `index` and the index after it. Placeholders that touch it are part of it."""
        start, end, kind = self.starts[index], self.ends[index], self.kinds[index]
        after = index + 1
        if kind == QUOTED:
            return quoted_identifier(self.text, start, end), after
        if kind == PARAM or (self.kinds[after] == PARAM and self.starts[after] == end):
            while self.kinds[after] in (WORD, PARAM) and self.starts[after] == end:
                end = self.ends[after]
                after += 1
            return Identifier(start, end, fold(self.text[start:end]), partial=True), after
        word = self.text[start:end]
        partial = HOLE in word or "{" in word
        return Identifier(start, end, fold(word) if partial else cut(fold(word)), False, partial), after

    def name(self, index: int) -> tuple[list[Identifier], int]:
        """The dotted name at `index` (no part when there is none) and the index after it."""
        parts: list[Identifier] = []
        kinds, words = self.kinds, self.words
        while kinds[index] in (WORD, QUOTED, PARAM):
            part, index = self.identifier(index)
            parts.append(part)
            if words[index] != "." or kinds[index + 1] not in (WORD, QUOTED, PARAM):
                break
            index += 1
        return parts, index

    def refer(self, parts: list[Identifier], kind: Kind, role: Role, *, literal: bool = False) -> None:
        """Record a name, unless it is hidden here by a CTE or a temporary table."""
        if not parts or len(parts) > 3:
            return
        if kind in _HIDEABLE:
            if len(parts) == 1:
                name = parts[0].name
                if name in RESERVED and not parts[0].quoted and not literal:
                    self.fail(f"{name} stands where a name is due")
                    return
                if name in self.temporary:
                    self.names_temporary = True
                    if role is Role.DROP:
                        self.temporary.discard(name)
                    return
                if kind is Kind.RELATION and role is Role.READ and self.hidden.get(name):
                    if name == self.recursive_view:
                        self.references.append(Reference(tuple(parts), Kind.COLUMN, Role.READ, bound=True))
                    return
            elif parts[-2].name == "pg_temp":
                self.names_temporary = True
                return
        self.references.append(Reference(tuple(parts), kind, role, literal))

    def own(
        self,
        kind: Kind,
        parts: list[Identifier],
        owner: list[Identifier],
        *,
        automatic: bool = False,
        renamed: bool = False,
    ) -> None:
        """Record that an index or a sequence belongs to a table; that of a temporary one is temporary too."""
        if parts and owner and not any(part.partial for part in (*parts, *owner)):
            if owner[-1].name in self.temporary and len(owner) == 1:
                self.temporary.add(parts[-1].name)
                return
            self.owned.append(Owned(kind, parts[-1].name, tuple(part.name for part in owner), automatic, renamed))

    def take(self, index: int, kind: Kind, role: Role) -> int:
        """Read a name, record it, return the index after it."""
        parts, index = self.name(index)
        self.refer(parts, kind, role)
        return index

    def table_name(self, index: int) -> tuple[list[Identifier], int]:
        """The name in `ONLY users`, `ONLY (users)` or `users *` at `index`, and the index after all of it."""
        only = self.words[index] == "ONLY"
        index += only
        bracket = only and self.words[index] == "("
        parts, after = self.name(index + bracket)
        if not parts:
            return parts, index
        after += bracket and self.words[after] == ")"
        return parts, after + (self.words[after] == "*")

    def take_table(self, index: int, role: Role) -> int:
        """Read and record a table as `table_name` does, return the index after it."""
        parts, index = self.table_name(index)
        self.refer(parts, Kind.RELATION, role)
        return index

    def take_type(self, index: int) -> int:
        """Read the name of a type (`users[]`, `setof users`, `users.id%TYPE`), return the index after the name."""
        words = self.words
        if words[index] == "SETOF":
            index += 1
        if self.kinds[index] == WORD and words[index] in BUILT_IN_TYPES and words[index + 1] != ".":
            if words[index + 1] == "PRECISION" or (words[index + 1] == "VARYING"):
                index += 1
            return index + 1
        parts, after = self.name(index)
        if words[after] == "%" and words[after + 1] in ("TYPE", "ROWTYPE"):
            if words[after + 1] == "TYPE":
                parts = parts[:-1]
            self.refer(parts, Kind.RELATION, Role.OTHER)
            return after + 2
        if parts and not (len(parts) == 2 and parts[0].name == "pg_catalog"):
            self.refer(parts, Kind.TYPE, Role.READ)
        return after

    def skip_parens(self, index: int) -> int:
        """The index after the parenthesis that opens at `index`, or `index` when none does."""
        close = self.tokens.match.get(index)
        return index if close is None else close + 1

    def skip_words(self, index: int, *words: str) -> int:
        """The index after any of `words` that stand here."""
        while self.words[index] in words:
            index += 1
        return index

    def skip_exists(self, index: int) -> int:
        """The index after the `IF EXISTS` or `IF NOT EXISTS` that stands here; IF by itself is a name."""
        if self.words[index] != "IF":
            return index
        exists = index + 1 + (self.words[index + 1] == "NOT")
        return exists + 1 if self.words[exists] == "EXISTS" else index

    def find(self, index: int, end: int, word: str) -> int:
        """The index of `word` outside of parentheses in `index:end`, 0 when it does not occur."""
        words, match = self.words, self.tokens.match
        while index < end:
            if words[index] == word:
                return index
            index = match.get(index, index) + 1
        return 0

    def after(self, index: int, end: int, word: str) -> int:
        """The index after `word` in `index:end`; `end`, where no name stands, and a problem when it is missing."""
        at = self.find(index, end, word)
        if not at:
            self.fail(f"{word} is missing")
        return at + 1 if at else end

    def take_list(self, index: int, kind: Kind, role: Role) -> int:
        """A comma-separated list of names, each with ONLY and `*` allowed; return the index after it."""
        while True:
            parts, after = self.table_name(self.skip_words(index, "TABLE"))
            self.refer(parts, kind, role)
            if not parts or self.words[after] != ",":
                return after
            index = after + 1

"""The narrowing funnel: which files can hold a finding, and which ones those need to be understood.

bytes → words (`triggers`) → string literals. It may let through too much, never too little: a file is kept when one
of its strings names something by its old name or is SQL that takes a name from elsewhere. Only when there is such
a file are the others of interest: those that talk to a database, and those between them in the imports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as ReadOnly

from codemods.drivers import redis
from codemods.drivers.registry import REGISTRY, Registry
from codemods.excerpts import Excerpt
from codemods.funnel.imports import neighbours
from codemods.funnel.open_sql import is_open, may_say_sql, says_sql, splits_a_word
from codemods.funnel.triggers import Triggers, words_of
from codemods.gate.ignores import may_hold_ignores
from codemods.generate.stamp import read_stamp
from codemods.mapping import Mapping, Relation
from codemods.python.evaluate import PROGRAMS
from codemods.python.literals import body_of, decode
from codemods.python.masks import Plain, Template, Unclear, read_strings
from codemods.source import NOTEBOOK_SUFFIX, PYTHON_SUFFIXES, Source
from codemods.sql import SQL_SUFFIXES
from codemods.sql.filters import SCHEMA_COLUMNS

_OF_OWNED = re.compile(
    rb"\b(?:drop|alter|reindex|comment\s+on)\s+(?:index|sequence)\b|\b(?:nextval|setval|currval)\s*\(|\b(?:regnamespace|set\s+constraints)\b"
    rb"|\b(?:drop|alter|grant|revoke)\b[^\0]*\bschema\b"
)
# Not the words of a sentence.
_SEARCH_PATH = re.compile(rb"\bcurrentschema\b|\bsearch_path\b(?![\"'`]*\s+(?!to\b|from\b)\w)")
_SECRET = re.compile(rb"\bkind\W{1,5}Secret\b")
_JOINING = re.compile(r"(?:[\s+()\\]|#[^\r\n]*(?![^\r\n]))*")
_COMMON = frozenset({"copy", "fetch", "stream", "raw", "prepare", "cursor", "scalar", "scalars", "iterate"})
_OFTEN_OTHERS = frozenset({"Schema", "reflect"})
_TOPICS = ("sql", "query", "conn", "cur", "pool", "db", "database", "statement", "stmt")


def _table_from_elsewhere() -> re.Pattern[bytes]:
    """A call that takes a table's name apart, or a mapped class, where that name may be no literal."""
    first: set[bytes] = set()
    behind: set[bytes] = set()
    for name, described in REGISTRY.tables.items():
        for each in described:
            if not (each.or_object or each.or_statement) and (each.position >= 0 or each.keywords):
                (behind if each.position else first).add(name.rsplit(".", 1)[-1].encode())
    called, called_with_more = (b"|".join(sorted(names)) for names in (first - behind, behind))
    return re.compile(rb"\b(?:(?:(?:%s)\s*\(|__tablename__\s*=)(?!\s*[\"')])|(?:%s)\s*\()" % (called, called_with_more))


_TABLE_FROM_ELSEWHERE = _table_from_elsewhere()


def triggers_of(mapping: Mapping, registry: Registry) -> Triggers:
    """What is worth a look under this mapping."""
    urls = () if mapping.default_schema == "none" else ("postgresql", "postgres")
    names = [*mapping.words, *mapping.database_words, *SCHEMA_COLUMNS, *urls]
    every = {*registry.connects, *registry.queries, *registry.tables, *registry.references, *registry.connection_types}
    methods = {name.lower() for name in every if "." not in name} | _orm_words(registry)
    modules = {name.split(".")[0].lower() for name in every if "." in name}
    # A call that names no table may stand for one.
    defaults = ((call, each.default) for call, tables in registry.tables.items() for each in tables if each.default)
    names += [call.split(".")[0] for call, default in defaults if default in mapping.words]
    of_schemas = (call.rsplit(".", 1)[-1] for call, tables in registry.tables.items() if tables[0].default == "")
    names += [call for call in of_schemas if call not in _COMMON and call not in _OFTEN_OTHERS]
    found = Triggers(
        # An ORM's class UserSession maps the table user_session.
        names=_words((*names, *(name.replace("_", "") for name in mapping.words))),
        classes=_words(end for name in mapping.words for end in _ends(name)),
        calls=_words((*(methods - _COMMON), *modules, *PROGRAMS, "dbname", "db_name", "database_name")),
        context=_words((*(methods - _COMMON), *modules, *registry.sqlite_modules, *PROGRAMS)),
        common=_words(methods & _COMMON),
        topics=_words(_TOPICS),
        rows=_words(name for relation in mapping.relations for name in (relation.old_name, relation.name)),
    )
    for relation in mapping.relations:
        for word in words_of(relation.old_name.lower().encode()):
            found.new_names.setdefault(word, []).append(relation.qualified.lower().encode())
    for namespace in mapping.redis:
        # A key can be put together where only the clients are in sight.
        found.key_starts += sorted(_words((namespace.old.partition(":")[0],)))
        found.key_calls = frozenset(name.encode() for name in redis.methods() if name not in redis.ORDINARY)
    plain = all(map(str.isascii, (*mapping.words, *mapping.database_words)))
    found.everything = not plain or len(found.key_starts) < len(mapping.redis)
    return found


def _ends(name: str) -> list[str]:
    """What follows each underscore: Django's model Order of the application shop has the table shop_order."""
    return [name[at + 1 :] for at, character in enumerate(name) if character == "_"]


def _orm_words(registry: Registry) -> set[str]:
    columns = (name for mapped in registry.classes for name in mapped.columns)
    keywords = (
        word
        for references in registry.references.values()
        for each in references
        for word in (each.names if each.position >= 0 else each.keywords)
    )
    return {name.rsplit(".", 1)[-1].strip("[]").lower() for name in (*columns, *keywords)}


def _words(names: Iterable[str]) -> frozenset[bytes]:
    return frozenset(word for name in names for word in words_of(name.lower().encode()))


def words_of_row(relation: Relation) -> frozenset[bytes]:
    """The words of a relation's old and new name."""
    return words_of(f"{relation.old_name} {relation.name}".lower().encode())


class Prefilter:
    """Chooses the files of a tree that have to be analysed."""

    def __init__(self, triggers: Triggers, strict: bool = True) -> None:
        """`strict`: all SQL is of interest, also that without a name of the mapping."""
        self._triggers = triggers
        self._strict = strict

    @property
    def mentioned(self) -> frozenset[bytes]:
        """The words of the mapping's rows that the files looked at so far have."""
        return frozenset(self._triggers.mentioned)

    def choose(self, sources: ReadOnly[str, Source]) -> dict[str, Source]:
        """The sources (by path) to analyse: none when none of them can hold a finding."""
        looks = {path: self._look(source) for path, source in sources.items()}
        kept = {path for path, (reports, _) in looks.items() if reports}
        if any(_sets_search_path(sources[path]) for path in kept):
            kept |= {path for path, (_, is_context) in looks.items() if is_context}  # It is held against their queries.
        python = {path: source for path, source in sources.items() if _is_python(source)}
        if not kept.isdisjoint(python):
            kept |= {path for path, source in python.items() if b"sqlite" in source.data}  # It decides for models.
            kept |= neighbours(kept & python.keys(), {path for path in python if any(looks[path])}, python)
        return {path: sources[path] for path in sources if path in kept}

    def names_something(self, data: bytes) -> bool:
        """Whether these bytes have an old name."""
        low = data.lower()
        return self._triggers.everything or self._triggers.in_words(low, words_of(low))

    def can_report(self, source: Source) -> bool:
        """Whether a finding can lie in the file."""
        return self._look(source)[0]

    def _look(self, source: Source) -> tuple[bool, bool]:
        is_python, is_view = source.kind.endswith(PYTHON_SUFFIXES), isinstance(source, Excerpt)
        is_wide = source.encoding.startswith(("utf-16", "utf-32"))
        data = source.text.encode() if is_wide or is_view else source.data
        look = self._triggers.look(data, is_python)
        if is_view or source.kind.endswith(NOTEBOOK_SUFFIX):
            # Magic and escapes hide what its strings would say.
            inside = self._triggers.look(data, True)
            may_report = (
                look.names_something
                or inside.names_something
                or inside.is_loud
                or inside.has_statement
                or inside.runs_something
            )
        elif not is_python:
            is_sql = source.kind.endswith(SQL_SUFFIXES)
            may_report = look.names_something or (self._strict and is_sql) or _SECRET.search(data) is not None
        elif self._triggers.everything:
            may_report = True
        else:
            low = data.lower()
            may_report = (
                look.names_something
                or look.is_loud
                or (look.has_statement and may_say_sql(low))
                or (look.runs_something and splits_a_word(low))
            ) and self._strings_can(low, source.text)
        may_report = may_report or (is_python and _names_all_tables(data))
        may_report = may_report or (
            is_python and look.runs_something and _TABLE_FROM_ELSEWHERE.search(data) is not None
        )
        return may_report or may_hold_ignores(source) or read_stamp(data) is not None, look.is_context

    def _strings_can(self, low: bytes, text: str) -> bool:
        words = self._triggers.words(low)
        runs = not self._triggers.calls.isdisjoint(words)
        if (
            self._triggers.in_keys(low, words, True)
            or self._triggers.in_classes(low, words)
            or (runs and (self._triggers.in_words(low, words) or b"search_path=" in low))
        ):
            return True
        try:
            strings = read_strings(text, 0, len(text))
        except Unclear:
            return True
        said = [_said(text, string) for string in strings]
        # A name can be split over neighbours, so they are read both apart and together.
        all_said = "\0".join((*said, _together(text, strings, said)))
        low = all_said.lower().encode("utf-8", "surrogatepass")
        words = self._triggers.words(low)
        if (
            self._triggers.in_words(low, words)
            or _SEARCH_PATH.search(low)
            or (self._triggers.owns(words) and _OF_OWNED.search(low))
        ):
            return True
        return is_open(text, strings, said, runs) or (self._strict and says_sql(said, runs))


def _names_all_tables(data: bytes) -> bool:
    """Whether a Python file may have one of Django's DATABASES, or have SQLAlchemy look for tables."""
    reflects = b".reflect(" in data and (b"etadata" in data or b"sqlalchemy" in data.lower())
    return reflects or b"DATABASES" in data or (b"ENGINE" in data and b"postg" in data)


def _is_python(source: Source) -> bool:
    return isinstance(source, Excerpt) or source.kind.endswith(PYTHON_SUFFIXES)


def _sets_search_path(source: Source) -> bool:
    """Whether a file of settings says something of `search_path`."""
    return not _is_python(source) and (
        (b"search" in source.data and b"path" in source.data) or b"currentSchema" in source.data
    )


def _together(text: str, strings: Sequence[Plain | Template], written: Sequence[str]) -> str:
    pieces = list(written[:1])
    for one, other, said in zip(strings, strings[1:], written[1:], strict=False):
        pieces.append("" if _JOINING.fullmatch(text, one.end, other.start) else "\0")
        pieces.append(said)
    return "".join(pieces)


def _said(text: str, string: Plain | Template) -> str:
    """What a string says; the fields of a format string stay as they are written."""
    token = text[string.start : string.end]
    at = token.index(token[-1])
    quotes = 3 if len(token) >= at + 6 and token.startswith(token[-1] * 3, at) else 1
    if "\\" in token:
        return decode(body_of(token, string.start)).text
    return token[at + quotes : -quotes]

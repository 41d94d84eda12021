"""INI files and their like: `alembic.ini`, `setup.cfg`, units of systemd, Java properties, supervisor."""

from __future__ import annotations

import configparser
import re
from collections import defaultdict
from collections.abc import Iterator

from codemods.configuration.read import read as read_tree
from codemods.configuration.tree import Node, Scalar, Table
from codemods.occurrences import ConnectionSetting, Embedded, Evidence, Occurrence
from codemods.source import Unparsable
from codemods.sourcemap import SourceMap

NAMES = ("*.ini", "*.cfg", "*.conf", "*.cnf", "*.properties", "*.service", "*.timer", "*.socket")
LARGEST = 2_000_000

_LINE = re.compile(
    r"^(?:(?P<blank>[ \t]*(?:[#;!][^\r\n]*)?)"
    r"|\[(?P<section>[^\]\r\n]+)\][^\r\n]*"
    r"|[ \t]*(?P<key>[^\s=:#;\[][^=:\r\n]*?)[ \t]*[=:][ \t]*(?P<value>[^\r\n]*(?:(?:\r\n|\n)[ \t]+[^\s#;][^\r\n]*)*)"
    r"|[^\r\n]*)(?:\r\n|\n|\r|\Z)",
    re.MULTILINE,
)
_INDENTED = re.compile(r"[ \t]*\r?\n[ \t]+")
_CONTINUED = re.compile(r"\\\n")
_ASSIGNMENT = re.compile(
    r"(?:^|[\s,;])(?P<quote>['\"]?)(?P<key>[A-Za-z_]\w*)=(?:'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|(?P<plain>[^\s,;'\"]*))"
)
_COMMENTED = re.compile(r"(?P<inner>\S+)[ \t]+[;#].*")
_QUOTED = re.compile(r"(['\"])(?P<inner>.*)\1", re.DOTALL)


def read(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in the settings of a file; lines that are none are passed over."""
    for name, settings in _sections(text).items():
        section = Table(tuple((key, _value(key, value)) for key, value in settings))
        yield from read_tree(Table(((name, section),)), path)
    yield from _databases_of_a_pooler(text, path)


def tree(text: SourceMap) -> Node:
    """The settings as written, by section."""
    return Table(tuple((name, Table(tuple(settings))) for name, settings in _sections(text).items()))


def _sections(text: SourceMap) -> dict[str, list[tuple[str, Scalar]]]:
    """The settings of each section; several of one key stay apart."""
    sections: dict[str, list[tuple[str, Scalar]]] = defaultdict(list)
    section = ""
    for match in _LINE.finditer(text.text):
        if match["section"] is not None:
            section = match["section"]
        elif match["key"] is not None:
            value = text.slice(*match.span("value")).replace(_INDENTED, lambda _: "\n")
            sections[section].append((match["key"], Scalar(value.slice(0, len(value.text.rstrip())))))
    return sections


def values(text: str) -> dict[str, dict[str, str]]:
    """What the parser of the standard library makes of `text`. Raises `Unparsable`."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True, comment_prefixes=("#", ";", "!"))
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise Unparsable("INI", "it cannot be read") from error
    return {name: dict(section) for name, section in parser.items()}


def _databases_of_a_pooler(text: SourceMap, path: str) -> Iterator[ConnectionSetting]:
    """The keys of PgBouncer's section `databases`: by them, its clients say which one they want."""
    section = ""
    for match in _LINE.finditer(text.text):
        section = match["section"] or section
        if section == "databases" and match["key"] is not None and "dbname" in match["value"]:
            name = text.slice(*match.span("key"))
            yield ConnectionSetting(name, Evidence.FILE, True, path, match.start("key"), switches=True)


def _value(key: str, scalar: Scalar) -> Node:
    """The value without its quotes and its comment; lists of assignments (`Environment=A=1 B=2`) as a table."""
    value = scalar.text.replace(_CONTINUED, lambda _: " ")
    if key.lower() in ("environment", "env"):
        assignments = list(_ASSIGNMENT.finditer(value.text))
        if assignments:
            return Table(tuple((match["key"], Scalar(_assigned(value, match))) for match in assignments))
    quoted = _QUOTED.fullmatch(value.text) or _COMMENTED.fullmatch(value.text)
    return Scalar(value.slice(*quoted.span("inner")) if quoted else value)


def _assigned(value: SourceMap, match: re.Match[str]) -> SourceMap:
    group = next(name for name in ("single", "double", "plain") if match[name] is not None)
    return value.slice(*match.span(group))

"""Connection texts: find the database's name in a URL or a libpq string, and hide passwords.

Sources: RFC 3986; https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote

_URL = re.compile(
    r"\b(?:jdbc:)?(?P<scheme>(?:postgres(?:ql)?|postgis|pgsql|psql|timescale(?:gis)?)(?:\+\w+)?)://(?P<authority>[^/?#\s'\"]*)"
    r"(?:/(?P<database>[^?#\s'\"]*))?(?:\?(?P<query>[^#\s'\"]*))?",
    re.IGNORECASE,
)
_AFTER_URL = re.compile(r"[,;)\]>`|<\\]")
_QUERY_DATABASE = re.compile(r"(?:^|&)(?:dbname|database)=(?P<database>[^&]*)")
_LIBPQ_PAIR = re.compile(r"(?:^|\s)(?P<key>[a-z_]+)\s*=\s*(?P<value>'(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)")
_LIBPQ_KEYS = frozenset(
    [
        "host",
        "hostaddr",
        "port",
        "dbname",
        "user",
        "password",
        "passfile",
        "connect_timeout",
        "client_encoding",
        "options",
        "application_name",
        "fallback_application_name",
        "keepalives",
        "keepalives_idle",
        "keepalives_interval",
        "keepalives_count",
        "sslmode",
        "sslcompression",
        "sslcert",
        "sslkey",
        "sslrootcert",
        "sslcrl",
        "requirepeer",
        "krbsrvname",
        "gsslib",
        "service",
        "target_session_attrs",
        "sslpassword",
        "channel_binding",
        "gssencmode",
        "sslnegotiation",
        "load_balance_hosts",
        "require_auth",
    ]
)
PIECES = frozenset({"host", "port", "dbname", "user", "password"})
"""The keywords of libpq that say which server and database it is, and who asks."""
_PASSWORDS = re.compile(
    r"(?P<url>[a-z][a-z0-9+.\-]*://[^:/?#@\s'\"]*:)(?P<secret>[^\s'\"]*)(?=@)"
    r"|(?P<pair>\b\w*(?:password|passwd|pwd|secret)\w*['\"]?\s*[=:]\s*)"
    r"(?P<value>'(?:[^'\\]|\\.)+'|\"(?:[^\"\\]|\\.)+\"|[^\s'\",;&)}\]{(]+)",
    re.IGNORECASE,
)


class Located(NamedTuple):
    """A database's name in a connection text: `text[start:end]` is what to replace, `name` what it says.

    `encode` writes another name in the same notation.
    """

    start: int
    end: int
    name: str
    encode: Callable[[str], str]


def find_database(text: str) -> Located | None:
    """The database that a PostgreSQL URL or libpq string connects to; None when it names none.

    Other databases' URLs are none. Positions are 0-based characters of `text`.
    """
    url = _URL.search(text)
    if url is not None:
        return _in_url(url)
    pairs = list(_LIBPQ_PAIR.finditer(text))
    if not any(pair.group("key") in _LIBPQ_KEYS for pair in pairs):
        return None
    for pair in pairs:
        if pair.group("key") == "dbname":
            inner = find_database(pair.group("value"))
            if inner is not None:
                shift = pair.start("value")
                return inner._replace(start=inner.start + shift, end=inner.end + shift)
            return _in_pair(pair)
    return None


def find_urls(text: str) -> Iterator[tuple[int, int]]:
    """Where the PostgreSQL URLs of `text` stand; what cannot be a part of one ends it."""
    for url in _URL.finditer(text):
        after = _AFTER_URL.search(text, url.end("authority"), url.end())
        yield url.start(), after.start() if after else url.end()


def is_libpq(text: str) -> bool:
    """Whether `text` is a libpq string (`host=… dbname=…`) that names a database."""
    pairs = [pair.group("key") for pair in _LIBPQ_PAIR.finditer(text)]
    return "dbname" in pairs and all(key in _LIBPQ_KEYS for key in pairs)


def _in_url(url: re.Match[str]) -> Located | None:
    name = url.group("database")
    if name:
        return Located(url.start("database"), url.end("database"), unquote(name), _percent_encoded)
    query = url.group("query")
    found = _QUERY_DATABASE.search(query) if query else None
    if found is None:
        return None
    shift = url.start("query")
    start, end = found.span("database")
    return Located(start + shift, end + shift, unquote(found.group("database")), _percent_encoded)


def _percent_encoded(name: str) -> str:
    return quote(name, safe="")


def _in_pair(pair: re.Match[str]) -> Located:
    start, end = pair.span("value")
    value = pair.group("value")
    if value.startswith("'"):
        start, end, value = start + 1, end - 1, value[1:-1]
    return Located(start, end, re.sub(r"\\(.)", r"\1", value), _libpq_escaped)


def libpq(pieces: Iterable[tuple[str, str]]) -> str:
    """The libpq string of these keywords and values."""
    return " ".join(f"{keyword}='{_libpq_escaped(value)}'" for keyword, value in pieces)


def _libpq_escaped(name: str) -> str:
    return re.sub(r"([\\'])", r"\\\1", name)


def mask_passwords(text: str) -> str:
    """`text` with the passwords in URLs and after `password=` (and its like) replaced by `***`."""
    return _PASSWORDS.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    if match.group("url"):
        return f"{match.group('url')}***"
    value = match.group("value")
    quoted = value[0] if value[0] in "'\"" else ""
    return f"{match.group('pair')}{quoted}***{quoted}"

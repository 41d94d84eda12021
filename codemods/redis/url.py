"""Redis URLs: find the database's number in one, or where it would stand.

Sources: https://redis.readthedocs.io/en/stable/connections.html (`from_url`),
https://www.iana.org/assignments/uri-schemes/prov/redis
"""

from __future__ import annotations

import re
from typing import NamedTuple

from codemods.sql.tokens import HOLE

_URL = re.compile(
    r"\b(?P<scheme>(?:redis|rediss|valkey|valkeys|unix)(?:\+\w+)?)://(?P<authority>[^/?#\s'\"]*)"
    r"(?P<path>/[^?#\s'\"]*)?(?:\?(?P<query>[^#\s'\"]*))?",
    re.IGNORECASE,
)
_END = re.compile(rf"{HOLE}[^/?]*/(?P<database>\d+)")
_QUERY_DATABASE = re.compile(r"(?:^|&)(?:db|virtual_host)=(?P<database>[^&]*)")


class LocatedDatabase(NamedTuple):
    """`text[start:end]` is the number as written, empty where none is; `lead` stands in front of a new one.

    Positions are 0-based characters. `number` is None when what stands there is no number; a URL without one means 0.
    """

    start: int
    end: int
    number: int | None
    lead: str = ""


def find_redis_database(text: str) -> LocatedDatabase | None:
    """The database that the first Redis URL in `text` selects; None when there is no such URL.

    `db=` in the query wins over the path, as in redis-py; a `unix:` URL has its database in the query only.
    """
    url = _URL.search(text)
    if url is None:
        return None
    query, is_socket = url.group("query"), url.group("scheme").lower().startswith("unix")
    named = _QUERY_DATABASE.search(query) if query else None
    if named is not None:
        shift = url.start("query")
        return _located(text, shift + named.start("database"), shift + named.end("database"))
    if is_socket:
        if url.group("path") is None:
            return None
        return LocatedDatabase(url.end(), url.end(), 0, "&db=" if query else "?db=")
    if url.group("path") is None:
        return LocatedDatabase(url.end("authority"), url.end("authority"), 0, "/")
    return _located(text, url.start("path") + 1, url.end("path"))


def find_database_at_end(text: str) -> LocatedDatabase | None:
    """The database at the end of a URL whose beginning is not known, as in `f"{base}/0"`; None when there is none."""
    found = _END.fullmatch(text)
    return _located(text, *found.span("database")) if found else None


def _located(text: str, start: int, end: int) -> LocatedDatabase:
    written = text[start:end]
    if not written:
        return LocatedDatabase(start, end, 0)
    return LocatedDatabase(start, end, int(written) if written.isdecimal() else None)

"""What a setting is called, so that a file that gives it a value and the code that reads it are brought together."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KIND = re.compile(
    r"(?:ur[il]s?|dsn|address|location|host|db|database|dbname|(?:db|database)_?(?:index|number|num|no|id)?|value"
    r"|default|backend|broker)",
    re.IGNORECASE,
)
_DATABASE = re.compile(r"(?:.*_)?(?:redis|valkey)(?:_.*)?_(?:db|database)(?:_?(?:index|number|num|no|id))?")
_KEY = re.compile(r"(?:.*_)?(?:keys?|(?:key_?)?prefix|namespace|queue|queue_name|channel|stream|pattern)")
_PREFIX = re.compile(r"(?:.*_)?(?:(?:key_?)?prefix|namespace)")
_REDIS = re.compile(r"redis|cache|celery|(?:^|_)(?:sessions?|queues?|locks?)(?:_|$)|key_?prefix")
_WORD = re.compile(r"\w+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def role_of(name: str) -> str:
    """What a text of this name (in lower case) is to Redis: "key", "prefix", or "" when the name does not tell."""
    if _PREFIX.fullmatch(name) and says_redis(name):
        return "prefix"
    return "key" if _KEY.fullmatch(name) else ""


def says_redis(name: str) -> bool:
    """Whether something of this name (in lower case) has to do with what is usually kept in Redis."""
    return _REDIS.search(name) is not None


def setting_name(keys: Sequence[str]) -> str:
    """The name of the setting at the end of `keys`, in lower case.

    A key that only says what kind of value it has (`url`, `db`) counts with those in front of it: `redis`, `db` is
    `redis_db`. "" when all of them only say that.
    """
    words = [_CAMEL.sub("_", part).replace("-", "_").lower() for key in keys for part in key.split(".") if part]
    at = next((at for at in reversed(range(len(words))) if not _KIND.fullmatch(words[at])), None)
    return "" if at is None else "_".join(words[at:])


def setting_of(code: str) -> str:
    """The name of the setting that code such as `config["redis"]["url"]` reads; "" when it tells none."""
    return setting_name(_WORD.findall(code))


def says_redis_database(name: str) -> bool:
    """Whether the setting of this name is the number of a Redis database."""
    return _DATABASE.fullmatch(name) is not None

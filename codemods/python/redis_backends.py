"""What libraries keep in Redis by themselves, such as Celery: the keys that they make, and the client that they use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from codemods.checkout.paths import is_test
from codemods.drivers.redis_backends import CALLED, CHANNEL_LAYER, KEYWORDS, NAMES, Backend
from codemods.python import operations
from codemods.python.arguments import Arguments
from codemods.python.records import BackendSetting, KeyUse, Place, Records
from codemods.python.values import (
    Chunk,
    Hole,
    Items,
    Literal,
    Number,
    Pairs,
    RedisClient,
    Text,
    Unknown,
    Value,
    choices,
    source_map,
)  # fmt: skip
from codemods.redis.url import find_redis_database

_NOWHERE = Literal("", 0)


class Backends:
    """Notes what is told to such libraries in the `records` of a tree."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def setting(self, name: str, value: Value, place: Place) -> None:
        """Note the setting `name` of an application, which is one of `NAMES`."""
        backend = NAMES[name]
        self._records.backend_settings.append(BackendSetting(backend, backend.role_of(name.lower()), value, place))

    def call(self, name: str, arguments: Arguments, place: Place) -> bool:
        """Note what a call of the function or class `name` of a library tells it; whether that is one of `CALLED`."""
        for keyword, value in arguments.named.items():
            if (name, keyword) in KEYWORDS:
                self.setting(KEYWORDS[name, keyword], value, place)
        backend = CALLED.get(name)
        if backend is None:
            return False
        numbers, urls, clients, prefixes = (
            [*_given(arguments, names)]
            for names in (backend.numbers, backend.urls, backend.clients, backend.prefixes)
        )  # fmt: skip
        if backend.numbers and not (numbers or urls):
            numbers = [Unknown()]
        self._records.events += _uses(backend, numbers, urls, clients, prefixes, place)
        return True

    def django(self, settings: Value, place: Place) -> None:
        """Note the keys of one of Django's CACHES or CHANNEL_LAYERS.

        Sources: https://docs.djangoproject.com/en/stable/ref/settings/#caches (the names of its keys are its prefix, a
        version and the key), https://github.com/django/channels_redis
        """
        backend = (operations.known_text(operations.look_up(settings, "BACKEND")) or "").lower()
        if "channels_redis" in backend:
            config = operations.look_up(settings, "CONFIG")
            hosts = [*_hosts(operations.look_up(config, "hosts"))]
            self._records.events += _uses(CHANNEL_LAYER, [], hosts, [], [*_told(config, "prefix")], place)
        elif "redis" in backend:
            prefixes = [each for value in _told(settings, "KEY_PREFIX") for each in choices(value)]
            keys = [_key(prefix, ":", "version and key") for prefix in prefixes] or [_made(":1:*")]
            numbers = [*_told(operations.look_up(settings, "OPTIONS"), "DB")]
            client = _client(numbers, [*_told(settings, "LOCATION")], place)
            self._records.events += [KeyUse(key, client, "key", "KEY_PREFIX", "call", place) for key in keys]


def configured(records: Records) -> Iterator[KeyUse]:
    """What libraries keep in Redis that the settings of an application configure; those of tests do not count."""
    told: dict[Backend, list[BackendSetting]] = defaultdict(list)
    for setting in dict.fromkeys(records.backend_settings):
        if not is_test(setting.place.path):
            told[setting.backend].append(setting)
    for backend, settings in told.items():
        numbers, urls, clients, prefixes = (
            [each.value for each in settings if each.role == role]
            for role in ("numbers", "urls", "clients", "prefixes")
        )  # fmt: skip
        place = next((each.place for each in settings if each.role != "prefixes"), settings[0].place)
        yield from _uses(backend, numbers, [*_of_redis(urls)], clients, prefixes, place)


def _uses(
    backend: Backend,
    numbers: list[Value],
    urls: list[Value],
    clients: list[Value],
    prefixes: list[Value],
    place: Place,
) -> Iterator[KeyUse]:
    made = [_client(numbers, urls, place)] if numbers or urls else []
    keys = [_key(option, backend.sign) for prefix in prefixes for option in choices(prefix)]
    for client in (*clients, *made):
        for key in keys or map(_made, backend.keys):
            yield KeyUse(key, client, "key", backend.library, "call", place)


def _client(numbers: list[Value], urls: list[Value], place: Place) -> RedisClient:
    database = Items(tuple(numbers)) if numbers else None
    return RedisClient(place.path, place.at, database, Items(tuple(urls)) if urls else None)


def _of_redis(urls: Iterable[Value]) -> Iterator[Value]:
    """What may be the URL of a Redis; those of other brokers and texts that are none are left out."""
    for url in urls:
        for option in choices(url):
            written = isinstance(option, Text) and isinstance((*option.pieces, None)[0], Chunk) and source_map(option)
            if not written or find_redis_database(written.text) is not None:
                yield option


def _key(prefix: Value, sign: str, rest: str = "key") -> Value:
    """A key behind `prefix`; a word by itself tells nothing of the keys that begin with it."""
    last = prefix.pieces[-1] if isinstance(prefix, Text) and prefix.pieces else None
    if not isinstance(prefix, Text) or (isinstance(last, Chunk) and last.text[-1:].isalnum() and not sign):
        return Text((Hole(rest),))
    return Text((*prefix.pieces, *((Chunk(_NOWHERE, sign, 0),) if sign else ()), Hole(rest)))


def _made(pattern: str) -> Text:
    """A key that the library makes, as `Backend.keys` has it."""
    written = pattern.rstrip("*")
    known = (Chunk(_NOWHERE, written, 0),) if written else ()
    return Text((*known, Hole("key")) if written != pattern else known)


def _given(arguments: Arguments, names: tuple[str, ...]) -> Iterator[Value]:
    for name in names:
        value = arguments.get(int(name)) if name.isdecimal() else arguments.named.get(name)
        if value is not None:
            yield value


def _told(settings: Value, name: str) -> Iterator[Value]:
    for option in choices(settings):
        for key, value in option.items if isinstance(option, Pairs) else ():
            if operations.known_text(key) == name:
                yield value


def _hosts(hosts: Value) -> Iterator[Value]:
    """The URLs of the hosts of a channel layer; a host and a port by themselves say no database."""
    for option in choices(hosts):
        for host in option.values if isinstance(option, Items) else (option,):
            for each in choices(operations.look_up(host, "address") if isinstance(host, Pairs) else host):
                yield Unknown("hosts") if isinstance(each, (Items, Number)) else each

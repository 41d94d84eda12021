"""Follow Redis clients: where they are made, and the keys that are handed to their methods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.drivers.redis import (
    CLIENTS,
    DATABASE_POSITION,
    LIBRARIES,
    OF_ALL_KEYS,
    ORDINARY,
    OTHER_DATABASES,
    RETURNING_KEYS,
    SAME_CLIENT,
    SCRIPTS,
    key_words,
    methods,
)  # fmt: skip
from codemods.python import ir, operations
from codemods.python.alternatives import choose
from codemods.python.arguments import Arguments
from codemods.python.records import KeyUse, Place
from codemods.python.redis_backends import Backends
from codemods.python.values import (
    Chunk,
    External,
    Hole,
    Items,
    Literal,
    Object,
    Pairs,
    Parameter,
    Piece,
    RedisClient,
    Text,
    Unknown,
    Value,
    choices,
    texts,
)  # fmt: skip

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis

SOME_CLIENT = RedisClient("", 0)
"""A Redis client that was made where relink does not see it."""
ALL_KEYS = Text((Chunk(Literal("", 0), "*", 0),))
FROM_REDIS = Text((Hole("a key from Redis"),))
_NAMED_REDIS = re.compile(r"redis|valkey", re.IGNORECASE)
_NAMED_LIKE_A_CLIENT = re.compile(r"(?:.*(?:cache|client|conn|connection|pipe|pipeline|store|broker|kv)|r|rc|rdb|db)_?")
_LUA_CALL = re.compile(
    r"""\bredis\.p?call\s*\(\s*(["'])(?P<command>\w+)\1\s*,\s*(["'])(?P<key>(?:(?!\3)[^\\\n])*)\3\s*(?P<more>\.\.)?"""
)
_LUA_VARIABLE = re.compile(r"""\b\w+\s*=\s*(["'])(?P<key>(?:(?!\1)[^\\\n])+)\1""")
_LUA_POSITION = re.compile(r"\bsub\s*\([^()\n]*\d")
_GLOB = re.compile(r"[*?\[\\]")
_CONSTANTS = frozenset({"None", "True", "False"})


class Redis:
    """Evaluates what Redis clients do for an `Analysis`."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._records = analysis.records
        self.backends = Backends(analysis.records)
        self.typed: set[Value] = set()
        """The parameters whose annotation says that they are Redis clients."""
        self.splits: dict[int, tuple[Text, str]] = {}
        """The texts that are split, and at which sign, by the identity of the node that names the method."""

    def library(self, name: str, arguments: Arguments, place: Place) -> Value | None:
        """The client that a function or class of a Redis library makes; None when it makes none."""
        if self.backends.call(name, arguments, place):
            return Unknown(f"{name}(…)")
        if not is_client(name):
            return None
        pool = arguments.get(0) if name.endswith(".from_pool") else arguments.named.get("connection_pool")
        known = [option for option in choices(pool) if isinstance(option, RedisClient)] if pool is not None else []
        if known:
            return choose(list(known))
        last = name.rsplit(".", 1)[-1]
        first = arguments.get(0, ("url", "address"))
        url = first if last in ("from_url", "create_redis", "create_redis_pool", "create_pool") else None
        position = DATABASE_POSITION if last in ("Redis", "StrictRedis") else -1
        database = arguments.get(position, ("db",))
        foreign = name.split(".", maxsplit=1)[0] not in LIBRARIES or "Cluster" in last
        elsewhere = pool is not None or foreign or not arguments.complete
        if database is None and elsewhere:
            database = Unknown()
        client = RedisClient(place.path, place.at, database, url)
        self._note(ALL_KEYS, client, "made", last, "call", place)
        return client

    def method(self, client: RedisClient, name: str, arguments: Arguments, place: Place) -> Value:
        """The value of a client's method."""
        if name in SCRIPTS:
            self._script_text(client, arguments.get(0, ("script",)), place)
        if name in SAME_CLIENT:
            database = arguments.named.get("db", client.database)
            return client._replace(database=database, pipelined=client.pipelined or name in ("pipeline", "multi_exec"))
        if name == "select":
            self._select(client, arguments.get(0, ("index", "db")), place)
        self._keys(client, name, arguments, "call", place)
        return client if client.pipelined else _result(name, arguments)

    def cut(self, text: Value, sign: str, place: Place) -> None:
        """Note that a part of `text` is taken by its number: a character, or with `sign` a piece between such signs."""
        if isinstance(text, Text):
            self._records.events.append(KeyUse(text, SOME_CLIENT, "cut", sign, "call", place))

    def pieces(self, node: ir.Expr, place: Place) -> None:
        """Note that the pieces of a text are taken by their number, if the call `node` splits one."""
        known = self.splits.get(id(node.function)) if isinstance(node, ir.Call) else None
        if known is not None:
            self.cut(*known, place)

    def namespace(self, value: Value, place: Place) -> None:
        """Note a prefix that a library puts in front of keys."""
        for prefix in texts(value):
            self._note(prefix, SOME_CLIENT, "prefix", "namespace", "name", place)

    def script(self, client: RedisClient, arguments: Arguments, place: Place) -> Value:
        """The value of calling a registered script."""
        keys = arguments.get(0, ("keys",))
        if keys is not None:
            self._note(keys, client, "key", "script", "call", place)
        return Unknown("script(…)")

    def _script_text(self, client: Value, script: Value | None, place: Place) -> None:
        """The keys that stand in a Lua script itself, as the first argument of a command that takes a key there.

        A variable may be one, or a part of one; so is any key where the script counts the characters of some.
        """
        for text in texts(script) if script is not None else ():
            for piece in text.pieces:
                if not isinstance(piece, Chunk):
                    continue
                counts = _LUA_POSITION.search(piece.text) is not None
                for call in _LUA_CALL.finditer(piece.text):
                    key = Text((piece.slice(*call.span("key")), *((Hole("…"),) if call.group("more") else ())))
                    for _, role in key_words([call.group("command"), "", ""])[:1]:
                        self._note(key, client, "script" if counts else role, call.group("command"), "call", place)
                for variable in _LUA_VARIABLE.finditer(piece.text):
                    key = Text((piece.slice(*variable.span("key")),))
                    self._note(key, client, "script", "a variable", "call", place)

    def guess_script(self, function: Value, described: str, arguments: Arguments, place: Place) -> bool:
        """Whether a call of `function`, which is not known, runs a registered script; notes its keys then."""
        keys = arguments.named.get("keys")
        if not isinstance(keys, Items) or not ("args" in arguments.named or "script" in described.lower()):
            return False
        receiver = function if isinstance(function, Parameter) else SOME_CLIENT
        self._note(keys, receiver, "key", "script", "call", place)
        return True

    def guess(self, owner: Value, described: str, name: str, arguments: Arguments, place: Place) -> Value | None:
        """What a method of `owner`, which is not known, does if `owner` is a Redis client; None when it is not one."""
        last = described.rsplit(".", 1)[-1].removesuffix("(…)")
        named = _NAMED_REDIS.search(described) is not None or owner in self.typed
        if isinstance(owner, Object) and self._extends_client(owner):
            return self.method(SOME_CLIENT, name, arguments, place)
        if name in SCRIPTS and (named or name not in ORDINARY):
            client = owner if isinstance(owner, Parameter) else SOME_CLIENT
            self._script_text(client, arguments.get(0, ("script",)), place)
            if name == "register_script":
                return client
        if named and name in SAME_CLIENT:
            return owner if isinstance(owner, Parameter) else SOME_CLIENT._replace(pipelined=name == "pipeline")
        if name == "select" and isinstance(owner, Parameter):
            self._select(owner, arguments.get(0, ("index", "db")), place)
        if name not in methods() and not (named and name == "execute_command"):
            return None
        if named or name not in ORDINARY:
            evidence = "call"
        else:
            evidence = "name" if _NAMED_LIKE_A_CLIENT.fullmatch(last.lower()) else ""
        if not evidence and not isinstance(owner, Parameter):
            return None
        receiver = owner if isinstance(owner, Parameter) else SOME_CLIENT
        self._keys(receiver, name, arguments, evidence, place)
        return _result(name, arguments) if evidence == "call" else None

    def _extends_client(self, owner: Object) -> bool:
        info = self._analysis.classes.get(owner.key)
        return info is not None and any(isinstance(base, External) and is_client(base.name) for base in info.bases)

    def _keys(self, receiver: Value, name: str, arguments: Arguments, evidence: str, place: Place) -> None:
        if name in ("execute_command", "execute"):
            words = [operations.known_text(word) for word in arguments.positional]
            if words and (words[0] or "").lower() == "select":
                self._select(receiver, arguments.get(1), place)
            for position, role in key_words(words):
                self._note(arguments.positional[position], receiver, role, words[0] or name, evidence, place)
            return
        for position, named in OTHER_DATABASES.get(name, ()):
            number = arguments.get(position, (named,))
            if number is not None:
                self._note(number, receiver, "other database", name, evidence, place)
        if name in OF_ALL_KEYS and not arguments.all:
            self._note(ALL_KEYS, receiver, "pattern", name, evidence, place)
        for parameter in methods().get(name, ()):
            if parameter.counted:
                count = operations.known_number(arguments.get(parameter.position - 1))
                values = arguments.positional[parameter.position :][: 1 if count is None else count]
            elif parameter.variadic:
                values = arguments.positional[parameter.position :]
            else:
                value = arguments.get(parameter.position, (parameter.name,))
                values = () if value is None else (value,)
            for value in values:
                self._note(value, receiver, parameter.role, name, evidence, place)

    def _select(self, receiver: Value, number: Value | None, place: Place) -> None:
        """Note that the client changes to the database `number`."""
        value = Unknown("SELECT") if number is None else number
        self._records.events.append(KeyUse(value, receiver, "database", "select", "call", place))

    def _note(self, value: Value, receiver: Value, role: str, command: str, evidence: str, place: Place) -> None:
        for each in _single(value):
            self._records.events.append(KeyUse(each, receiver, role, command, evidence, place))


def is_client(name: str) -> bool:
    """Whether the function or class of a library that is called `name` makes a Redis client."""
    parts = name.split(".")
    if parts[0] not in LIBRARIES or len(parts) < 2:
        return name.endswith((".get_redis_connection", "flask_redis.FlaskRedis"))
    if parts[-1] in ("from_url", "from_pool"):
        return len(parts) == 2 or parts[-2] in CLIENTS or parts[-2] in ("asyncio", "aioredis")
    return parts[-1] in CLIENTS


def _result(name: str, arguments: Arguments) -> Value:
    """What the method called `name` gives back."""
    if name == "randomkey":
        return FROM_REDIS
    if name == "scan":
        return Items((Unknown("cursor"), Items((_matching(arguments.get(1, ("match",))),))))
    if name in RETURNING_KEYS:
        return Items((_matching(arguments.get(0, ("pattern", "match"))),))
    return Unknown(f"{name}(…)")


def _matching(pattern: Value | None) -> Value:
    """A key that Redis gives: it begins as the pattern that was asked for."""
    if not isinstance(pattern, Text):
        return FROM_REDIS
    head: list[Piece] = []
    for piece in pattern.pieces:
        glob = _GLOB.search(piece.text) if isinstance(piece, Chunk) else None
        if not isinstance(piece, Chunk) or glob:
            if isinstance(piece, Chunk) and glob and glob.start():
                head.append(piece.slice(0, glob.start()))
            break
        head.append(piece)
    return Text((*head, *FROM_REDIS.pieces)) if head else FROM_REDIS


def _single(value: Value) -> Iterator[Value]:
    """Each key of what may be one key, a list of keys or a dict of them."""
    for option in choices(value):
        if isinstance(option, Items):
            for item in option.values:
                yield from _single(item)
        elif isinstance(option, Pairs):
            for key, _ in option.items:
                yield from _single(key)
        elif not isinstance(option, External) or option.name not in _CONSTANTS:
            yield option

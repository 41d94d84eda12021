"""Give every Redis key and its client what the callers of its function pass.

Tests call the same functions hundreds of times, so callers that pass the same are looked at once, and what is only
known at run time has no name here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from codemods.python.alternatives import choose, substitute
from codemods.python.evaluate import Follow
from codemods.python.records import KeyUse, Records
from codemods.python.redis_backends import configured
from codemods.python.values import (
    Chunk,
    External,
    FunctionKey,
    Hole,
    Items,
    Parameter,
    RedisClient,
    Text,
    Unknown,
    Value,
    choices,
    parameters,
)  # fmt: skip

_MOST_CALLS_DEEP = 8
_MOST_VERSIONS = 40
_MOST_KEYS = 2000
_FEW = 8
_UNKNOWN = Unknown()
_HOLE = Hole("")
_MAY_BE_CLIENT = (RedisClient, Parameter, Unknown, External)
_NO_CLIENT = Items(())


class KeyLinker:
    """Links the keys of a tree; callers are grouped by what they pass."""

    def __init__(self, records: Records, follow: Follow) -> None:
        self._records = records
        self._follow = follow
        self._given: dict[tuple[FunctionKey, tuple[str, ...]], list[dict[str, Value]]] = {}
        self._receivers: dict[Value, Value] = {}
        self._pairs: dict[tuple[Value, Value], list[tuple[Value, Value]]] = {}

    def link(self) -> Iterator[KeyUse]:
        """Every key use of the tree, once for each different thing that callers pass."""
        found: dict[KeyUse, None] = {}
        for use in chain(self._records.events, configured(self._records)):
            if isinstance(use, KeyUse):
                found.update(dict.fromkeys(self._versions(use)))
        return iter(found)

    def _versions(self, use: KeyUse) -> list[KeyUse]:
        start = self._short(use.value), _client(use.receiver)
        if start not in self._pairs:
            self._pairs[start] = self._expand(*start) or self._expand_apart(*start)
        return [use._replace(value=value, receiver=receiver) for value, receiver in self._pairs[start]]

    def _expand_apart(self, value: Value, receiver: Value) -> list[tuple[Value, Value]]:
        """Any key with any client, where there are too many to tell which is used with which."""
        known = self._receivers.get(receiver)
        if known is None:
            alone = self._expand(_UNKNOWN, receiver, _MOST_KEYS) or []
            known = self._receivers[receiver] = choose([each for _, each in alone] or [_UNKNOWN])
        tried = (self._expand(value, _UNKNOWN, _MOST_KEYS, deep) for deep in (_MOST_CALLS_DEEP, 2, 1))
        keys = next((found for found in tried if found is not None), [(value, _UNKNOWN)])
        return [(each, known) for each, _ in keys]

    def _expand(
        self, value: Value, receiver: Value, most: int = _MOST_VERSIONS, deep: int = _MOST_CALLS_DEEP
    ) -> list[tuple[Value, Value]] | None:
        """The values without parameters, as far as callers are in sight and `deep`; None when there are too many."""
        done: dict[tuple[Value, Value], None] = {}
        waiting = {(value, receiver): None}
        for _ in range(deep):
            following: dict[tuple[Value, Value], None] = {}
            for pair in waiting:
                versions = self._instances(*pair)
                if versions is None:
                    done[pair] = None
                else:
                    following.update(dict.fromkeys(versions))
                if len(done) + len(following) > most:
                    return None
            waiting = following
        return [*done, *waiting]

    def _instances(self, value: Value, receiver: Value) -> list[tuple[Value, Value]] | None:
        wanted: dict[FunctionKey, dict[str, None]] = {}
        for parameter in (*parameters(value), *parameters(receiver)):
            wanted.setdefault(parameter.function, {})[parameter.name] = None
        for function, names in wanted.items():
            versions = []
            for given in self._calls(function, tuple(sorted(names))):

                def give(
                    parameter: Parameter, given: dict[str, Value] = given, of: FunctionKey = function
                ) -> Value | None:
                    value = given.get(parameter.name) if parameter.function == of else None
                    return value if value is None else self._follow(value, parameter.steps)

                version = self._short(substitute(value, give)), _client(substitute(receiver, give))
                if version != (value, receiver):
                    versions.append(version)
            if versions:
                return versions
        return None

    def _calls(self, function: FunctionKey, names: tuple[str, ...]) -> list[dict[str, Value]]:
        """What callers pass for `names`, each combination once; the defaults when no caller is in sight."""
        known = self._given.get((function, names))
        if known is None:
            defaults = self._records.defaults.get(function, {})
            sites = [{**defaults, **site.arguments} for site in self._records.sites.get(function, ())] or [defaults]
            rows = dict.fromkeys(tuple(_plain(site.get(name)) for name in names) for site in sites)
            known = [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in rows]
            self._given[function, names] = known
        return known

    def _short(self, value: Value) -> Value:
        """`value` with what callers pass left open where its beginning is written and many calls differ only behind."""
        if not isinstance(value, Text) or not value.pieces or not isinstance(value.pieces[0], Chunk):
            return value
        pieces = tuple(
            _HOLE
            if isinstance(piece, Hole)
            or (isinstance(piece, Parameter) and len(self._records.sites.get(piece.function, ())) > _FEW)
            else piece
            for piece in value.pieces
        )
        return Text(pieces)


def _client(value: Value) -> Value:
    """`value` as far as it can be a client: a dictionary that has a `get` as well is none, whatever is in it."""
    options = [each for each in choices(value) if isinstance(each, _MAY_BE_CLIENT)]
    return choose([Unknown(each.name) if isinstance(each, Unknown) else each for each in options] or [_NO_CLIENT])


def _plain(value: Value | None) -> Value | None:
    if isinstance(value, Unknown):
        return _UNKNOWN
    if isinstance(value, Text):
        return Text(tuple(_HOLE if isinstance(piece, Hole) else piece for piece in value.pieces))
    return value

"""Decide for a whole tree which Redis keys and databases can move.

A namespace moves as a whole, or not at all: its keys everywhere, and the database of every client that uses them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from codemods.checkout.paths import is_ci
from codemods.fixes.groups import CAUTION
from codemods.mapping import RedisNamespace
from codemods.model import Edit, Fix, Reason, Safety
from codemods.occurrences import Evidence, RedisDatabase, RedisKey, RedisSetting
from codemods.python.additions import append
from codemods.python.brackets import call_brackets
from codemods.redis.clients import Client, locate, read_client
from codemods.redis.keys import Fit, Match, match_key
from codemods.redis.spelling import FINE, spell
from codemods.source import PYTHON_SUFFIXES
from codemods.sourcemap import Range

if TYPE_CHECKING:
    from codemods.workspace import Workspace

_NOT_IN_USE = ("text", "expected")


class RedisMoves:
    """The verdicts over all Redis keys, clients and settings of a tree."""

    def __init__(self, workspace: Workspace, keys: Sequence[RedisKey], settings: Iterable[RedisSetting]) -> None:
        self._workspace = workspace
        self._keys = keys
        namespaces = workspace.mapping.redis
        self._matches = {id(key): _match(key, namespaces) for key in keys}
        self._settings: dict[str, list[RedisSetting]] = defaultdict(list)
        for setting in settings:
            for name in setting.names:
                self._settings[name].append(setting)
        self._files: dict[RedisNamespace, dict[str, None]] = defaultdict(dict)
        proven: set[RedisNamespace] = set()
        by_client: dict[RedisDatabase, list[RedisKey]] = defaultdict(list)
        for key in keys:
            match = self.match(key)
            if match is not None and match.fit is Fit.INSIDE and key.role not in _NOT_IN_USE:
                if key.evidence is Evidence.CALL:
                    proven.add(match.namespace)
                self._files[match.namespace].update(dict.fromkeys(place.path for place in key.source.places()))
            for database in key.clients:
                by_client[database].append(key)
        self._clients = {database: self._client(database, used) for database, used in by_client.items()}
        self._readers: dict[str, list[Client]] = defaultdict(list)
        for client in self._clients.values():
            for name in client.database.names:
                self._readers[name].append(client)
        self._own = spell(keys, self._matches, proven, workspace)
        self._groups = _groups(namespaces, self._clients.values())
        self._client_fixes = {database: self._client_fix(client) for database, client in self._clients.items()}
        self._namespace_fixes: dict[RedisNamespace, Fix] = defaultdict(lambda: FINE)
        self._spread()

    def match(self, key: RedisKey) -> Match | None:
        """What the mapping says of `key`."""
        return self._matches[id(key)]

    def client(self, database: RedisDatabase) -> Client | None:
        """What is known of a client; None when it uses no key."""
        return self._clients.get(database)

    def others(self, key: RedisKey) -> list[str]:
        """The other files that hold keys of the same namespace."""
        match, own = self.match(key), {place.path for place in key.source.places()}
        return [path for path in self._files[match.namespace] if path not in own] if match else []

    def namespaces_used(self) -> set[RedisNamespace]:
        """The namespaces that some key belongs to, by their old or their new prefix."""
        return {match.namespace for match in self._matches.values() if match and match.fit is not Fit.BROADER}

    def key_fix(self, key: RedisKey) -> Fix:
        """How `key` gets its new name: as careful as the most careful of what has to move with it."""
        own, match = self._own.get(id(key), FINE), self.match(key)
        if match is None:
            return own
        is_certain = key.evidence is Evidence.CALL and key.role not in _NOT_IN_USE
        group = self._groups[match.namespace] if is_certain else ""
        together = [own]
        together += [
            self._client_fixes[each] for each in key.clients if match.namespace in self._clients[each].moving()
        ]
        together.append(self._shared(match.namespace))
        return replace(_most_careful(together, own.edits), group=group)

    def client_fix(self, database: RedisDatabase) -> Fix:
        """How a client gets the database of its keys."""
        return self._client_fixes[database]

    def readers(self, setting: RedisSetting) -> list[Client]:
        """The clients whose database a setting may choose."""
        return list({client.database: client for name in setting.names for client in self._readers[name]}.values())

    def is_sandbox(self, setting: RedisSetting) -> bool:
        """Whether tests, or the CI service that runs them, chose a database of their own, which stays."""
        number, path = locate(setting.source).number, setting.path
        return bool(number) and (is_ci(path) or not self._workspace.serves(path))

    def setting_fix(self, setting: RedisSetting) -> Fix:
        """How a file of settings gets the database that the clients that read it need."""
        clients, located = self.readers(setting), locate(setting.source)
        needs = {each for client in clients for each in client.needs}
        if len(needs) != 1:
            return Fix(Safety.MANUAL, Reason.SPANS_DATABASES)
        if located.place is None:
            return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
        together = [self._client_fixes[client.database] for client in clients]
        moving = {each: None for client in clients for each in client.moving()}
        together += map(self._shared, moving)
        together += [Fix(Safety.UNSAFE, Reason.RUNTIME_VALUE) for client in clients if client.vague]
        edit = self._workspace.edit(located.place, f"{located.lead}{needs.pop()}")
        group = self._groups[next(iter(moving))] if moving else ""
        return replace(_most_careful(together, (edit,)), group=group)

    def rivals(self, database: RedisDatabase) -> list[Client]:
        """Other clients whose database the same text or variable chooses, and which need another one."""
        mine = self._clients[database]
        return [other for other in self._clients.values() if other is not mine and mine.is_held_by(other)]

    def _client(self, database: RedisDatabase, keys: Iterable[RedisKey]) -> Client:
        found = (setting for name in database.names for setting in self._settings[name])
        given = [(setting, locate(setting.source)) for setting in dict.fromkeys(found)]
        counted = (located for setting, located in given if not self.is_sandbox(setting))
        with_matches = ((key, self.match(key)) for key in keys)
        return read_client(database, with_matches, counted, self._workspace.serves(database.path))

    def _client_fix(self, client: Client) -> Fix:
        if not client.moves:
            return FINE
        if len(client.needs) > 1 or self.rivals(client.database):
            return Fix(Safety.MANUAL, Reason.SPANS_DATABASES)
        (target,) = client.needs
        if any(setting.number is not None and setting.place is None for setting in client.given):
            return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
        edits: list[Edit] = []
        for setting in client.settings if client.now is not None and not client.is_told else ():
            if setting.place is None:
                return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
            is_cut = any(other.cuts(setting.place) for other in self._clients.values())
            other_use = self._workspace.other_use(setting.place.path, setting.place.literal)
            if is_cut or (other_use and not setting.is_url):
                return Fix(Safety.MANUAL, Reason.CONFLICTING_USES)
            edits.append(self._workspace.edit(setting.place, f"{setting.lead}{target}"))
        if client.now is None and not client.is_told:
            return Fix(Safety.MANUAL, Reason.RUNTIME_VALUE)
        if not edits and not client.is_told:
            edits = self._new_argument(client, target)
            if not edits:
                return Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT)
        group = self._groups[client.moving()[0]]
        if client.vague:
            return Fix(Safety.UNSAFE, Reason.RUNTIME_VALUE, tuple(edits), group=group)
        return Fix(Safety.SAFE, None, tuple(edits), group=group)

    def _new_argument(self, client: Client, target: int) -> list[Edit]:
        """`db=` added to the call that makes the client."""
        path, at = client.database.path, client.database.at
        source = self._workspace.sources[path]
        brackets = call_brackets(source.text, at) if source.kind.endswith(PYTHON_SUFFIXES) else None
        found = append(source.text, brackets, f"db={target}") if brackets else ()
        return [self._workspace.edit(Range(path, each.at, each.at, at), each.text) for each in found]

    def _shared(self, namespace: RedisNamespace) -> Fix:
        shared = self._namespace_fixes[namespace]
        return Fix(shared.safety, shared.reason and Reason.SHARED_KEY)

    def _spread(self) -> None:
        """What cannot move keeps back what has to move with it, until nothing changes any more."""
        for key in self._keys:
            match, own = self.match(key), self._own.get(id(key))
            if match and own and key.evidence is Evidence.CALL and key.role not in _NOT_IN_USE:
                self._hold_back(match.namespace, own)
        changed = True
        while changed:
            changed = False
            for database, client in self._clients.items():
                held = self._client_fixes[database]
                for namespace in client.moving():
                    changed |= self._hold_back(namespace, held)
                    inherited = self._namespace_fixes[namespace]
                    if CAUTION[inherited.safety] > CAUTION[held.safety]:
                        edits = () if inherited.safety is Safety.MANUAL else held.edits
                        held = Fix(inherited.safety, Reason.SHARED_KEY, edits, group=held.group)
                        self._client_fixes[database] = held
                        changed = True

    def _hold_back(self, namespace: RedisNamespace, fix: Fix) -> bool:
        known = self._namespace_fixes[namespace]
        if CAUTION[fix.safety] <= CAUTION[known.safety]:
            return False
        self._namespace_fixes[namespace] = Fix(fix.safety, fix.reason)
        return True


def _match(key: RedisKey, namespaces: Iterable[RedisNamespace]) -> Match | None:
    return match_key(key.source.text, namespaces, key.role == "pattern", key.role == "prefix")


def _most_careful(fixes: Iterable[Fix], edits: tuple[Edit, ...]) -> Fix:
    careful = max(fixes, key=lambda fix: CAUTION[fix.safety])
    return Fix(careful.safety, careful.reason, edits if careful.safety is not Safety.MANUAL else ())


def _groups(namespaces: Iterable[RedisNamespace], clients: Iterable[Client]) -> dict[RedisNamespace, str]:
    """The name of the group of each namespace; those that one client has to take along are of one group."""
    groups = {namespace: f"redis {namespace.old}" for namespace in namespaces}
    for client in clients:
        joined = {groups[namespace] for namespace in client.moving()}
        for namespace, group in groups.items():
            if group in joined:
                groups[namespace] = min(joined)
    return groups

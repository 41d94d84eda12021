"""Decide for a whole tree which Redis keys and databases can move.

A namespace moves as a whole, or not at all: its keys everywhere, and the database of every client that uses them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from codemods.mapping import RedisNamespace
from codemods.model import Edit, Fix, Reason, Safety
from codemods.occurrences import DatabaseText, Evidence, RedisDatabase, RedisKey, RedisSetting
from codemods.python.additions import append
from codemods.python.brackets import call_brackets
from codemods.redis.keys import Fit, Match, match_key, respell
from codemods.redis.url import find_redis_database
from codemods.sourcemap import Range
from codemods.sql.tokens import HOLE

if TYPE_CHECKING:
    from codemods.workspace import Workspace

_CAUTION = {Safety.SAFE: 0, Safety.UNSAFE: 1, Safety.MANUAL: 2}
FINE = Fix(Safety.SAFE)


class Setting(NamedTuple):
    """The database that a text of a client's settings says: `number`, and where it is or would be written."""

    text: DatabaseText
    number: int | None
    place: Range | None
    lead: str = ""


class Client(NamedTuple):
    """A client's databases: `now` (None when run time decides), and the namespaces by the database they are in now.

    `others`: it also uses keys that the mapping does not name; `vague`: keys that are known at run time only;
    `is_sandbox`: tests chose a database of their own, which stays.
    """

    database: RedisDatabase
    settings: tuple[Setting, ...]
    now: int | None
    targets: dict[int, tuple[RedisNamespace, ...]]
    others: tuple[str, ...]
    vague: bool
    is_sandbox: bool

    @property
    def target(self) -> int | None:
        """The one database that its keys are in; None when there are several or none."""
        return next(iter(self.targets)) if len(self.targets) == 1 and not (self.others and self.moves) else None

    @property
    def moves(self) -> bool:
        """Whether some of its keys are in another database than it uses."""
        return not self.is_sandbox and self.now is not None and any(target != self.now for target in self.targets)


class RedisMoves:
    """The verdicts over all Redis keys and clients of a tree."""

    def __init__(self, workspace: Workspace, keys: Iterable[RedisKey]) -> None:
        self._workspace = workspace
        self._keys = tuple(keys)
        namespaces = workspace.mapping.redis
        self._matches = {id(key): match_key(key.source.text, namespaces, key.role == "pattern") for key in self._keys}
        self._files: dict[RedisNamespace, dict[str, None]] = defaultdict(dict)
        self._proven: set[RedisNamespace] = set()
        self._by_client: dict[RedisDatabase, list[RedisKey]] = defaultdict(list)
        for key in self._keys:
            match = self.match(key)
            if match is not None and match.fit is Fit.INSIDE and key.role not in ("text", "expected"):
                if key.evidence is Evidence.CALL:
                    self._proven.add(match.namespace)
                self._files[match.namespace].update(dict.fromkeys(place.path for place in key.source.places()))
            for database in key.clients:
                self._by_client[database].append(key)
        self._clients = {database: self._client(database) for database in self._by_client}
        self._own = {id(key): fix for key in self._keys if (fix := self._own_fix(key)) is not None}
        self._find_conflicts()
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
        if match is None or _CAUTION[own.safety] == 2:
            return own
        together = [self._client_fixes[each] for each in key.clients if self._has_to_move(each, match.namespace)]
        shared = self._namespace_fixes[match.namespace]
        together.append(Fix(shared.safety, shared.reason and Reason.SHARED_KEY))
        careful = max(together, key=lambda fix: _CAUTION[fix.safety])
        if _CAUTION[careful.safety] <= _CAUTION[own.safety]:
            return own
        return Fix(careful.safety, careful.reason, own.edits if careful.safety is not Safety.MANUAL else ())

    def client_fix(self, database: RedisDatabase) -> Fix:
        """How a client gets the database of its keys."""
        return self._client_fixes[database]

    def clients_of(self, variable: str) -> list[Client]:
        """The clients whose database an environment variable chooses, where they use keys of the mapping."""
        clients = self._clients.values()
        return [client for client in clients if variable in client.database.variables and client.targets]

    def located(self, setting: RedisSetting) -> Setting:
        """The database that a file of settings says."""
        return _located(DatabaseText(setting.source, False, setting.variable))

    def setting_fix(self, setting: RedisSetting) -> Fix:
        """How a file of settings gets the database that the clients of its variable need."""
        clients, place = self.clients_of(setting.variable), self.located(setting)
        targets = {target for client in clients for target in client.targets}
        if len(targets) > 1 or any(client.others for client in clients):
            return Fix(Safety.MANUAL, Reason.SPANS_DATABASES)
        if place.place is None:
            return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
        together = [self._client_fixes[client.database] for client in clients]
        together += [Fix(Safety.UNSAFE, Reason.RUNTIME_VALUE) for client in clients if client.vague]
        for namespace in {each for client in clients for found in client.targets.values() for each in found}:
            shared = self._namespace_fixes[namespace]
            together.append(Fix(shared.safety, shared.reason and Reason.SHARED_KEY))
        careful = max(together, key=lambda fix: _CAUTION[fix.safety])
        edit = self._workspace.edit(place.place, f"{place.lead}{targets.pop()}")
        return Fix(careful.safety, careful.reason, () if careful.safety is Safety.MANUAL else (edit,))

    def rivals(self, database: RedisDatabase) -> list[Client]:
        """Other clients that read the same environment variable and need another database."""
        mine = self._clients[database]
        return [
            other
            for other in self._clients.values()
            if other.database is not database
            and not other.database.variables.isdisjoint(database.variables)
            and set(other.targets) != set(mine.targets)
            and other.targets
        ]

    def _client(self, database: RedisDatabase) -> Client:
        settings = tuple(map(_located, database.texts))
        numbers = {setting.number for setting in settings} or {None if database.at_run_time else 0}
        now = numbers.pop() if len(numbers) == 1 else None
        targets: dict[int, dict[RedisNamespace, None]] = defaultdict(dict)
        others: dict[str, None] = {}
        vague = False
        for key in self._by_client[database]:
            match = self.match(key)
            if key.role == "channel" or key.evidence is not Evidence.CALL:
                continue
            if match is not None and match.fit in (Fit.INSIDE, Fit.ALREADY):
                targets[match.namespace.db][match.namespace] = None
            elif match is not None or key.source.text.startswith(HOLE):
                vague = True
            elif key.role == "key":
                others[key.source.text.replace(HOLE, "…")] = None
        found = {db: tuple(targets[db]) for db in sorted(targets)}
        is_sandbox = bool(now) and not self._workspace.serves(database.path)
        return Client(database, settings, now, found, tuple(others), vague, is_sandbox)

    def _client_fix(self, client: Client) -> Fix:
        if not client.moves:
            return FINE
        if client.target is None:
            return Fix(Safety.MANUAL, Reason.SPANS_DATABASES)
        if self.rivals(client.database):
            return Fix(Safety.MANUAL, Reason.SPANS_DATABASES)
        edits: list[Edit] = []
        for setting in client.settings:
            if setting.place is None:
                return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
            if self._workspace.other_use(setting.place.path, setting.place.literal) and not setting.text.is_url:
                return Fix(Safety.MANUAL, Reason.CONFLICTING_USES)
            edits.append(self._workspace.edit(setting.place, f"{setting.lead}{client.target}"))
        edits = edits or self._new_argument(client)
        if not edits:
            return Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT)
        if client.vague:
            return Fix(Safety.UNSAFE, Reason.RUNTIME_VALUE, tuple(edits))
        return Fix(Safety.SAFE, None, tuple(edits))

    def _new_argument(self, client: Client) -> list[Edit]:
        """`db=` added to the call that makes the client."""
        path, at = client.database.path, client.database.at
        source = self._workspace.sources[path]
        brackets = call_brackets(source.text, at)
        found = append(source.text, brackets, f"db={client.target}") if brackets else ()
        return [self._workspace.edit(Range(path, each.at, each.at, at), each.text) for each in found]

    def _own_fix(self, key: RedisKey) -> Fix | None:
        """What can be done with `key` by itself; None when nothing has to be."""
        match = self.match(key)
        if match is None or match.fit is Fit.ALREADY:
            return None
        if key.role in ("text", "expected") and match.fit is not Fit.INSIDE:
            return None
        if match.fit is Fit.PERHAPS or key.role == "script":
            return Fix(Safety.MANUAL, Reason.RUNTIME_VALUE)
        if match.fit is Fit.BROADER:
            return Fix(Safety.MANUAL, Reason.MEANING_WIDENS)
        start, end, new = respell(match.namespace)
        if start == end and not new:
            return FINE
        place = key.source.locate(start, end) if end > start else _point(key, start)
        if place is None or any(sign in "{}" for sign in new):
            return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
        edit = self._workspace.edit(place, new)
        is_proven = key.evidence is Evidence.FRAGMENT and match.namespace in self._proven
        if key.evidence is not Evidence.CALL and not is_proven and key.role not in ("text", "expected"):
            return Fix(Safety.UNSAFE, Reason.UNPROVEN_CALL, (edit,))
        return Fix(Safety.SAFE, None, (edit,))

    def _find_conflicts(self) -> None:
        """Where a literal is read in two ways, or a bare word means something else too, it cannot change."""
        readers: dict[tuple[str, int], list[tuple[Range, RedisKey]]] = defaultdict(list)
        for key in self._keys:
            for place in key.source.places() if key.evidence is not Evidence.NAME else ():
                readers[place.path, place.literal].append((place, key))
        for key in self._keys:
            fix, match = self._own.get(id(key)), self.match(key)
            if fix is None or match is None or not fix.edits:
                continue
            start, _, _ = respell(match.namespace)
            run, at = key.source.run_at(start), key.source.locate(start, start + 1)
            asked = (
                self._own.get(id(other), FINE).edits
                for place, other in readers[run.path, run.literal]
                if at is not None and place.start <= at.start < place.end
            )
            is_word = run.text.replace("_", "").isalnum() and len(run.text) < len(key.source.text)
            elsewhere = is_word and self._workspace.other_use(run.path, run.literal)
            if elsewhere or any(edits != fix.edits for edits in asked):
                self._own[id(key)] = Fix(Safety.MANUAL, Reason.CONFLICTING_USES)

    def _has_to_move(self, database: RedisDatabase, namespace: RedisNamespace) -> bool:
        client = self._clients[database]
        return client.moves and client.now != namespace.db

    def _spread(self) -> None:
        """What cannot move keeps back what has to move with it, until nothing changes any more."""
        for key in self._keys:
            match, own = self.match(key), self._own.get(id(key))
            if match and own and key.evidence is Evidence.CALL and key.role not in ("text", "expected"):
                self._hold_back(match.namespace, own)
        changed = True
        while changed:
            changed = False
            for database, client in self._clients.items():
                held = self._client_fixes[database]
                for namespace in {each for found in client.targets.values() for each in found}:
                    if not self._has_to_move(database, namespace):
                        continue
                    changed |= self._hold_back(namespace, held)
                    inherited = self._namespace_fixes[namespace]
                    if _CAUTION[inherited.safety] > _CAUTION[held.safety]:
                        edits = () if inherited.safety is Safety.MANUAL else held.edits
                        held = self._client_fixes[database] = Fix(inherited.safety, Reason.SHARED_KEY, edits)
                        changed = True

    def _hold_back(self, namespace: RedisNamespace, fix: Fix) -> bool:
        known = self._namespace_fixes[namespace]
        if _CAUTION[fix.safety] <= _CAUTION[known.safety]:
            return False
        self._namespace_fixes[namespace] = Fix(fix.safety, fix.reason)
        return True


def _located(text: DatabaseText) -> Setting:
    written = text.source.text
    if not text.is_url and "://" not in written:
        number = int(written) if written.isdecimal() else None
        return Setting(text, number, text.source.locate(0, len(written)) if written else None)
    located = find_redis_database(written)
    if located is None:
        return Setting(text, None, None)
    start, end = located.start, located.end
    place = text.source.locate(start, end) if end > start else _point(text, start)
    return Setting(text, located.number, place, located.lead)


def _point(text: RedisKey | DatabaseText, at: int) -> Range | None:
    """The place between two characters, which one of them has to be written beside."""
    source = text.source
    place = source.locate(at, at + 1) if at < len(source.text) else None
    if place is not None:
        return Range(place.path, place.start, place.start, place.literal)
    place = source.locate(at - 1, at) if at else None
    return Range(place.path, place.end, place.end, place.literal) if place is not None else None

"""A Redis client as the mapping sees it: the database that it uses, and those that its keys are in now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from codemods.mapping import RedisNamespace
from codemods.occurrences import Evidence, RedisDatabase, RedisKey
from codemods.redis.keys import Fit, Match, known_head
from codemods.redis.names import setting_of
from codemods.redis.url import find_database_at_end, find_redis_database
from codemods.sourcemap import Range, SourceMap
from codemods.sql.tokens import HOLE


class Setting(NamedTuple):
    """A text that says a database: `number` (None when run time decides), and where that is or would be written."""

    number: int | None
    place: Range | None
    lead: str = ""
    is_url: bool = False


class Client(NamedTuple):
    """A client, the `settings` in its own code and those `given` to it by files; `now` is the database that they say.

    `now` is None when run time decides. `targets` are its namespaces by the database that they are in now; `others`
    are keys that the mapping does not name; `vague`: keys that are known at run time only; `is_open`: it has such
    keys, or asks for all, and no other; `serves`: its code is not that of tests.
    """

    database: RedisDatabase
    settings: tuple[Setting, ...]
    given: tuple[Setting, ...]
    now: int | None
    targets: dict[int, tuple[RedisNamespace, ...]]
    others: tuple[str, ...]
    vague: bool
    is_open: bool
    serves: bool

    @property
    def is_sandbox(self) -> bool:
        """Whether tests chose a database of their own, which stays."""
        return bool(self.now) and not self.serves

    @property
    def before(self) -> int:
        """The database that its keys were in: 0 when nothing says which."""
        return self.now or 0

    @property
    def moves(self) -> bool:
        """Whether some of its keys are in another database than it uses."""
        return bool(self.database.path) and not self.is_sandbox and any(each != self.before for each in self.targets)

    @property
    def needs(self) -> tuple[int, ...]:
        """The databases that its keys are in; those that are not mapped stay where they are, but for keys of tests."""
        if not self.targets and not self.serves:
            return ()
        return tuple(sorted({*self.targets, *([self.before] if self.others else [])}))

    @property
    def is_told(self) -> bool:
        """Whether its code does not say the database, so that it is given where the code runs."""
        return {setting.number for setting in self.settings} <= {None} and bool(
            self.settings or self.database.at_run_time
        )

    def moving(self) -> list[RedisNamespace]:
        """The namespaces whose database is not the one that it uses."""
        return [each for db, found in self.targets.items() if self.moves and db != self.before for each in found]

    def is_held_by(self, other: Client) -> bool:
        """Whether this client cannot move because one text or variable chooses the database of both.

        One that only makes its URL of another's has no say in it, and is held where the other one moves.
        """
        if other.needs in ((), self.needs):
            return False
        if {each.place for each in self.settings if each.place} & {each.place for each in other.settings}:
            return True
        shared = self.database.variables & other.database.variables
        is_derived = self.database.names.isdisjoint(map(setting_of, shared))
        return bool(shared) and (other.moves or not is_derived)

    def cuts(self, place: Range) -> bool:
        """Whether it makes its URL of the literal at `place`, and not with the database there."""
        literals = {(run.path, run.literal) for text in self.database.texts for run in text.source.runs}
        own = {each.place for each in self.settings}
        return (place.path, place.literal) in literals and place not in own


def locate(source: SourceMap, is_url: bool = False, lead: str = "") -> Setting:
    """The database that a text says, as in `DatabaseText`: a URL, or the number by itself."""
    written = source.text
    if lead:
        return Setting(0, point(source, len(written)), lead)
    if not is_url and "://" not in written:
        number = int(written) if written.isdecimal() else None
        return Setting(number, source.locate(0, len(written)) if written else None)
    located = find_redis_database(written) or (find_database_at_end(written) if is_url else None)
    if located is None:
        return Setting(None, None, "", is_url)
    start, end = located.start, located.end
    place = source.locate(start, end) if end > start else point(source, start)
    return Setting(located.number, place, located.lead, is_url)


def point(source: SourceMap, at: int) -> Range | None:
    """The place between two characters, behind the first of them where that is written."""
    place = source.locate(at - 1, at) if at else None
    if place is not None:
        return Range(place.path, place.end, place.end, place.literal)
    place = source.locate(at, at + 1) if at < len(source.text) else None
    return Range(place.path, place.start, place.start, place.literal) if place is not None else None


def read_client(
    database: RedisDatabase, keys: Iterable[tuple[RedisKey, Match | None]], given: Iterable[Setting], serves: bool
) -> Client:
    """What is known of the client of `database`, which uses `keys`; `serves`: its code is not that of tests."""
    targets: dict[int, dict[RedisNamespace, None]] = {}
    others: dict[str, None] = {}
    vague = is_open = False
    for key, match in keys:
        if key.role == "channel" or key.evidence is not Evidence.CALL:
            continue
        is_open = is_open or not known_head(key.source.text, key.role == "pattern")
        if match is not None and match.fit in (Fit.INSIDE, Fit.ALREADY):
            targets.setdefault(match.namespace.db, {})[match.namespace] = None
        elif match is not None or key.source.text.startswith(HOLE):
            vague = True
        elif key.role == "key":
            others[key.source.text.replace(HOLE, "…")] = None
    settings, given = tuple(locate(*text) for text in database.texts), tuple(given)
    own = {setting.number for setting in settings} or {None if database.at_run_time else 0}
    now = _only(own)
    if own <= {None}:
        now = _only({setting.number for setting in given} - {None, *(targets if len(targets) == 1 else ())})
    found = {db: tuple(targets[db]) for db in sorted(targets)}
    is_open = is_open and not found and not others
    return Client(database, settings, given, now, found, tuple(others), vague, is_open, serves)


def _only(numbers: set[int | None]) -> int | None:
    return next(iter(numbers)) if len(numbers) == 1 else None

"""A Redis client uses a database that its keys are no longer in.

What it does: looks at the keys that each client is used for and, where all of them are in one database now, gives the
client that database: in `db=`, `SELECT`, `redis-cli -n`, in a URL's path or `?db=`, in the default of an environment
variable or of a settings class, and in the files of settings that give a value to what is called so; `redis-cli`
without a number gets one. Libraries that keep keys of their own (Celery, RQ, Flask-Caching, Django's caches, …) count
as clients that use these. A URL or number that no client in sight reads, a client of which no key is in sight, and the
numbers of `MOVE`, `COPY` and `SWAPDB` are named when they may be the old database.

Why is this bad: the client finds none of its keys, and writes where nobody looks.

Example: `redis.Redis(host="cache", db=0)`, used for `saju_service:` keys, which are in database 1

Use instead: `redis.Redis(host="cache", db=1)`

Fix safety: safe where all keys of the client are known and can move with it; unsafe when it is also used for keys that
run time decides (`runtime-value`); manual where the database is not written in the code or no client in sight reads it
(`runtime-value`), has to be added (`needs-argument`), is read from an environment variable by clients that need
different ones (`spans-databases`), or where a key or another client cannot move (`shared-key`, `all-or-none`).
"""

from collections.abc import Iterable, Iterator

from codemods.model import Finding, Fix, Impact, Reason, Safety
from codemods.occurrences import RedisDatabase, RedisSetting
from codemods.redis.clients import Client, locate
from codemods.redis.names import says_redis_database
from codemods.sourcemap import Range
from codemods.workspace import Workspace

GROUP = "redis"
LOOKS_AT = (RedisDatabase, RedisSetting)


def check(occurrence: RedisDatabase | RedisSetting, workspace: Workspace) -> Iterator[Finding]:
    if isinstance(occurrence, RedisSetting):
        yield from _of_setting(occurrence, workspace)
    else:
        yield from _of_client(occurrence, workspace)


def _of_setting(setting: RedisSetting, workspace: Workspace) -> Iterator[Finding]:
    clients, located = workspace.redis.readers(setting), locate(setting.source)
    place = located.place or setting.source.first()
    if located.number is None or place is None or workspace.redis.is_sandbox(setting):
        return
    if all(client.is_open for client in clients):
        yield from _unread(setting, located.number, place, workspace)
        return
    wanted = sorted({each for client in clients for each in client.needs})
    if wanted in ([], [located.number]):
        return
    needs = "; ".join(f"{each.database.path} needs {_listed(each.needs)}" for each in clients if each.needs)
    yield workspace.finding(
        "old-redis-db",
        place,
        f"{setting.variable} chooses database {located.number}; {needs}",
        f"use database {wanted[0]}" if len(wanted) == 1 else "give each client a variable of its own",
        Impact.MEDIUM,
        workspace.redis.setting_fix(setting),
    )


def _unread(setting: RedisSetting, number: int, place: Range, workspace: Workspace) -> Iterator[Finding]:
    """What is said of a setting that no client in sight reads: it may be of one whose keys moved."""
    is_number = setting.source.text.isdecimal()
    if is_number and setting.names and not any(map(says_redis_database, setting.names)):
        return
    what = f"{setting.variable} chooses database {number}, and no client in sight reads it for keys that are written"
    if not setting.names:
        what = f"{setting.variable} means database {number}"
    yield from _unsure(number, place, what, workspace)


def _unsure(number: int, place: Range, what: str, workspace: Workspace) -> Iterator[Finding]:
    """What is said where nothing shows which keys the old database `number` is used for."""
    targets = {each.db for each in workspace.mapping.redis}
    if targets <= {number} or (number and number in targets):
        return
    yield workspace.finding(
        "old-redis-db",
        place,
        f"{what}; the keys of the mapping are now in {_listed(sorted(targets))}",
        "make sure that it is the database of its keys",
        Impact.LOW,
        Fix(Safety.MANUAL, Reason.RUNTIME_VALUE),
    )


def _of_client(database: RedisDatabase, workspace: Workspace) -> Iterator[Finding]:
    client = workspace.redis.client(database)
    if client is None or not database.path:
        return
    if client.is_open and client.serves and client.now is not None:
        what = f"this client uses database {client.now}, and none of its keys is written"
        yield from _unsure(client.now, _place(client), what, workspace)
    if not client.targets:
        return
    rivals = workspace.redis.rivals(database)
    if client.is_told and not rivals and len(client.needs) == 1:
        if client.needs != (0,):
            yield _told(client, workspace)
        return
    if not client.moves or (len(client.needs) > 1 and not rivals):
        return
    names = ", ".join(each.new for found in client.targets.values() for each in found)
    message = f"this client uses database {client.before}; its keys ({names}) are now in {_listed(client.targets)}"
    help = f"use database {_listed(client.needs)}"
    if rivals:
        listed = "; ".join(f"{each.database.path} needs {_listed(each.needs)}" for each in rivals)
        shared = sorted(database.variables & rivals[0].database.variables)
        message += f", and {', '.join(shared) or 'what says so'} serves other clients too: {listed}"
        help = "give each client a variable of its own"
    fix = workspace.redis.client_fix(database)
    yield workspace.finding("old-redis-db", _place(client), message, help, Impact.MEDIUM, fix)


def _told(client: Client, workspace: Workspace) -> Finding:
    variables = f" ({', '.join(sorted(client.database.variables))})" if client.database.variables else ""
    return workspace.finding(
        "old-redis-db",
        _place(client),
        f"this client's database is known at run time only{variables}; its keys are now in database "
        f"{_listed(client.needs)}",
        f"make sure that it is {_listed(client.needs)} where this runs",
        Impact.MEDIUM,
        Fix(Safety.MANUAL, Reason.RUNTIME_VALUE),
    )


def _listed(numbers: Iterable[int]) -> str:
    return " and ".join(map(str, numbers))


def _place(client: Client) -> Range:
    for setting in client.settings:
        if setting.place is not None:
            return setting.place
    return Range(client.database.path, client.database.at, client.database.at, client.database.at)

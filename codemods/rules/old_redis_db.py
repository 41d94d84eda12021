"""A Redis client uses a database that its keys are no longer in.

What it does: looks at the keys that each client is used for and, where all of them are in one database now, gives the
client that database: in `db=`, in a URL's path or `?db=`, in the default of an environment variable, and in the files
of settings that give this variable a value.

Why is this bad: the client finds none of its keys, and writes where nobody looks.

Example: `redis.Redis(host="cache", db=0)`, used for `saju_service:` keys, which are in database 1

Use instead: `redis.Redis(host="cache", db=1)`

Fix safety: safe where all keys of the client are known and can move with it; unsafe when it is also used for keys that
run time decides (`runtime-value`); manual where the database is not written in the code (`runtime-value`), has to be
added (`needs-argument`), is read from an environment variable by clients that need different ones
(`spans-databases`), or where a key cannot move (`shared-key`).
"""

from collections.abc import Iterator

from codemods.model import Finding, Fix, Impact, Reason, Safety
from codemods.occurrences import RedisDatabase, RedisSetting
from codemods.redis.moves import Client
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
    clients, located = workspace.redis.clients_of(setting.variable), workspace.redis.located(setting)
    wanted = sorted({target for client in clients for target in client.targets})
    place = located.place or setting.source.first()
    is_sandbox = bool(located.number) and not workspace.serves(setting.path)
    if located.number is None or wanted in ([], [located.number]) or is_sandbox or place is None:
        return
    needs = "; ".join(f"{each.database.path} needs {' and '.join(map(str, each.targets))}" for each in clients)
    yield workspace.finding(
        "old-redis-db",
        place,
        f"{setting.variable} chooses database {located.number}; {needs}",
        f"use database {wanted[0]}" if len(wanted) == 1 else "give each client a variable of its own",
        Impact.MEDIUM,
        workspace.redis.setting_fix(setting),
    )


def _of_client(database: RedisDatabase, workspace: Workspace) -> Iterator[Finding]:
    client = workspace.redis.client(database)
    if client is None or not client.targets or not database.path:
        return
    place = _place(client)
    if client.now is None:
        wanted = " and ".join(map(str, client.targets))
        if client.targets.keys() == {0}:
            return
        variables = f" ({', '.join(sorted(database.variables))})" if database.variables else ""
        yield workspace.finding(
            "old-redis-db",
            place,
            f"this client's database is known at run time only{variables}; its keys are now in database {wanted}",
            f"make sure that it is {wanted} where this runs",
            Impact.MEDIUM,
            Fix(Safety.MANUAL, Reason.RUNTIME_VALUE),
        )
        return
    if not client.moves:
        return
    rivals = workspace.redis.rivals(database)
    if client.target is None and not rivals:
        return
    names = ", ".join(each.new for found in client.targets.values() for each in found)
    wanted = " and ".join(map(str, client.targets))
    message = f"this client uses database {client.now}; its keys ({names}) are now in {wanted}"
    help = f"use database {wanted}"
    if rivals:
        shared = sorted(set.intersection(*(set(each.database.variables) for each in (client, rivals[0]))))
        listed = "; ".join(f"{each.database.path} needs {' and '.join(map(str, each.targets))}" for each in rivals)
        message += f", and {', '.join(shared)} serves other clients too: {listed}"
        help = "give each client a variable of its own"
    yield workspace.finding("old-redis-db", place, message, help, Impact.MEDIUM, workspace.redis.client_fix(database))


def _place(client: Client) -> Range:
    for setting in client.settings:
        if setting.place is not None:
            return setting.place
    return Range(client.database.path, client.database.at, client.database.at, client.database.at)

"""One Redis client is used for keys that are in several databases now.

What it does: names, for each client, the databases that its keys are in now, and the clients to make of it.

Why is this bad: a client has one database. Whichever it uses, it misses the keys of the others.

Example: one `redis.Redis(db=0)` for `saju:` keys (now in database 1) and `metrics:` keys (now in database 6)

Use instead: `charts = redis.Redis(db=1)` and `metrics = redis.Redis(db=6)`

Fix safety: always manual (`spans-databases`).
"""

from collections.abc import Iterator

from codemods.model import Finding, Fix, Impact, Reason, Safety
from codemods.occurrences import RedisDatabase
from codemods.sourcemap import Range
from codemods.workspace import Workspace

GROUP = "redis"
LOOKS_AT = (RedisDatabase,)


def check(database: RedisDatabase, workspace: Workspace) -> Iterator[Finding]:
    client = workspace.redis.client(database)
    if client is None or not database.path or not client.targets or len(client.needs) < 2:
        return
    uses = [f"{db} ({', '.join(each.old for each in found)})" for db, found in client.targets.items()]
    if client.others:
        uses.append(
            f"{client.before} ({', '.join(client.others[:3])}{', …' if len(client.others) > 3 else ''}, not mapped)"
        )
    new = [f"one on database {db} for {', '.join(each.new for each in found)}" for db, found in client.targets.items()]
    place = Range(database.path, database.at, database.at, database.at)
    yield workspace.finding(
        "redis-client-spans-databases",
        place,
        f"this client's keys are now in databases {' and '.join(uses)}",
        f"make a client for each: {'; '.join(new)}",
        Impact.MEDIUM,
        Fix(Safety.MANUAL, Reason.SPANS_DATABASES),
    )

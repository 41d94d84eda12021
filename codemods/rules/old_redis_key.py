"""A Redis key, pattern or channel still has its old prefix.

What it does: finds the keys that reach a Redis client (the arguments that Redis itself knows as keys, the patterns of
`KEYS`, `SCAN` and `SORT`, channels, keys of scripts), directly or through the tree's own functions, and what settings
call a prefix of keys, and gives them the prefix of their namespace. The longest prefix wins, and only at the boundary
of a word.

Why is this bad: the data is under the new name; the old one reads as missing and fills up with what nobody reads.

Example: `client.get(f"saju:chart:{id}")`

Use instead: `client.get(f"saju_service:chart:{id}")`

Fix safety: safe where the key reaches a Redis client and everything that has to move with it can move: all other keys
of its namespace, and the database of each client that uses them. Else unsafe or manual, as the most careful of them
(`shared-key`). A key that only run time knows, a variable of a Lua script, and a key of which a part is taken by a
number that the prefix changes are manual (`runtime-value`), a pattern that also matches other keys too
(`meaning-widens`). Where nothing shows that the receiver is a Redis client, and no other call shows that the namespace
is one of Redis, it is unsafe (`unproven-call`); so is a prefix that a library is told, where its database or the sign
that the library puts behind it is not known, and what a test expects that could be one of several keys.
"""

from collections.abc import Iterator

from codemods.model import Finding, Impact
from codemods.occurrences import RedisKey
from codemods.redis.keys import Fit, shifts
from codemods.sourcemap import Range
from codemods.sql.tokens import HOLE
from codemods.workspace import Workspace

GROUP = "redis"
LOOKS_AT = (RedisKey,)


def check(key: RedisKey, workspace: Workspace) -> Iterator[Finding]:
    match = workspace.redis.match(key)
    if match is None or match.fit is Fit.ALREADY or match.namespace.old == match.namespace.new:
        return
    if key.role in ("text", "expected", "cut") and match.fit is not Fit.INSIDE:
        return
    if key.role == "cut" and not shifts(match.namespace, key.command):
        return
    place = None if key.role == "cut" else key.source.locate(0, 1) or key.source.first()
    is_written = place is not None
    place = place or Range(key.path, key.at, key.at, key.at)
    namespace, written = match.namespace, key.source.text.replace(HOLE, "…")
    if key.role == "cut":
        what = f"parts of key {written} are taken by their number, which changes with the prefix {namespace.new}"
        help = f"count from the prefix, which is now {namespace.new}"
    elif match.fit is Fit.INSIDE:
        kind = key.role if key.role in ("pattern", "channel") else "key"
        what = f"{kind} {written} is now {namespace.new}{written[len(namespace.old) :]}"
        help = f"write {namespace.new}{written[len(namespace.old) :]}"
        if not is_written:
            what, help = f"{key.command} makes it: {what}", f"tell {key.command} to begin its keys with {namespace.new}"
    else:
        what = f"{key.role} {written} may name keys of {namespace.old}, which is now {namespace.new}"
        help = f"make sure that it finds {namespace.new} where it should"
    if key.role not in ("channel", "expected", "cut"):
        what += f" in database {namespace.db}"
    others = workspace.redis.others(key)
    if others:
        what += f"; {_listed(others)} {'use' if len(others) > 1 else 'uses'} {namespace.old} too"
    yield workspace.finding("old-redis-key", place, what, help, Impact.MEDIUM, workspace.redis.key_fix(key))


def _listed(paths: list[str]) -> str:
    return ", ".join(paths[:4]) + (f" and {len(paths) - 4} more" if len(paths) > 4 else "")

"""What can be done with each Redis key by itself: its old prefix gets the new spelling where it is written."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from codemods.mapping import RedisNamespace
from codemods.model import Edit, Fix, Reason, Safety
from codemods.occurrences import Evidence, RedisKey
from codemods.redis.clients import point
from codemods.redis.keys import Fit, Match, respell, shifts
from codemods.sourcemap import Range
from codemods.sql.tokens import HOLE

if TYPE_CHECKING:
    from codemods.workspace import Workspace

FINE = Fix(Safety.SAFE)


def spell(
    keys: Sequence[RedisKey],
    matches: ReadOnly[int, Match | None],
    proven: Set[RedisNamespace],
    workspace: Workspace,
) -> dict[int, Fix]:
    """The fix of each key (by its identity, as `matches`) that has to change or may have to.

    `proven` are the namespaces that some call of a Redis client uses.
    """
    found: dict[int, Fix] = {}
    written = {key.source.text: matches[id(key)] for key in keys if key.evidence is Evidence.CALL and key.role == "key"}
    templates = [
        re.compile(".+".join(map(re.escape, text.split(HOLE))))
        for text, match in written.items()
        if match is not None and match.fit is Fit.INSIDE and _says_more(text, match.namespace)
    ]
    for key in keys:
        match = matches[id(key)]
        fix = _fix(key, match, proven, templates, workspace) if match else None
        if fix is not None:
            found[id(key)] = fix
    _find_conflicts(keys, matches, found, workspace)
    return found


def _says_more(text: str, namespace: RedisNamespace) -> bool:
    """Whether more of a key is written than its prefix."""
    return len(text.replace(HOLE, "")) > len(namespace.old)


def _fix(
    key: RedisKey,
    match: Match,
    proven: Set[RedisNamespace],
    templates: Sequence[re.Pattern[str]],
    workspace: Workspace,
) -> Fix | None:
    if match.fit is Fit.ALREADY:
        return None
    if key.role in ("text", "expected") and match.fit is not Fit.INSIDE:
        return None
    if key.role == "cut":
        return Fix(Safety.MANUAL, Reason.RUNTIME_VALUE) if shifts(match.namespace, key.command) else None
    if match.fit is Fit.PERHAPS or key.role == "script":
        return Fix(Safety.MANUAL, Reason.RUNTIME_VALUE)
    if match.fit is Fit.BROADER:
        return Fix(Safety.MANUAL, Reason.MEANING_WIDENS)
    start, end, new = respell(match.namespace)
    if start == end and not new:
        return FINE
    place = key.source.locate(start, end) if end > start else point(key.source, start)
    if place is None or any(sign in "{}" for sign in new):
        return Fix(Safety.MANUAL, Reason.SPLIT_NAME)
    edit = workspace.edit(place, new)
    # Of a library that is only told a prefix, the database is not known, nor which sign it puts behind it.
    is_whole = len(key.source.text) >= len(match.namespace.old) and not match.namespace.db
    if key.evidence is Evidence.EXPECTED and not any(template.fullmatch(key.source.text) for template in templates):
        return Fix(Safety.UNSAFE, Reason.UNPROVEN_CALL, (edit,))
    is_proven = key.evidence is Evidence.FRAGMENT and match.namespace in proven and is_whole
    if key.evidence is not Evidence.CALL and not is_proven and key.role not in ("text", "expected"):
        return Fix(Safety.UNSAFE, Reason.UNPROVEN_CALL, (edit,))
    return Fix(Safety.SAFE, None, (edit,))


def _find_conflicts(
    keys: Sequence[RedisKey], matches: ReadOnly[int, Match | None], found: dict[int, Fix], workspace: Workspace
) -> None:
    """Where a literal is read in two ways, or a bare word means something else too, it cannot change."""
    places: dict[int, Range] = {}
    for key in keys:
        fix, match = found.get(id(key)), matches[id(key)]
        if fix is None or match is None or not fix.edits:
            continue
        start, end, _ = respell(match.namespace)
        start -= start == end and start > 0
        run, at = key.source.run_at(start), key.source.locate(start, start + 1)
        is_word = run.text.replace("_", "").isalnum() and len(run.text) < len(key.source.text)
        if is_word and workspace.other_use(run.path, run.literal):
            found[id(key)] = Fix(Safety.MANUAL, Reason.CONFLICTING_USES)
        elif at is not None:
            places[id(key)] = at
    # The same few pieces may be part of thousands of keys.
    readers: dict[tuple[str, int], set[tuple[int, int, tuple[Edit, ...]]]] = defaultdict(set)
    for key in keys:
        for place in key.source.places() if key.evidence is not Evidence.NAME and key.role != "cut" else ():
            readers[place.path, place.literal].add((place.start, place.end, found.get(id(key), FINE).edits))
    for key in keys:
        at = places.get(id(key))
        asked = readers[at.path, at.literal] if at is not None else ()
        if at and any(start <= at.start < end and edits != found[id(key)].edits for start, end, edits in asked):
            found[id(key)] = Fix(Safety.MANUAL, Reason.CONFLICTING_USES)

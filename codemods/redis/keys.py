"""Redis keys and patterns as text: which namespace of the mapping one belongs to, and how it is respelled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from codemods.mapping import RedisNamespace
from codemods.sql.tokens import HOLE

_SIGNS = ":/.-_|"
_GLOB = re.compile(r"(?<!\\)[*?\[]")


class Fit(Enum):
    """How a key's text relates to a namespace."""

    INSIDE = "inside"
    """The key is one of the namespace, by its old prefix."""
    ALREADY = "already"
    """It is one by the new prefix."""
    PERHAPS = "perhaps"
    """Run time decides whether it is one."""
    BROADER = "broader"
    """The pattern matches keys of the namespace and may match others."""


class Match(NamedTuple):
    """What a key's text says of the mapping."""

    fit: Fit
    namespace: RedisNamespace


def match_key(
    text: str, namespaces: Iterable[RedisNamespace], is_pattern: bool = False, is_prefix: bool = False
) -> Match | None:
    """The namespace that the key (or glob-style pattern) `text` belongs to; the longest prefix wins.

    Run-time pieces stand in `text` as one `HOLE` each. With `is_prefix` something else may put the sign behind it that
    ends a namespace. None when `text` has nothing to do with the mapping.
    """
    for namespace in namespaces if is_prefix and text else ():
        if text == namespace.old.rstrip(_SIGNS):
            return Match(Fit.INSIDE, namespace)
    known = known_head(text, is_pattern)
    found: list[tuple[int, bool, Match]] = []
    perhaps: list[Match] = []
    for namespace in namespaces:
        fit = _fit(text, known, namespace.old, is_pattern)
        if fit is Fit.INSIDE:
            found.append((len(namespace.old), False, Match(fit, namespace)))
        elif fit is not None:
            perhaps.append(Match(fit, namespace))
        if namespace.new != namespace.old and _fit(text, known, namespace.new, is_pattern) is Fit.INSIDE:
            found.append((len(namespace.new), True, Match(Fit.ALREADY, namespace)))
    if found:
        return max(found, key=lambda each: each[:2])[2]
    return perhaps[0] if perhaps else None


def known_head(text: str, is_pattern: bool) -> str:
    """What `text` is sure to begin with."""
    head = text.split(HOLE, 1)[0]
    glob = _GLOB.search(head) if is_pattern else None
    return head[: glob.start()] if glob else head


def _fit(text: str, known: str, prefix: str, is_pattern: bool) -> Fit | None:
    if known.startswith(prefix):
        following = text[len(prefix) : len(prefix) + 1]
        if (
            not prefix[-1].isalnum()
            or not following
            or not (following.isalnum() or following in ("_", HOLE, "*", "?", "["))
        ):
            return Fit.INSIDE
        if following == HOLE:
            return Fit.PERHAPS
        return Fit.BROADER if is_pattern and following in "*?[" else None
    if len(known) < len(text) and prefix.startswith(known) and _ends_a_segment(known, prefix):
        return Fit.BROADER if is_pattern and text[len(known)] != HOLE else Fit.PERHAPS
    return None


def _ends_a_segment(known: str, prefix: str) -> bool:
    """Whether `known` holds the first word of `prefix` to its end, so that the likeness is no chance."""
    first = re.match(r"\w+", prefix)
    return bool(known) and first is not None and len(known) >= first.end()


def shifts(namespace: RedisNamespace, sign: str) -> bool:
    """Whether what stands behind the prefix gets another number, as a character or as a piece between such signs."""
    old, new = namespace.old, namespace.new
    return old.count(sign) != new.count(sign) if sign else len(old) != len(new)


def respell(namespace: RedisNamespace) -> tuple[int, int, str]:
    """The smallest change of the old prefix that makes it the new one: replace `old[start:end]` by the text."""
    old, new = namespace.old, namespace.new
    end, new_end = len(old), len(new)
    while end and new_end and old[end - 1] == new[new_end - 1]:
        end, new_end = end - 1, new_end - 1
    start = 0
    while start < min(end, new_end) and old[start] == new[start]:
        start += 1
    return start, end, new[start:new_end]

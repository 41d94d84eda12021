"""Give every query and setting what the callers of its function pass, through any number of calls."""

from __future__ import annotations

from collections.abc import Callable

from codemods.python.records import Event, KeyUse, QueryCall, Records, TableUse
from codemods.python.values import FunctionKey, Parameter, Value, parameters, substitute

_MOST_CALLS_DEEP = 8


def link(records: Records) -> list[Event]:
    """The events of a tree with parameters replaced by the arguments of each call in sight, else by defaults.

    Redis keys are linked by `link_keys`.
    """
    linked: dict[Event, None] = {}
    waiting: dict[Event, None] = dict.fromkeys(event for event in records.events if not isinstance(event, KeyUse))
    for _ in range(_MOST_CALLS_DEEP):
        following: dict[Event, None] = {}
        for event in waiting:
            versions = _instances(event, records)
            if versions is None:
                linked[event] = None
            else:
                following.update(dict.fromkeys(versions))
        waiting = following
    linked.update(waiting)
    return list(linked)


def _instances(event: Event, records: Records) -> list[Event] | None:
    """`event` as each caller of one of its functions makes it; None when it depends on no caller."""
    for function in _functions(event):
        defaults = records.defaults.get(function, {})
        sites = records.sites.get(function, [])
        versions = [
            _substituted(event, _giver(function, {**defaults, **site.arguments}))._replace(place=site.place)
            for site in sites
        ]
        if not sites and defaults:
            versions = [_substituted(event, _giver(function, defaults))]
        changed = [version for version in versions if version != event]
        if changed:
            return changed
    return None


def _functions(event: Event) -> list[FunctionKey]:
    found = dict.fromkeys(parameter.function for parameter in parameters(event.value))
    if isinstance(event, QueryCall):
        found.update(dict.fromkeys(parameter.function for parameter in parameters(event.receiver)))
    return list(found)


def _giver(function: FunctionKey, arguments: dict[str, Value]) -> Callable[[Parameter], Value | None]:
    return lambda parameter: arguments.get(parameter.name) if parameter.function == function else None


def _substituted(event: Event, give: Callable[[Parameter], Value | None]) -> Event:
    value = substitute(event.value, give)
    if isinstance(event, QueryCall):
        return event._replace(value=value, receiver=substitute(event.receiver, give))
    if isinstance(event, TableUse) and event.schema is not None:
        return event._replace(value=value, schema=substitute(event.schema, give))
    return event._replace(value=value)

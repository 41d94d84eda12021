"""Give every query and setting what the callers of its function pass, through any number of calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from codemods.occurrences import Target
from codemods.python.alternatives import substitute
from codemods.python.evaluate import Follow
from codemods.python.passed import PassedNames
from codemods.python.records import CallSite, Event, Guess, KeyUse, QueryCall, Records, Setting, TableUse
from codemods.python.values import External, FunctionKey, Parameter, Unknown, Value, describe, literals, parameters

_MOST_CALLS_DEEP = 8
_MOST_VERSIONS = 1000


class Linker:
    """Links the events of a tree. `follow` says what the steps of a parameter lead to; `names`, what callers name.

    A function that nothing in sight calls gets its defaults, or something unknown.
    """

    def __init__(self, records: Records, follow: Follow, names: PassedNames) -> None:
        self._records = records
        self._follow = follow
        self._names = names
        self._naming: dict[str, list[Guess]] = {}

    def link(self) -> list[Event]:
        """The events with parameters replaced by the arguments of each call in sight, else by defaults.

        An event that would become too many keeps its parameters. Redis keys are linked by `link_keys`.
        """
        linked: dict[Event, None] = {}
        for event in self._records.events:
            if not isinstance(event, KeyUse):
                linked.update(self.versions(event))
        return list(linked)

    def versions(self, event: Event, most: int = _MOST_VERSIONS) -> dict[Event, None]:
        """`event` as `link` makes it of each chain of callers; itself where there would be more than `most`."""
        done: dict[Event, None] = {}
        guesses: dict[Event, None] = {}
        waiting = {event: None}
        for _ in range(_MOST_CALLS_DEEP):
            following: dict[Event, None] = {}
            for version in waiting:
                instances = self._instances(version)
                guesses.update(dict.fromkeys(self._guessed(version)))
                if instances:
                    following.update(dict.fromkeys(instances))
                else:
                    done[version] = None
                if len(done) + len(following) > most:
                    return {**done, event: None, **self._all_versions(guesses)}
            waiting = following
        return {**done, **waiting, **self._all_versions(guesses)}

    def _all_versions(self, events: Iterable[Event]) -> dict[Event, None]:
        return {version: None for event in events for version in self.versions(event)}

    def _instances(self, event: Event) -> list[Event]:
        """`event` as each caller of one of its functions makes it; empty when it depends on no caller."""
        for function in _functions(event):
            defaults = self._records.defaults.get(function, {})
            sites = self._records.sites.get(function, [])
            if isinstance(event, QueryCall):
                sites = _different(sites, event, function)
            versions = [called(event, function, site, defaults, self._follow) for site in sites]
            if not sites and defaults:
                unknown: dict[str, Value] = {name: Unknown(describe(Parameter(function, name))) for name in defaults}
                versions = [_substituted(event, _giver(function, given, self._follow)) for given in (defaults, unknown)]
            changed = [version for version in versions if version != event]
            if changed:
                return changed
        return []

    def _guessed(self, event: Event) -> Iterator[Event]:
        """`event` as calls make it of which nothing but a method's name says that they mean one of its functions.

        Only calls that may pass an old name count. What would be the whole text of a query is left out: a statement
        says by itself what it is.
        """
        if isinstance(event, (KeyUse, Setting)) or event.certain is not None:
            return
        certain = frozenset(literals(event.value))
        if isinstance(event, QueryCall) and not certain:
            return
        for function in dict.fromkeys(parameter.function for parameter in parameters(event.value)):
            names = self._records.methods.get(function, ())
            for guess in self._guesses(function.name.rpartition(".")[2].partition("#")[0]):
                if len(guess.positional) > len(names) or not guess.named.keys() <= set(names):
                    continue
                site = CallSite({**dict(zip(names, guess.positional, strict=False)), **guess.named}, guess.place)
                defaults = self._records.defaults.get(function, {})
                version = called(event, function, site, defaults, self._follow)
                if not isinstance(version, (KeyUse, Setting)) and function not in _functions(version):
                    yield version._replace(certain=certain)

    def _guesses(self, name: str) -> list[Guess]:
        known = self._naming.get(name)
        if known is None:
            known = self._naming[name] = [
                guess
                for guess in self._records.guesses.get(name, ())
                if any(map(self._names.may_name, (*guess.positional, *guess.named.values())))
            ]
        return known


def _different(sites: list[CallSite], query: QueryCall, function: FunctionKey) -> list[CallSite]:
    """Of `sites`, the first and last in each function of a file that pass the same for the parameters in `query`.

    Between the two the function may make a temporary table of a name that the query has.
    """
    names = {
        each.name for value in (query.value, query.receiver) for each in parameters(value) if each.function == function
    }
    first: dict[object, CallSite] = {}
    last: dict[object, CallSite] = {}
    for site in sites:
        same = tuple(site.arguments.get(name) for name in names), site.place.path, site.place.function
        first.setdefault(same, site)
        last[same] = site
    return [*first.values(), *(site for same, site in last.items() if site is not first[same])]


def called(event: Event, function: FunctionKey, site: CallSite, defaults: dict[str, Value], follow: Follow) -> Event:
    """`event` as the call of `function` at `site` makes it."""
    linked = _substituted(event, _giver(function, {**defaults, **site.arguments}, follow))
    if isinstance(event, TableUse) and isinstance(linked, TableUse) and linked.schema == External("None"):
        linked = linked._replace(schema=None, target=_target(event.schema, function, site))
    return linked._replace(place=site.place)


def _target(schema: Value | None, function: FunctionKey, site: CallSite) -> Target | None:
    """Where a call can give the schema that it leaves to the parameter's default."""
    if not isinstance(schema, Parameter) or schema.function != function or schema.steps:
        return None
    if schema.name in site.arguments or not site.complete:
        return None
    return Target("argument", site.place.path, site.place.at, f"{schema.name}={{}}")


def _functions(event: Event) -> list[FunctionKey]:
    also = event.receiver if isinstance(event, QueryCall) else event.schema if isinstance(event, TableUse) else None
    return list(dict.fromkeys(parameter.function for value in (event.value, also) for parameter in parameters(value)))


def _giver(function: FunctionKey, arguments: dict[str, Value], follow: Follow) -> Callable[[Parameter], Value | None]:
    def give(parameter: Parameter) -> Value | None:
        value = arguments.get(parameter.name) if parameter.function == function else None
        return value if value is None else follow(value, parameter.steps)

    return give


def _substituted(event: Event, give: Callable[[Parameter], Value | None]) -> Event:
    value = substitute(event.value, give)
    if isinstance(event, QueryCall):
        return event._replace(value=value, receiver=substitute(event.receiver, give))
    if isinstance(event, TableUse) and event.schema is not None:
        return event._replace(value=value, schema=substitute(event.schema, give))
    return event._replace(value=value)

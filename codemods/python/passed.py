"""What the callers in sight pass for a parameter, and whether an old name can be among it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import TYPE_CHECKING

from codemods.python.values import Parameter, Text, Value, members, parameters, source_map

if TYPE_CHECKING:
    from codemods.python.evaluate import Follow
    from codemods.python.records import Records

_WORD = re.compile(r"\w+")


def passed(parameter: Parameter, records: Records, follow: Follow) -> Iterator[Value]:
    """What each call in sight passes for `parameter`, and its default."""
    given = [site.arguments.get(parameter.name) for site in records.sites.get(parameter.function, ())]
    given.append(records.defaults.get(parameter.function, {}).get(parameter.name))
    return (follow(value, parameter.steps) for value in given if value is not None)


def is_of_itself(parameter: Parameter, givers: Mapping[Parameter, Parameter | None]) -> bool:
    """Whether what is passed for `parameter` comes out of what the same function was passed for it.

    Then the function walks down some structure, and there is no end to the parts of parts that it may pass. `givers`
    says for which parameter each one was found first.
    """
    giver = givers[parameter]
    while giver is not None:
        if giver.function == parameter.function and giver.name == parameter.name:
            return len(parameter.steps) > len(giver.steps)
        giver = givers[giver]
    return False


class PassedNames:
    """Finds old names, which are given in lower case, through any number of calls."""

    def __init__(self, records: Records, follow: Follow, names: Set[str]) -> None:
        self._records = records
        self._follow = follow
        self._names = names
        self._known: dict[Parameter, bool] = {}

    def may_name(self, value: Value) -> bool:
        """Whether an old name is a word of some text in `value`, at any depth, or of what callers pass for it."""
        return self._is_named(value) or any(map(self.may_give, parameters(value)))

    def may_give(self, parameter: Parameter) -> bool:
        """Whether a caller passes such a text."""
        known = self._known.get(parameter, False)
        if parameter not in self._known:
            givers: dict[Parameter, Parameter | None] = {parameter: None}
            waiting = [parameter]
            while waiting and not known:
                giver = waiting.pop()
                for value in passed(giver, self._records, self._follow):
                    found = [each for each in dict.fromkeys(parameters(value)) if each not in givers]
                    givers.update(dict.fromkeys(found, giver))
                    waiting += [each for each in found if each not in self._known and not is_of_itself(each, givers)]
                    if self._is_named(value) or any(self._known.get(each) for each in found):
                        known = True
                        break
            # Where no name is found there is none behind any of those on the way either.
            self._known.update({parameter: True} if known else dict.fromkeys(givers, False))
        return known

    def _is_named(self, value: Value) -> bool:
        return any(
            not self._names.isdisjoint(_WORD.findall(source_map(each).text.lower()))
            for each in members(value)
            if isinstance(each, Text)
        )

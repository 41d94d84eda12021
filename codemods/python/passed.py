"""What the callers in sight pass for a parameter, and whether an old name can be among it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from codemods.python.values import FunctionKey, Parameter, Text, Value, members, parameters, source_map

if TYPE_CHECKING:
    from codemods.python.evaluate import Follow
    from codemods.python.records import Records

_MOST_PARTS = 200
_WORD = re.compile(r"\w+")


def passed(parameter: Parameter, records: Records, follow: Follow) -> Iterator[Value]:
    """What each call in sight passes for `parameter`, and its default."""
    given = [site.arguments.get(parameter.name) for site in records.sites.get(parameter.function, ())]
    given.append(records.defaults.get(parameter.function, {}).get(parameter.name))
    return (follow(value, parameter.steps) for value in given if value is not None)


class Seen:
    """The parameters seen on a walk through callers.

    A function that passes parts of what it was passed on to itself walks down some structure, and there is no end to
    the parts of parts: of one parameter so many are seen and no more.
    """

    def __init__(self) -> None:
        self.parameters: dict[Parameter, None] = {}
        self._count: Counter[tuple[FunctionKey, str]] = Counter()

    def add(self, parameter: Parameter) -> bool:
        """Whether `parameter` is to be looked at: it was not seen before, and not too many of its kind were."""
        whole = parameter.function, parameter.name
        if parameter in self.parameters or self._count[whole] == _MOST_PARTS:
            return False
        self.parameters[parameter] = None
        self._count[whole] += 1
        return True


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
            seen = Seen()
            seen.add(parameter)
            waiting = [parameter]
            while waiting and not known:
                for value in passed(waiting.pop(), self._records, self._follow):
                    found = list(filter(seen.add, parameters(value)))
                    waiting += [each for each in found if each not in self._known]
                    if self._is_named(value) or any(self._known.get(each) for each in found):
                        known = True
                        break
            # Where no name is found there is none behind any of those on the way either.
            self._known.update({parameter: True} if known else dict.fromkeys(seen.parameters, False))
        return known

    def _is_named(self, value: Value) -> bool:
        return any(
            not self._names.isdisjoint(_WORD.findall(source_map(each).text.lower()))
            for each in members(value)
            if isinstance(each, Text)
        )

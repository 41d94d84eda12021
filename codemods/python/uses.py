"""What texts serve as apart from being SQL: a name that is also a dictionary key cannot simply change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemods.python.passed import Seen, passed
from codemods.python.values import Answer, Chunk, Literal, Parameter, Text, Value, literals, members

if TYPE_CHECKING:
    from codemods.python.evaluate import Follow
    from codemods.python.records import Place, Records


class Uses:
    """Notes uses of literals, and of parameters on behalf of the literals that callers pass.

    Of each use the first place where it was seen is kept.
    """

    def __init__(self) -> None:
        self._literals: dict[Literal, dict[str, Place]] = defaultdict(dict)
        self._parameters: dict[Parameter, dict[str, Place]] = defaultdict(dict)

    def note(self, value: Value, what: str, place: Place) -> None:
        """The whole texts in `value` also serve as `what`; texts put together of several are looked at elsewhere."""
        for text in _whole(value):
            if isinstance(text, Parameter):
                self._parameters[text].setdefault(what, place)
            else:
                self._literals[text].setdefault(what, place)

    def link(self, records: Records, follow: Follow) -> dict[Literal, dict[str, Place]]:
        """The uses of each literal, those of the parameters it is passed for included."""
        waiting = list(self._parameters)
        seen = Seen()
        while waiting:
            parameter = waiting.pop()
            found = self._parameters[parameter]
            for value in passed(parameter, records, follow):
                for text in _whole(value):
                    if isinstance(text, Literal):
                        self._literals[text] = {**found, **self._literals[text]}
                        continue
                    if text not in self._parameters and not seen.add(text):
                        continue
                    known = self._parameters[text]
                    if not found.keys() <= known.keys():
                        known.update({what: place for what, place in found.items() if what not in known})
                        waiting.append(text)
        return dict(self._literals)


def _whole(value: Value) -> Iterator[Literal | Parameter]:
    """The literals and parameters that are texts of their own in `value`, at any depth.

    What a query answers counts as a use of the query's literals.
    """
    for each in members(value):
        if isinstance(each, Parameter):
            yield each
        elif isinstance(each, Text):
            pieces = [piece for piece in each.pieces if not isinstance(piece, Chunk) or piece.text]
            if len(pieces) == 1:
                if isinstance(pieces[0], Chunk):
                    yield pieces[0].literal
                elif isinstance(pieces[0], Parameter):
                    yield pieces[0]
                elif pieces[0].answer is not None:
                    yield from literals(pieces[0].answer.asked)
                elif pieces[0].of_table is not None:
                    yield Literal(pieces[0].of_table.path, pieces[0].of_table.at)
        elif isinstance(each, Answer):
            yield from literals(each.asked)

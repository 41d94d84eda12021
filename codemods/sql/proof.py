"""The judge of a rewrite: are two texts equal but for the planned names?

Three witnesses have to agree. The tokens of both texts are walked side by side and may differ in planned names
only; each difference has to stand where the reader saw a reference, and it has to see the same ones in the changed
text; and where sqlglot understands the text, the trees have to be equal but for the names of tables.
"""

from __future__ import annotations

from collections.abc import Sequence

from .bodies import decode
from .cursor import cut, fold, quoted_identifier
from .model import Kind, Reference, Role, Script
from .statements import read
from .tokens import DOLLAR, META, PARAM, QUOTED, STRING, WORD, Tokens, lex
from .trees import trees_agree

Names = tuple[str, ...]
Renames = tuple[tuple[Names, Names], ...]

_MAX_DEPTH = 12


def equivalent(before: str, after: str, renames: Renames) -> bool:
    """Whether `after` is `before` with some names changed as `renames` says, and nothing else.

    `renames` are pairs of folded names, old and new, each with the parts as they are written.
    """
    if before == after:
        return True
    planned = set(renames)
    changed: dict[int, int] = {}
    if not _same(before, after, planned, changed, range(len(before) + 1), 0):
        return False
    old, new = read(before), read(after)
    if not _stand_on_references(old, changed) or _shape(old) != _shape(new):
        return False
    return trees_agree(before, after, planned, list(zip(_references(old), _references(new), strict=True)))


def _stand_on_references(script: Script, changed: dict[int, int]) -> bool:
    """Whether the reader sees a reference at each changed place; the name of a bound table cannot get a schema."""
    known: dict[int, bool] = {}
    for statement in script.statements:
        for found in statement.catalog_filters:
            known.update((part.start, False) for part in (found.schema, *found.relations) if part)
        known.update((found.start, found.bound) for found in (*statement.references, *statement.arguments))
    return all(place in known and (not known[place] or parts == 1) for place, parts in changed.items())


def _references(script: Script) -> list[Reference]:
    return [found for statement in script.statements for found in statement.references]


def _shape(script: Script) -> list[tuple[Kind, Role, bool, bool]]:
    """What the reader sees named in a script, without the names."""
    return [(found.kind, found.role, found.literal, found.bound) for found in _references(script)]


def _same(
    before: str,
    after: str,
    planned: set[tuple[Names, Names]],
    changed: dict[int, int],
    places: Sequence[int],
    depth: int,
) -> bool:
    """Walk both texts; note in `changed` where the first one names something that the second renames.

    White space and comments have to be the same as well. `places` are the outer positions of `before`.
    """
    old, new = lex(before, script=not depth), lex(after, script=not depth)
    i = j = 0
    last_old = last_new = 0
    while i < old.count and j < new.count:
        if before[last_old : old.starts[i]] != after[last_new : new.starts[j]]:
            return False
        first, second = _chain(old, i), _chain(new, j)
        if old.slice(i) == new.slice(j) and (not first or before[_at(old, i, first)] == after[_at(new, j, second)]):
            width, other = (len(first) * 2 - 1, len(second) * 2 - 1) if first else (1, 1)
        elif put_in := _in_format(old, i, new, j, planned):
            changed[places[old.starts[i]]] = 1
            width, other = put_in
        elif first and second:
            renamed = _renamed(first, second, planned)
            if renamed is None:
                return False
            changed[places[old.starts[i]]] = renamed[1]
            width, other = (count * 2 - 1 for count in renamed)
        elif not _same_literal(old, i, new, j, planned, changed, places, depth):
            return False
        else:
            width = other = 1
        last_old, last_new = old.ends[i + width - 1], new.ends[j + other - 1]
        i, j = i + width, j + other
    return i == old.count and j == new.count and before[last_old:] == after[last_new:]


def _at(tokens: Tokens, index: int, chain: list[str]) -> slice:
    return slice(tokens.starts[index], tokens.ends[index + len(chain) * 2 - 2])


def _chain(tokens: Tokens, index: int) -> list[str]:
    """The folded parts of the dotted name at `index`."""
    parts: list[str] = []
    while tokens.kinds[index] in (WORD, QUOTED):
        start, end = tokens.starts[index], tokens.ends[index]
        if tokens.kinds[index] == QUOTED:
            parts.append(quoted_identifier(tokens.text, start, end).name)
        else:
            parts.append(cut(fold(tokens.text[start:end])))
        if tokens.words[index + 1] != ".":
            break
        index += 2
    return parts


def _renamed(first: list[str], second: list[str], planned: set[tuple[Names, Names]]) -> tuple[int, int] | None:
    """How many parts of both names a planned rename covers; what follows them has to be equal."""
    for width in range(1, min(len(first), 3) + 1):
        other = len(second) - len(first) + width
        if other > 0 and first[width:] == second[other:] and (tuple(first[:width]), tuple(second[:other])) in planned:
            return width, other
    return None


def _in_format(old: Tokens, i: int, new: Tokens, j: int, planned: set[tuple[Names, Names]]) -> tuple[int, int] | None:
    """How many tokens `public.%I` and `schema.%I` are, where some planned rename has these schemas (or none before)."""
    first, second = _chain(old, i), _chain(new, j)
    at, to = i + 2 * len(first), j + 2 * len(second)
    if not second or old.kinds[at] != PARAM or new.slice(to) != old.slice(at) or new.words[to - 1] != ".":
        return None
    for before, after in planned:
        if before[:-1] == tuple(first) and after[:-1] == tuple(second) and before[-1] == after[-1]:
            return at - i + 1, to - j + 1
    return None


def _same_literal(
    old: Tokens,
    i: int,
    new: Tokens,
    j: int,
    planned: set[tuple[Names, Names]],
    changed: dict[int, int],
    places: Sequence[int],
    depth: int,
) -> bool:
    """Whether two literals differ in planned names only."""
    if old.kinds[i] == new.kinds[j] == META and depth < _MAX_DEPTH:
        start = old.starts[i] + 1
        rest = old.slice(i)[1:]
        return _same(rest, new.slice(j)[1:], planned, changed, places[start : start + len(rest) + 1], depth + 1)
    if old.kinds[i] != new.kinds[j] or old.kinds[i] not in (STRING, DOLLAR) or depth >= _MAX_DEPTH:
        return False
    inner, inside = decode(old, i)
    other, _ = decode(new, j)
    if not inner or not other:
        return False
    if (inner,) != (other,) and ((inner,), (other,)) in planned:
        changed[places[inside[0]]] = 1
        return True
    return _same(inner, other, planned, changed, [places[at] for at in inside], depth + 1)

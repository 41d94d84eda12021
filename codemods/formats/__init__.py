"""Files that are not Python, one module a format.

A module of a format has `NAMES`, patterns of file names, and `read(text, path)`, which tells what occurs in a text of
the file `path` and raises `Unparsable` when the text is not of the format. For the proof of a change it may have
`tree(text)`, its values with their places, and `values(text)`, what a parser of other authors makes of the text.
`LARGEST` is the number of characters up to which a file can be what the format is looked at for.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import translate
from functools import cache
from importlib import import_module
from types import ModuleType

from codemods.apply import prove_bytes
from codemods.configuration.proof import Replacement, differs_as_planned, differs_within_plan
from codemods.model import Edit
from codemods.occurrences import Embedded, Occurrence
from codemods.source import Source, Unparsable, Unreadable, decode
from codemods.sourcemap import Run, SourceMap


@cache
def _formats() -> tuple[tuple[re.Pattern[str], ModuleType], ...]:
    modules = [import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    return tuple((re.compile("|".join(map(translate, module.NAMES))), module) for module in modules)


def format_of(path: str) -> ModuleType | None:
    """The module that reads files called like `path`; None when no format does."""
    name = path.rsplit("/", 1)[-1]
    return next((module for names, module in _formats() if names.match(name)), None)


def occurrences(sources: Iterable[Source]) -> Iterator[Occurrence | Unreadable]:
    """What occurs in the files that are not Python."""
    for source in sources:
        module = format_of(source.path)
        if module is not None:
            text = SourceMap([Run(source.path, source.text)])
            largest = getattr(module, "LARGEST", None)
            if largest is not None and len(source.text) > largest:
                reason = f"with more than {largest:,} characters it is taken for data, not for settings"
                yield Unreadable(source.path, reason)
                continue
            try:
                yield from _read(Embedded(source.path, text), source.path)
            except Unparsable as error:
                yield Unreadable(source.path, str(error))


def _read(embedded: Embedded, path: str) -> Iterator[Occurrence]:
    module = format_of(embedded.name)
    for found in module.read(embedded.text, path) if module else ():
        if isinstance(found, Embedded):
            yield from _read(found, path)
        else:
            yield found


def prove(path: str, before: bytes, after: bytes, edits: Sequence[Edit]) -> list[str]:
    """The values of the file differ where `edits` say so, and nowhere else; with `prove_bytes`."""
    problems = prove_bytes(before, after, edits)
    module = format_of(path)
    if problems or module is None or not hasattr(module, "tree"):
        return problems
    old, new = decode(path, before), decode(path, after)
    if isinstance(old, Unreadable) or isinstance(new, Unreadable):
        return ["the new text cannot be decoded"]
    planned = [
        Replacement(
            old.character_offset(edit.span.start), old.character_offset(edit.span.end), edit.new.decode(old.encoding)
        )
        for edit in edits
    ]
    try:
        root, again = (module.tree(SourceMap([Run(path, source.text)])) for source in (old, new))
        proven = differs_as_planned(root, again, planned) and all(
            differs_within_plan(*pair, root, planned) for pair in _values(module, old.text, new.text)
        )
    except Unparsable:
        return ["the new text is not of its format any more"]
    return [] if proven else ["values changed that no edit names"]


def _values(module: ModuleType, old: str, new: str) -> Iterator[tuple[object, object]]:
    """What another parser makes of the two texts, when there is one that reads the first."""
    if hasattr(module, "values"):
        try:
            one = module.values(old)
        except Unparsable:
            return
        yield one, module.values(new)

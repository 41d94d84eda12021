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
from contextlib import suppress
from fnmatch import translate
from functools import cache
from importlib import import_module
from types import ModuleType

from codemods.apply import prove_bytes
from codemods.configuration.proof import Replacement, differs_as_planned, differs_within_plan
from codemods.excerpts import Excerpt
from codemods.model import Edit
from codemods.occurrences import (
    ConnectionArguments,
    ConnectionSetting,
    Documented,
    Embedded,
    Occurrence,
    Prose,
    Query,
    RedisDatabase,
    RedisKey,
    RedisSetting,
)
from codemods.python.ir import Module
from codemods.python.same import changes_strings_only
from codemods.source import NOTEBOOK_SUFFIX, PYTHON_SUFFIXES, Source, Unparsable, Unreadable, decode
from codemods.sourcemap import Run, SourceMap
from codemods.templates import mask, python_view

_IN_CODE = (Query, ConnectionSetting)


@cache
def _formats() -> tuple[tuple[re.Pattern[str], ModuleType], ...]:
    modules = [import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    return tuple((re.compile("|".join(map(translate, module.NAMES))), module) for module in modules)


def format_of(path: str) -> ModuleType | None:
    """The module that reads files called like `path`; None when no format does."""
    name = path.rsplit("/", 1)[-1]
    return next((module for names, module in _formats() if names.match(name)), None)


def has_view(source: Source) -> bool:
    """Whether the Python of the file stands inside of another format."""
    return source.kind.endswith(PYTHON_SUFFIXES) if source.is_template else source.kind.endswith(NOTEBOOK_SUFFIX)


def viewed(source: Source) -> Source | Unreadable:
    """The file as a reader of Python sees it."""
    if not has_view(source):
        return source
    if source.is_template:
        return python_view(source)
    from codemods.formats import notebook  # brings other formats along

    return notebook.view(source)


def holds_python(name: str) -> bool:
    """Whether files called `name` are read as Python."""
    return name.endswith((*PYTHON_SUFFIXES, NOTEBOOK_SUFFIX))


def reads(name: str, documents: bool) -> bool:
    """Whether relink looks at files called `name`; at documents only with `documents`."""
    if name.endswith(PYTHON_SUFFIXES):
        return True  # asking the formats loads them all
    module = format_of(name)
    return module is not None and (documents or not _is_document(module))


def in_documentation(prose: Prose) -> Iterator[Occurrence]:
    """What occurs in the code and the prose of a docstring, which is read as a document."""
    module = format_of("docstring.md")
    return _read(module, prose.source, prose.path) if module else iter(())


def inside(embedded: Embedded) -> Iterator[Occurrence]:
    """What occurs in a text of another format."""
    module, first = format_of(embedded.name), embedded.source.first()
    return _read(module, embedded.source, first.path) if module and first else iter(())


def _is_document(module: ModuleType) -> bool:
    return hasattr(module, "IS_DOCUMENT")


def occurrences(sources: Iterable[Source]) -> Iterator[Occurrence | Unreadable]:
    """What occurs in the files that are not Python."""
    for source in sources:
        module = format_of(source.kind)
        if module is None:
            continue
        largest = getattr(module, "LARGEST", None)
        if largest is not None and len(source.text) > largest:
            reason = f"with more than {largest:,} characters it is taken for data, not for settings"
            yield Unreadable(source.path, reason)
            continue
        try:
            yield from _read(module, _text(module, source), source.path)
        except Unparsable as error:
            yield Unreadable(source.path, str(error))


def _text(module: ModuleType, source: Source) -> SourceMap:
    text = SourceMap([Run(source.path, source.text)])
    return mask(text) if source.is_template and not hasattr(module, "READS_TEMPLATES") else text


def _read(module: ModuleType, text: SourceMap, path: str) -> Iterator[Occurrence]:
    for found in module.read(text, path):
        inner = format_of(found.name) if isinstance(found, Embedded) else None
        if not isinstance(found, Embedded):
            yield from _documented(found) if _is_document(module) else (found,)
        elif inner is not None and not _is_document(module):
            yield from _read(inner, found.source, path)
        elif inner is not None:
            with suppress(Unparsable):  # An example need not be whole.
                for each in _read(inner, found.source, path):
                    yield from _documented(each)


def _documented(found: Occurrence) -> Iterator[Occurrence]:
    """What `found` is in the code of a document, which nothing runs: it has no say in what moves."""
    if isinstance(found, _IN_CODE):
        yield Documented(found)
    elif isinstance(found, RedisKey):
        yield Prose(found.source, found.path, found.at)
    elif not isinstance(found, (ConnectionArguments, RedisDatabase, RedisSetting)):
        yield found


def prove(before: Source, after: bytes, edits: Sequence[Edit]) -> list[str]:
    """The values of the file differ where `edits` say so, and nowhere else; with `prove_bytes`."""
    problems = prove_bytes(before.data, after, edits)
    module = format_of(before.kind)
    if problems or module is None or not hasattr(module, "tree"):
        return problems
    old = before.file if isinstance(before, Excerpt) else before
    new = decode(before.path, after, before.name, before.is_template)
    if isinstance(new, Unreadable):
        return ["the new text cannot be decoded"]
    planned = [
        Replacement(
            old.character_offset(edit.span.start), old.character_offset(edit.span.end), edit.new.decode(old.encoding)
        )
        for edit in edits
    ]
    try:
        root, again = (module.tree(_text(module, source)) for source in (old, new))
        proven = differs_as_planned(root, again, planned) and all(
            differs_within_plan(*pair, root, planned) for pair in _values(module, old.text, new.text)
        )
    except Unparsable:
        return ["the new text is not of its format any more"]
    return [] if proven else ["values changed that no edit names"]


def prove_python(facts: Module, before: Source, after: bytes, edits: Sequence[Edit]) -> list[str]:
    """The Python of the file has the same facts but for the text of strings, and `prove` holds."""
    source = decode(before.path, after, before.name, before.is_template)
    new = source if isinstance(source, Unreadable) else viewed(source)
    seen = edits
    if isinstance(before, Excerpt):
        seen = tuple(edit for edit in edits if not before.is_masked(before.character_offset(edit.span.start)))
    if isinstance(new, Unreadable) or not changes_strings_only(facts, before, new, seen):
        return ["more than the text of strings changes"]
    return prove(before, after, edits)


def _values(module: ModuleType, old: str, new: str) -> Iterator[tuple[object, object]]:
    """What another parser makes of the two texts, when there is one that reads the first."""
    if hasattr(module, "values"):
        try:
            one = module.values(old)
        except Unparsable:
            return
        yield one, module.values(new)

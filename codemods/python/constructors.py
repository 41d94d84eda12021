"""Follow constructors of the tree's classes up to those of libraries, each time for the class that is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.python import ir
from codemods.python.alternatives import choose
from codemods.python.arguments import Arguments
from codemods.python.evaluate import Frame
from codemods.python.link import called
from codemods.python.records import CallSite, Place, TableUse
from codemods.python.values import (
    ClassRef,
    External,
    FunctionKey,
    FunctionRef,
    Object,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis


class Constructors:
    """Makes instances of a tree's classes for an `Analysis`."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._records = analysis.records
        self._running: set[tuple[FunctionKey, FunctionKey]] = set()

    def instance(self, made: ClassRef, arguments: Arguments, place: Place) -> Value:
        """What calling the class gives."""
        info = self._analysis.classes[made.key]
        constructor = self._analysis.class_attribute(Object(made.key), "__init__")
        library = self._library_class(made.key)
        if isinstance(constructor, FunctionRef):
            site = CallSite(self._analysis.calls.bind(constructor.key, True, arguments), place, arguments.complete)
            self._records.sites[constructor.key].append(site)
            if library is not None:
                self._run(constructor.key, site, made.key)
        elif library is not None:
            self._analysis.library.function(library.name, arguments, place)
        else:
            for name, value in (*zip(info.fields, arguments.positional, strict=False), *arguments.named.items()):
                self._analysis.set_attribute(made.key, name, value)
        return Object(made.key)

    def of_base(self, node: ir.Call, arguments: Arguments, frame: Frame, place: Place) -> Value | None:
        """The value of `super().__init__(...)`; None when `node` is no such call, or goes to nothing in sight."""
        function = node.function
        if not isinstance(function, ir.Attribute) or function.name != "__init__" or frame.function is None:
            return None
        method = self._analysis.functions[frame.function]
        above = function.value.function if isinstance(function.value, ir.Call) else None
        if not isinstance(above, ir.Name) or above.id != "super" or method.owner is None:
            return None
        base = self._next(method.owner)
        if isinstance(base, External):
            if frame.made or base.name not in self._analysis.registry.tables:
                return self._analysis.library.function(base.name, arguments, place)
        elif base is not None:
            site = CallSite(self._analysis.calls.bind(base, True, arguments), place, arguments.complete)
            self._records.sites[base].append(site)
            if frame.made:
                self._run(base, site, frame.made)
        return None if base is None else Unknown("super().__init__(…)")

    def above(self, frame: Frame) -> Value | None:
        """What `super()` is in a method: an instance of a base that the tree defines; None when none is in sight."""
        method = self._analysis.functions.get(frame.function) if frame.function else None
        bases = self._analysis.classes[method.owner].bases if method and method.owner else ()
        found: list[Value] = [Object(base.key, exact=True) for base in bases if isinstance(base, ClassRef)]
        return choose(found) if found else None

    def _next(self, owner: FunctionKey) -> External | FunctionKey | None:
        """The constructor that follows that of `owner`: of a class of the tree, or a described class of a library."""
        for base in self._analysis.classes[owner].bases:
            if isinstance(base, ClassRef) and base.key != owner:
                constructor = self._analysis.class_attribute(Object(base.key), "__init__")
                if isinstance(constructor, FunctionRef):
                    return constructor.key
            found = self._library_class(base.key) if isinstance(base, ClassRef) else base
            if isinstance(found, External) and self._is_described(found):
                return found
        return None

    def _library_class(self, key: FunctionKey) -> External | None:
        """The described class of a library from which a class of the tree comes; its constructor names things."""
        info = self._analysis.classes.get(key)
        for base in info.bases if info else ():
            found = self._library_class(base.key) if isinstance(base, ClassRef) and base.key != key else base
            if isinstance(found, External) and self._is_described(found):
                return found
        return None

    def _is_described(self, base: External) -> bool:
        return base.name in self._analysis.registry.tables or base.name in self._analysis.registry.connects

    def _run(self, constructor: FunctionKey, site: CallSite, made: FunctionKey) -> None:
        """Run a constructor for one call; of what it does, only the tables that it names depend on the class."""
        if (constructor, made) in self._running:
            return
        self._running.add((constructor, made))
        info, events = self._analysis.functions[constructor], self._records.events
        frame = self._analysis.entered(info)
        frame.made = made
        frame.environment.update({info.node.parameters[0].name: Object(made, exact=True), **site.arguments})
        before = len(events)
        self._analysis.statements.run(info.node.body, frame)
        tables = [event for event in events[before:] if isinstance(event, TableUse)]
        defaults, follow = self._records.defaults[constructor], self._analysis.evaluator.follow
        events[before:] = [called(event, constructor, site, defaults, follow) for event in tables]
        self._running.discard((constructor, made))

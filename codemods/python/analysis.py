"""Evaluate every module, class and function of a tree once, on demand, across modules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from codemods.drivers.registry import Registry
from codemods.python import ir
from codemods.python.alternatives import choose, extends
from codemods.python.annotations import annotation_names
from codemods.python.calls import Calls
from codemods.python.constructors import Constructors
from codemods.python.django_settings import DjangoSettings
from codemods.python.evaluate import Evaluator, Frame
from codemods.python.fixtures import handed_over
from codemods.python.library import Library
from codemods.python.mapped import mapped_tables
from codemods.python.project import ClassInfo, Environment, FunctionInfo, Project, is_library
from codemods.python.records import Place, Records
from codemods.python.redis import SOME_CLIENT, Redis, is_client
from codemods.python.statements import Statements
from codemods.python.values import (
    ClassRef,
    Connection,
    External,
    FunctionKey,
    FunctionRef,
    ModuleRef,
    Object,
    Parameter,
    RedisClient,
    Text,
    Unknown,
    Value,
    choices,
)  # fmt: skip

_DEEPEST_CALL = 20


class Analysis:
    """The evaluation of a tree; `run` fills `records`."""

    def __init__(self, modules: dict[str, ir.Module], registry: Registry) -> None:
        self.registry = registry
        self.project = Project(modules)
        self.records = Records()
        self.evaluator = Evaluator(self)
        self.calls = Calls(self)
        self.constructors = Constructors(self)
        self.library = Library(self)
        self.django = DjangoSettings(self)
        self.redis = Redis(self)
        self.statements = Statements(self)
        self.functions: dict[FunctionKey, FunctionInfo] = {}
        self.classes: dict[FunctionKey, ClassInfo] = {}
        self.methods: dict[str, list[FunctionKey]] = defaultdict(list)
        self._subclasses: dict[FunctionKey, list[FunctionKey]] = defaultdict(list)
        self._environments: dict[str, Environment] = {}
        self._stars: dict[str, list[str]] = defaultdict(list)
        self._library_stars: dict[str, list[str]] = defaultdict(list)
        self._summaries: dict[FunctionKey, Value] = {}
        self._running: set[FunctionKey] = set()
        self._asked: set[FunctionKey] = set()

    def run(self) -> Records:
        """Evaluate everything; functions are evaluated whether anything calls them or not."""
        for path in self.project.modules:
            self.module_environment(path)
        done = 0
        while done < len(self.functions):
            keys = list(self.functions)[done:]
            done = len(self.functions)
            for key in keys:
                self._evaluate(key)
        for key, info in self.functions.items():
            if key not in self._asked:
                place = Place(key.path, info.node.at, key.name)
                self.records.escapes.note(self._evaluate(key), f"what {info.node.name} returns", place)
        self.records.events.extend(mapped_tables(self))
        return self.records

    def module_environment(self, path: str) -> Environment:
        """The names of a module; what is known so far while it is still being evaluated."""
        environment = self._environments.get(path)
        if environment is None:
            environment = self._environments[path] = {}
            self.statements.run(self.project.modules[path].body, Frame(path, (environment,)))
        return environment

    def module_value(self, path: str, name: str) -> Value | None:
        """The value of a module's name, also through its star imports and submodules."""
        environment = self.module_environment(path)
        if name in environment:
            return environment[name]
        for star in self._stars[path]:
            if star != path and name in self.module_environment(star):
                return self.module_environment(star)[name]
        if path.endswith("__init__.py"):
            submodule = self.project.find(path, name, 1)
            return ModuleRef(submodule) if submodule else None
        return None

    def from_library(self, path: str, name: str) -> External:
        """A name that no module of the tree binds: one that `from library import *` brings, else a built-in."""
        for library in self._library_stars[path]:
            if f"{library}.{name}" in self.registry.known_names:
                return External(f"{library}.{name}")
        return External(name)

    def import_names(self, statement: ir.Import, frame: Frame) -> None:
        """Bind what an import brings."""
        if statement.module.split(".")[0] in self.registry.sqlite_modules:
            self.records.sqlite_files.add(frame.path)
        path = self.project.find(frame.path, statement.module, statement.level)
        if statement.name is None:
            frame.environment[statement.bound] = ModuleRef(path) if path else External(statement.module)
            return
        if statement.name == "*":
            if path:
                self._stars[frame.path].append(path)
            else:
                self._library_stars[frame.path].append(statement.module)
            return
        inner = f"{statement.module}.{statement.name}" if statement.module else statement.name
        value = self.module_value(path, statement.name) if path and path != frame.path else None
        if value is None:
            submodule = self.project.find(frame.path, inner, statement.level)
            own = path and (statement.level or not is_library(statement.module))
            value = ModuleRef(submodule) if submodule else Unknown(statement.name) if own else External(inner)
        frame.environment[statement.bound] = value

    def add_function(self, info: FunctionInfo, defaults: dict[str, Value]) -> None:
        self.functions[info.key] = info
        self.records.defaults[info.key] = defaults
        if info.owner:
            name = info.node.name
            self.methods[name].append(info.key)
            named = (parameter.name for parameter in info.node.parameters[1:] if not parameter.star)
            self.records.methods[info.key] = tuple(named)
            owner = self.classes.get(info.owner)
            if owner and info.node.parameters:
                for attribute in _assigned(info.node.body, info.node.parameters[0].name):
                    owner.assigners.setdefault(attribute, []).append(info.key)

    def new_key(self, path: str, name: str) -> FunctionKey:
        """A key for a definition; a second one of the same name, such as a property's setter, gets its own."""
        key, number = FunctionKey(path, name), 1
        while key in self.functions or key in self.classes:
            number += 1
            key = FunctionKey(path, f"{name}#{number}")
        return key

    def add_class(self, info: ClassInfo) -> None:
        self.classes[info.key] = info
        for base in info.bases:
            if isinstance(base, ClassRef):
                self._subclasses[base.key].append(info.key)

    def set_attribute(self, key: FunctionKey, name: str, value: Value) -> None:
        """Note what a class or its instances get as an attribute; what extends another value replaces it."""
        info = self.classes.get(key)
        if info is None:
            return
        for option in choices(value):
            known = info.attributes[name]
            if option not in known and not any(extends(each, option) for each in known):
                info.attributes[name] = [each for each in known if not extends(option, each)] + [option]

    def class_attribute(self, owner: Object | ClassRef, name: str) -> Value | None:
        """The value of an attribute or method of a class's instances, inherited and overridden ones too."""
        found = self._own_attribute(owner, name, set())
        if isinstance(found, FunctionRef) or (isinstance(owner, Object) and owner.exact):
            return found
        overrides = [self._own_attribute(Object(key), name, {owner.key}) for key in self._subclasses[owner.key]]
        values: list[Value] = []
        values += (each for each in (found, *overrides) if each is not None and not isinstance(each, FunctionRef))
        return choose(values) if values else None

    def overrides(self, owner: FunctionKey, name: str) -> Iterator[FunctionRef]:
        """The methods called `name` that classes derived from `owner` have instead of its own."""
        waiting, seen = [owner], {owner}
        for key in waiting:
            derived = [each for each in self._subclasses[key] if each not in seen]
            seen.update(derived)
            waiting.extend(derived)
            own = self.classes[key].environment.get(name) if key != owner else None
            method = self._member(Object(key), own) if isinstance(own, FunctionRef) else None
            if isinstance(method, FunctionRef):
                yield method

    def _own_attribute(self, owner: Object | ClassRef, name: str, seen: set[FunctionKey]) -> Value | None:
        info = self.classes.get(owner.key)
        if info is None or owner.key in seen:
            return None
        seen.add(owner.key)
        for assigner in info.assigners.get(name, ()):
            self.summary(assigner)
        values = list(info.attributes.get(name, ()))
        if name in info.environment:
            values.append(self._member(owner, info.environment[name]))
        if not values:
            for base in info.bases:
                if isinstance(base, ClassRef):
                    inherited = self._own_attribute(type(owner)(base.key), name, seen)
                    if inherited is not None:
                        return inherited
        return choose(values) if values else None

    def library_attribute(self, owner: Object | ClassRef, name: str) -> Value | None:
        """An attribute that a class of the tree has from a described class of a library."""
        info = self.classes.get(owner.key)
        for base in info.bases if info else ():
            if isinstance(base, External) and base.name in self.registry.instances:
                return External(f"{base.name}().{name}" if isinstance(owner, Object) else f"{base.name}.{name}")
            if isinstance(base, ClassRef) and base != ClassRef(owner.key):
                found = self.library_attribute(type(owner)(base.key), name)
                if found is not None:
                    return found
        return None

    def _member(self, owner: Object | ClassRef, value: Value) -> Value:
        info = self.functions.get(value.key) if isinstance(value, FunctionRef) else None
        if info is None:
            return value
        if info.kinds & {"property", "cached_property"}:
            return self.summary(info.key)
        bound = "staticmethod" not in info.kinds and (isinstance(owner, Object) or "classmethod" in info.kinds)
        return FunctionRef(info.key, bound)

    def summary(self, key: FunctionKey) -> Value:
        """What a function of the tree returns to code in sight, in terms of its parameters."""
        self._asked.add(key)
        return self._evaluate(key)

    def _evaluate(self, key: FunctionKey) -> Value:
        if key in self._summaries:
            return self._summaries[key]
        info = self.functions.get(key)
        if info is None or key in self._running or len(self._running) > _DEEPEST_CALL:
            return Unknown(f"{key.name}(…)")
        self._running.add(key)
        frame = self.entered(info)
        self.statements.run(info.node.body, frame)
        self._running.discard(key)
        result = choose(frame.returned) if frame.returned else Unknown(f"{key.name}(…)")
        self._summaries[key] = result
        return result

    def entered(self, info: FunctionInfo) -> Frame:
        """Where evaluation stands when a function begins."""
        frame = Frame(info.key.path, ({}, *info.scope), info.key, info.owner, f"{info.key.name}.")
        for number, parameter in enumerate(info.node.parameters):
            frame.environment[parameter.name] = self._parameter(info, number, parameter, frame)
        return frame

    def _parameter(self, info: FunctionInfo, number: int, parameter: ir.Parameter, frame: Frame) -> Value:
        if number == 0 and info.owner and "staticmethod" not in info.kinds:
            return ClassRef(info.owner) if "classmethod" in info.kinds else Object(info.owner)
        if parameter.star:
            return Parameter(info.key, parameter.name)
        typed = self.annotated(parameter.annotation, frame) if parameter.annotation else None
        default = self.records.defaults[info.key].get(parameter.name)
        if isinstance(typed, RedisClient) and not isinstance(default, RedisClient):
            # Which client is meant, only the callers know.
            self.redis.typed.add(Parameter(info.key, parameter.name))
            return Parameter(info.key, parameter.name)
        if typed is not None and not isinstance(typed, RedisClient):
            return typed
        if isinstance(default, (Connection, Object, RedisClient)):
            return default
        handed = handed_over(info, parameter.name, self, frame) if parameter.default is None else None
        return Parameter(info.key, parameter.name) if handed is None else handed

    def annotated(self, annotation: ir.Expr, frame: Frame) -> Value | None:
        """An instance of the class or driver type that an annotation names."""
        for part in annotation_names(annotation):
            value = self.evaluator.evaluate(part, frame, "", "documentation")
            if isinstance(value, ClassRef) and not self._is_text_class(value):
                return Object(value.key)
            if isinstance(value, External) and value.name in self.registry.connection_types:
                return Connection(self.registry.connection_types[value.name])
            if isinstance(value, External) and is_client(value.name):
                return SOME_CLIENT
        return None

    def members(self, enumeration: ClassRef) -> list[Value]:
        """The texts of an enumeration, in order; empty for any other class."""
        if not self._is_text_class(enumeration):
            return []
        return [item for item in self.classes[enumeration.key].environment.values() if isinstance(item, Text)]

    def _is_text_class(self, value: ClassRef) -> bool:
        info = self.classes.get(value.key)
        return (
            info is not None
            and any(isinstance(item, Text) for item in info.environment.values())
            and any(isinstance(base, External) and base.name.endswith("Enum") for base in info.bases)
        )


def _assigned(block: ir.Block, instance: str) -> set[str]:
    found: set[str] = set()
    for statement in block:
        targets: tuple[ir.Expr, ...] = ()
        blocks: tuple[ir.Block, ...] = ()
        if isinstance(statement, ir.Assign):
            targets = statement.targets
        elif isinstance(statement, (ir.Annotated, ir.Augment)):
            targets = (statement.target,)
        elif isinstance(statement, ir.Branch):
            blocks = statement.bodies
        elif isinstance(statement, ir.Loop):
            blocks = (statement.body, statement.otherwise)
        elif isinstance(statement, ir.With):
            targets = tuple(target for _, target in statement.items if target)
            blocks = (statement.body,)
        for target in targets:
            parts = target.items if isinstance(target, ir.Sequence) else (target,)
            for part in parts:
                if isinstance(part, ir.Attribute) and isinstance(part.value, ir.Name) and part.value.id == instance:
                    found.add(part.name)
        for inner in blocks:
            found |= _assigned(inner, instance)
    return found

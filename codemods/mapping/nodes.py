"""YAML as nodes that know their place, so that every mistake can be shown where it is."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from codemods.mapping.problems import MappingError, Problem

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_ALIASES = 200


class Reader:
    """Reads nodes of one file and collects what is wrong with them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def compose(self) -> yaml.Node:
        """The root node of the file. Raises `MappingError` when there is none."""
        if self.path.exists() and not (self.path.is_file() or self.path.is_dir()):  # a pipe gives its text only once
            raise self._fatal(1, 1, "is no regular file", "pass the path of a mapping file")
        try:
            text = self.path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise self._fatal(1, 1, f"cannot be read: {error.strerror}", "pass the path of a mapping file") from error
        except UnicodeDecodeError as error:
            raise self._fatal(1, 1, f"is not UTF-8 (byte {error.start})", "save the file as UTF-8") from error
        try:
            if sum(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, _LOADER)) > _MOST_ALIASES:
                raise self._fatal(1, 1, "uses too many YAML aliases", "write the values out")
            node = yaml.compose(text, _LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            what = error.problem or "cannot be parsed"
            raise self._fatal(line, column, f"broken YAML: {what}", "correct the YAML") from error
        except yaml.YAMLError as error:
            first = str(error).splitlines()[0]
            raise self._fatal(1, 1, f"broken YAML: {first}", "remove the characters that YAML forbids") from error
        except RecursionError as error:
            raise self._fatal(1, 1, "is nested too deeply", "see mappings/heal7.yaml for the form") from error
        if node is None or self.is_null(node):
            raise self._fatal(1, 1, "is empty", "a mapping needs at least databases:")
        return node

    def _fatal(self, line: int, column: int, message: str, help: str) -> MappingError:
        return MappingError((Problem(str(self.path), line, column, message, help),))

    def complain(self, node: yaml.Node, message: str, help: str) -> None:
        """Note a mistake at `node`."""
        mark = node.start_mark
        self.problems.append(Problem(str(self.path), mark.line + 1, mark.column + 1, message, help))

    def entries(self, node: yaml.Node, what: str, keys: tuple[str, ...] = ()) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """The (key, value) nodes of a mapping node by key; with `keys`, others are mistakes."""
        if not isinstance(node, yaml.MappingNode):
            if not self.is_null(node):
                self.complain(node, f"{what} has to be a mapping", "write `key: value` lines")
            return {}
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            name = self.string(key, f"a key of {what}")
            if name is None:
                continue
            if name in found:
                first = found[name][0].start_mark.line + 1
                self.complain(
                    key, f"{name!r} is given twice in {what}", f"keep one of them; the first is in line {first}"
                )
            elif keys and name not in keys:
                near = get_close_matches(name, keys, 1)
                hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(keys)}"
                self.complain(key, f"unknown key {name!r} in {what}", hint)
            else:
                found[name] = (key, value)
        return found

    def items(self, node: yaml.Node, what: str) -> Iterator[yaml.Node]:
        """The nodes of a list."""
        if isinstance(node, yaml.SequenceNode):
            yield from node.value
        elif not self.is_null(node):
            self.complain(node, f"{what} has to be a list", "write `- item` lines")

    def string(self, node: yaml.Node, what: str) -> str | None:
        """A text; None, with a mistake noted, when the node is something else."""
        if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str":
            return str(node.value)
        shown = f" {node.value!r}" if isinstance(node, yaml.ScalarNode) else " a list or a mapping"
        self.complain(node, f"{what} has to be text, not{shown}", "put it in quotes, if it is a name")
        return None

    def integer(self, node: yaml.Node, what: str, most: int) -> int | None:
        """A number from 0 to `most`."""
        if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:int":
            digits = str(node.value)
            # Python refuses to read numbers of thousands of digits.
            if digits.isdecimal() and len(digits) <= len(str(most)) and int(digits) <= most:
                return int(digits)
        self.complain(node, f"{what} has to be a number from 0 to {most}", "write digits, without quotes")
        return None

    @staticmethod
    def is_null(node: yaml.Node) -> bool:
        return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"

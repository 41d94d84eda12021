"""Names of tables that are made of the names of classes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codemods.python.values import Chunk, Literal, Text, Value

if TYPE_CHECKING:
    from codemods.python.analysis import Analysis
    from codemods.python.project import ClassInfo, FunctionInfo

# As Flask-SQLAlchemy has it: `UserSession` is user_session, `HTTPLog` is http_log.
_WORD_START = re.compile(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))")


def name_of_class(info: ClassInfo, derived: str) -> Value | None:
    """The name that an ORM gives the table of a class; `derived` as in `drivers.model.MappedClass`."""
    name = info.node.name
    if derived == "snake":
        return _text(_WORD_START.sub(r"_\1", name).lower().lstrip("_"))
    if derived == "lower":
        return _text(name.lower())
    return None


def _text(name: str) -> Value:
    """Text that is written nowhere."""
    return Text((Chunk(Literal("", 0), name, 0),))


def returned_name(function: FunctionInfo, info: ClassInfo, analysis: Analysis) -> Value | None:
    return None

"""What the annotations of parameters and attributes name."""

from __future__ import annotations

import re

from codemods.python import ir

_NAMES = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def annotation_names(annotation: ir.Expr) -> list[ir.Expr]:
    """The names that an annotation has, those inside of `Optional[…]` or a string too."""
    if isinstance(annotation, (ir.Name, ir.Attribute)):
        return [annotation]
    if isinstance(annotation, ir.Subscript):
        return annotation_names(annotation.key)
    if isinstance(annotation, ir.Str):
        return [_dotted(annotation.at, name) for name in _NAMES.findall(annotation.body.raw)]
    if isinstance(annotation, ir.Other):
        return [name for part in annotation.parts for name in annotation_names(part)]
    return []


def _dotted(at: int, name: str) -> ir.Expr:
    first, *rest = name.split(".")
    found: ir.Expr = ir.Name(at, first)
    for part in rest:
        found = ir.Attribute(at, found, part)
    return found

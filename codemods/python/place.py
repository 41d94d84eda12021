"""The place that stands for an expression in a report."""

from __future__ import annotations

from codemods.python import ir


def place(expression: ir.Expr) -> int:
    """The 0-based character offset that stands for `expression`."""
    while True:
        if isinstance(expression, ir.Subscript):
            expression = expression.value
        elif isinstance(expression, ir.Choice):
            expression = expression.options[0]
        elif isinstance(expression, (ir.Str, ir.Joined, ir.Number, ir.Name, ir.Attribute, ir.Call, ir.Binary)):
            return max(expression.at, 0)
        else:
            return 0

"""The facts of a Python file, by the reader that suits it."""

from __future__ import annotations

from codemods.python import ir
from codemods.python.ast_statements import lower_by_ast


def read_module(path: str, text: str) -> ir.Module:
    """The facts of the Python file `path` whose decoded content is `text`; raises `ir.Unsupported`.

    LibCST reads what this interpreter's own grammar refuses. It takes a tenth of the time of everything else to
    import, so it is only imported for such a file.
    """
    facts = lower_by_ast(path, text)
    if facts is None:
        from codemods.python.lower import lower

        facts = lower(path, text)
    return facts

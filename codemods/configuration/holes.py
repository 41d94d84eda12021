"""Pieces of a value that something else fills in: `${NAME}`, `{{ name }}`, `%(name)s`."""

from __future__ import annotations

import re

from codemods.sourcemap import SourceMap
from codemods.sql import HOLE

_FILLED = re.compile(
    r"\$\{\{.*?\}\}"
    r"|\{\{(?:[^{}]*?\|\s*default\s*\(?\s*(?P<quote>['\"])(?P<literal>[^'\"]*)(?P=quote)\s*\)?)?.*?\}\}"
    r"|\$\{[^{}:?+\-]+(?::?-(?P<default>(?:[^{}]|\$\{[^{}]*\})*)|:?[?+](?:[^{}]|\$\{[^{}]*\})*)?\}"
    r"|\$\([\w.\-]+\)"
    r"|%\(\w+\)s"
    r"|\$[A-Za-z_]\w*(?![$\w])",
    re.DOTALL,
)


def mask(text: SourceMap) -> SourceMap:
    """`text` with a hole for each such piece, or with its default where it has one."""
    if "$" not in text.text and "{{" not in text.text and "%(" not in text.text:
        return text

    def new(match: re.Match[str]) -> str | SourceMap:
        for group in ("literal", "default"):
            if match.group(group) is not None:
                return mask(text.slice(*match.span(group)))
        return HOLE

    return text.replace(_FILLED, new)

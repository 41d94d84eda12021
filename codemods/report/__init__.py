"""Plans as text: one module a format. Only here findings become lines, columns and messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from codemods.model import Finding
from codemods.source import Source

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson")
"""The names of the formats; each is the module of that name."""


def render(name: str, findings: Sequence[Finding], sources: Mapping[str, Source], *, color: bool = False) -> str:
    """The findings in the format `name`; `color` is for people at a terminal and counts for `text` alone."""
    format = import_module(f"{__name__}.{name}")
    options = {"color": color} if name == "text" else {}
    text: str = format.render(findings, sources, **options)
    return text

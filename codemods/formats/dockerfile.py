"""Dockerfiles: `ENV`, `ARG` and `LABEL` set, `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK` call programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemods.configuration.read import read as read_tree
from codemods.configuration.read import setting
from codemods.formats import json_file
from codemods.occurrences import Embedded, Occurrence
from codemods.shell.script import read as read_script
from codemods.source import Unparsable
from codemods.sourcemap import SourceMap

NAMES = ("Dockerfile", "Dockerfile.*", "Dockerfile-*", "*.dockerfile", "*.Dockerfile", "Containerfile")

_INSTRUCTION = re.compile(
    r"^[ \t]*(?P<name>[A-Za-z]+)[ \t]+(?P<rest>(?:[^\\\r\n]|\\(?!\r?\n)|\\\r?\n(?:[ \t]*#[^\n]*\n)*)*)", re.MULTILINE
)
_CONTINUED = re.compile(r"\\\r?\n(?:[ \t]*#[^\n]*\n)*")
_OLD_FORM = re.compile(r"(?P<key>[A-Za-z_]\w*)[ \t]+(?P<value>\S.*)")
_HEALTHCHECK = re.compile(r".*?\bCMD\s+")
_FLAGS = re.compile(r"(?:--\S+\s+)*")


def read(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """What occurs in the instructions of a file."""
    for match in _INSTRUCTION.finditer(text.text):
        name = match["name"].upper()
        rest = text.slice(*match.span("rest")).replace(_CONTINUED, lambda _: " ")
        if name in ("ENV", "ARG"):
            old_form = _OLD_FORM.fullmatch(rest.text) if "=" not in rest.text.split(None, 1)[0] else None
            if old_form:
                yield from setting(old_form["key"], rest.slice(*old_form.span("value")), path)
            else:
                yield from read_script(rest, path)
        elif name in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"):
            lead = (_HEALTHCHECK if name == "HEALTHCHECK" else _FLAGS).match(rest.text)
            yield from _command(rest.slice(lead.end() if lead else 0, len(rest.text)), path)


def _command(text: SourceMap, path: str) -> Iterator[Occurrence | Embedded]:
    """A command, as a list of arguments in JSON or as a line for the shell."""
    if text.text.startswith("["):
        try:
            yield from read_tree(json_file.tree(text), path)
        except Unparsable:
            pass  # Docker, too, takes what is no list for a line for the shell
        else:
            return
    yield from read_script(text, path)

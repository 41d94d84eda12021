"""Parse Python with LibCST, whose native parser needs more stack than a hostile file leaves it."""

from __future__ import annotations

import re
import threading
from concurrent.futures import Future

import libcst

_STACK = 512 * 1024 * 1024
_DEEPEST = 200
_BRACKET_OR_STRING = re.compile(r"[(\[{]|[)\]}]|#[^\r\n]*|\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'")


class NotPython(ValueError):
    """The text cannot be parsed; `str()` says why, with a 1-based line where known."""


def parse(text: str) -> libcst.Module:
    """The tree of a decoded file; raises `NotPython`."""
    if _nests_too_deeply(text):
        raise NotPython(f"brackets are nested more than {_DEEPEST} deep, which Python refuses too")
    future: Future[libcst.Module] = Future()
    previous = threading.stack_size(_STACK)
    try:
        thread = threading.Thread(target=_parse_into, args=(text, future))
        thread.start()
    finally:
        threading.stack_size(previous)
    thread.join()
    try:
        return future.result()
    except libcst.ParserSyntaxError as error:
        raise NotPython(f"line {error.raw_line}: {error.message.splitlines()[0]}") from error
    except RecursionError as error:
        raise NotPython("an expression is nested too deeply") from error


def _parse_into(text: str, future: Future[libcst.Module]) -> None:
    try:
        future.set_result(libcst.parse_module(text))
    except (libcst.ParserSyntaxError, RecursionError) as error:
        future.set_exception(error)


def _nests_too_deeply(text: str) -> bool:
    if len(text) < _DEEPEST:
        return False
    depth = 0
    for match in _BRACKET_OR_STRING.finditer(text):
        character = match.group()
        if character in "([{":
            depth += 1
            if depth > _DEEPEST:
                return True
        elif character in ")]}":
            depth = max(depth - 1, 0)
    return False

"""SQL in the strings of a Python file that takes a relation's name from elsewhere: it has a hole there, or ends there.

Words in capitals tell SQL from prose by themselves; in lower case a whole statement has to be around them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from codemods.python.masks import Plain, Template

_ANCHOR = (
    "from|join|into|update|table|using|truncate|references|only|exists|view|sequence|index|lock|copy|analyze|vacuum"
    "|cluster|reindex"
)
# Behind these words no relation is listed.
_NOT_BEHIND = r"(?!\b(?:where|set|values|returning|order|group|limit|having)\b)"
_VERBS = (
    "select|insert|update|delete|with|merge|drop|alter|create|truncate|copy|lock|vacuum|analyze|reindex|cluster|refresh"
    "|explain|comment|grant|revoke"
)

_LOUD = re.compile(rf"\b(?:{_ANCHOR.upper()})\b")
_LONE = re.compile(_ANCHOR)
# All others look at text in lower case.
_STATEMENT = re.compile(rf"[\s(]*(?:{_VERBS})\s")
_WHOLE = re.compile(r"\bselect\b[^\0]*\bfrom\b|\b(?:insert\s+into|delete\s+from)\b|\bupdate\s+\S+\s+set\b")
_HOLE = re.compile(rf"\b(?:{_ANCHOR})\b(?:{_NOT_BEHIND}[^{{%;])*[{{%]|\)\s*(?:as\s+)?\w+\s*,\s*\"?[{{%]")
_QUIET_HOLE = re.compile(rf"\b(?:{_ANCHOR})\s+(?:only\s+|if\s+(?:not\s+)?exists\s+)?[\w.\",\s]*[{{%]")
_END = re.compile(rf"\b(?:{_ANCHOR})\b[\s\"]*\Z")
_END_OF_LIST = re.compile(rf"\b(?:{_ANCHOR})\b(?:{_NOT_BEHIND}[^{{%;()])*\Z|\)\s*(?:as\s+)?\w+\s*,\s*\Z")
_END_IN_NAME = re.compile(rf"\b(?:{_ANCHOR})\b[\s\"]*[\w.\"]+\Z")
_LONGEST_END = 250
# A name ends where what comes next begins with a blank.
_APART = r"[rbfutRBFUT]{0,2}(?:\"{3}|'{3}|[\"'])\s"
_GOES_ON = re.compile(rf"[\s\\)]*(?:\+(?!\s*{_APART})|(?!{_APART})[rbfutRBFUT]{{0,2}}[\"'])")
_GROWS = re.compile(rf"\+=(?![\s(]*(?:{_APART}|\d))")

# In the lower-case bytes of a file: the beginning of a statement, at that of a string or where `_WHOLE` may match.
_BLANK = r"(?:\s|\\[nrt\r\n])"
_QUIET_BYTES = tuple(
    re.compile(pattern.encode())
    for pattern in (
        r"select(?:[ \t\\]|\r?\n(?!from |import ))",
        rf"insert{_BLANK}+into",
        rf"delete{_BLANK}+from",
        rf"update{_BLANK}+\S+?{_BLANK}+set",
        rf"[\"'](?:{_BLANK}|\()*(?:{_VERBS}){_BLANK}",
    )
)
_SPLIT_WORD = re.compile(rb"[\"'](?<=\w[\"'])[\s\\+]*[rbf]{0,2}[\"']\w")


def may_say_sql(low: bytes) -> bool:
    """Whether a string of the file with these lower-case bytes may be SQL, in capitals or not."""
    return any(pattern.search(low) for pattern in _QUIET_BYTES)


def splits_a_word(low: bytes) -> bool:
    """Whether a word goes on from one string to the next in these lower-case bytes."""
    return _SPLIT_WORD.search(low) is not None


def says_sql(said: Sequence[str], runs: bool) -> bool:
    """Whether one of the strings is SQL; `runs` says that the file calls what runs some."""
    return any(map(_LOUD.search, said)) or (runs and any(_STATEMENT.match(each.lower()) for each in said))


def is_open(text: str, strings: Sequence[Plain | Template], said: Sequence[str], runs: bool) -> bool:
    """Whether SQL in the `strings` of `text`, which say what `said` says, lacks a relation's name."""
    together = "\0".join(said)
    low = [each.lower() for each in said]
    is_statement = runs and any(map(_STATEMENT.match, low))
    if not is_statement and not _LOUD.search(together) and not _WHOLE.search(together.lower()):
        return False
    grows = _GROWS.search(text) is not None
    loud = [_LOUD.search(each) is not None for each in said]
    # A single word that nothing goes with is no SQL.
    alone = not runs and sum(loud) == 1
    for string, each, is_loud in zip(strings, low, loud, strict=True):
        if not is_loud and not is_statement and not _WHOLE.search(each):
            continue
        if ("{" in each or "%" in each) and (_HOLE if is_loud else _QUIET_HOLE).search(each):
            return True
        end = each[-_LONGEST_END:]
        if _END.search(end) and not (alone and _LONE.fullmatch(each)):
            return True
        if end.rstrip(' \t\r\n"').endswith(",") and _END_OF_LIST.search(each):
            return True
        if _END_IN_NAME.search(end) and (grows or _GOES_ON.match(text, string.end)):
            return True
    return False

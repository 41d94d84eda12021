"""SQL in the strings of a Python file that takes a relation's name from elsewhere: it has a hole there, or ends there.

Words in capitals tell SQL from prose by themselves; in lower case a whole statement has to be around them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from codemods.python.masks import Plain, Template

_ANCHOR = (
    "FROM|JOIN|INTO|UPDATE|TABLE|USING|TRUNCATE|REFERENCES|ONLY|EXISTS|VIEW|SEQUENCE|INDEX|LOCK|COPY|ANALYZE|VACUUM"
    "|CLUSTER|REINDEX"
)
# Behind these words no relation is listed.
_NOT_BEHIND = r"(?!\b(?:WHERE|SET|VALUES|RETURNING|ORDER|GROUP|LIMIT|HAVING)\b)"
_BEHIND_PARENTHESIS = r"\)\s*(?:AS\s+)?\w+\s*,\s*\"?(?:[{%]|\Z)"
_VERBS = "select|insert|update|delete|with|merge|drop|alter|create|truncate|copy|lock"

_LOUD = re.compile(rf"\b(?:{_ANCHOR})\b")
_STATEMENT = re.compile(rf"[\s(]*(?:{_VERBS})\s", re.IGNORECASE)
_WHOLE = re.compile(
    r"\bselect\b[^\0]*\bfrom\b|\b(?:insert\s+into|delete\s+from)\b|\bupdate\s+\S+\s+set\b", re.IGNORECASE
)
_LOUD_HOLE = re.compile(
    rf"\b(?:{_ANCHOR})\b(?:(?:{_NOT_BEHIND}[^{{%;])*[{{%]|(?:(?:{_NOT_BEHIND}[^{{%;()])*,)?[\s\"]*\Z)"
    rf"|{_BEHIND_PARENTHESIS}",
    re.IGNORECASE,
)
_LONE = re.compile(_ANCHOR)
_QUIET_HOLE = re.compile(
    rf"\b(?:{_ANCHOR})\s+(?:only\s+|if\s+(?:not\s+)?exists\s+)?(?:[\w.\",\s]*[{{%]|(?:[\w.\",\s]*,)?[\s\"]*\Z)",
    re.IGNORECASE,
)
_ENDS_IN_NAME = re.compile(rf"\b(?:{_ANCHOR})\b[\s\"]*[\w.\"]+\Z", re.IGNORECASE)
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
    return _LOUD.search("\0".join(said)) is not None or (runs and any(map(_STATEMENT.match, said)))


def is_open(text: str, strings: Sequence[Plain | Template], said: Sequence[str], runs: bool) -> bool:
    """Whether SQL in the `strings` of `text`, which say what `said` says, lacks a relation's name."""
    is_statement = runs and any(map(_STATEMENT.match, said))
    together = "\0".join(said)
    if not is_statement and not _LOUD.search(together) and not _WHOLE.search(together):
        return False
    grows = _GROWS.search(text) is not None
    loud = [_LOUD.search(each) is not None for each in said]
    # A single word that nothing goes with is no SQL.
    alone = not runs and sum(loud) == 1
    for string, each, is_loud in zip(strings, said, loud, strict=True):
        if not is_loud and not is_statement and not _WHOLE.search(each):
            continue
        if (_LOUD_HOLE if is_loud else _QUIET_HOLE).search(each) and not (alone and _LONE.fullmatch(each)):
            return True
        if _ENDS_IN_NAME.search(each) and (grows or _GOES_ON.match(text, string.end)):
            return True
    return False

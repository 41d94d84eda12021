"""Whether a string is SQL or English: the shape of the first words decides, then evidence that only SQL has."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

_NAME = (
    r"""(?:(?:"[^"]+"|[^\W\d]|\ufdd0|\{[^{}\s]*\}|%s|%\(\w+\)s)(?:[\w$\ufdd0]|\{[^{}\s]*\}|%s|"[^"]+")*"""
    r"""(?:\.(?:"[^"]+"|\*|[\w$\ufdd0]|\{[^{}\s]*\}|%s)+){0,2})"""
)
_GAP = re.compile(r"(?:\s+|--[^\n]*(?:\n|\Z))+")
_LEAD = re.compile(r"[ (]*")
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_WORD = re.compile(r"[A-Za-z]+")
_WINDOW = 2000
"""Characters that are looked at: enough for any head of a statement."""


def _shape(pattern: str) -> Callable[[], re.Pattern[str]]:
    """A pattern for text with single spaces: NAME is a qualified name, `_` a space. It is compiled when first used."""
    return cache(lambda: re.compile(pattern.replace("_", " ").replace("NAME", _NAME), re.IGNORECASE | re.DOTALL))


_IF = r"(?:if_(?:not_)?exists_)?"
_SHAPES: dict[str, Callable[[], re.Pattern[str]]] = {
    "select": _shape(
        r"select ?(?:\*|(?:[en]|u&)?'|\$|\d|\(|%|:|\?|\ufdd0|\{|[-+]"
        r"|(?:distinct_|all_)(?:\*|'|\(|on\b|NAME)|(?:null|true|false)\s*(?:\Z|;|,|_(?:as|from|where)\b)"
        r"|case_when\b|case_NAME_when\b|cast\s*\(|(?:not_)?exists\s*\(|(?:regclass|interval|date|time|timestamp\w*|jsonb?|uuid|bool)\s*'|array\s*\["
        r"|NAME\s*(?:[,(=|+*/:%<>\[;-]|\Z)|NAME_(?:as_NAME\s*(?:,|_from\b|\Z|;)|(?:is|not|between|i?like|similar|collate|at|over)_|in\s*\(|NAME\s*(?:;|,)|from_(?:only_|lateral_)?(?:NAME|\()|into_NAME))"
    ),
    "insert": _shape(r"insert_into_NAME\s*(?:\(|\Z|_(?:values|select|default_values|as_NAME|table|with|overriding)\b)"),
    "update": _shape(
        r"update_(?:only_)?NAME\s*\*?(?:_(?:as_)?(?!set\b)NAME)?_set_(?:NAME(?:\[[^]]*\])?\s*=|\(|\ufdd0|\{|%s|:\w)"
    ),
    "delete": _shape(r"delete_from_(?:only_)?NAME\s*\*?\s*(?:\Z|;|_(?:as_)?(?:NAME_)?(?:where|using|returning)\b)"),
    "merge": _shape(r"merge_into_(?:only_)?NAME(?:_(?:as_)?NAME)?_using\b"),
    "with": _shape(r"with_(?:recursive_)?NAME\s*(?:\([^()]*\))?\s*as_?\s*(?:not_)?(?:materialized\s*)?\("),
    "create": _shape(
        rf"create_(?:or_replace_)?(?:(?:global|local|temp|temporary|unlogged|recursive|materialized|unique|constraint|foreign|event)_)*"
        rf"(?:table_{_IF}NAME\s*(?:\(|\Z|;|_(?:as\s*\(|as_(?:select|with|table|values|\()|partition_of|of_NAME|\(|inherits|using_NAME_))"
        rf"|view_{_IF}NAME\s*(?:\([^()]*\)\s*)?(?:_with\s*\(.*?\)\s*)?\s*as\b\s*(?:\(|select|with|values|table|\ufdd0|\{{|%s)"
        rf"|index_(?:concurrently_)?{_IF}(?:NAME_)?on_(?:only_)?NAME\s*(?:\(|_using\b)"
        rf"|(?:function|procedure)_NAME\s*\(|trigger_NAME_(?:before|after|instead_of)_(?:insert|update|delete|truncate)\b"
        rf"|sequence_{_IF}NAME\s*(?:\Z|;|_(?:start|increment|owned|as|minvalue|maxvalue|cache|no|cycle)\b)"
        rf"|type_NAME_as\s*(?:_enum|_range)?\s*\(|domain_NAME_(?:as_)?NAME|schema_{_IF}NAME\s*(?:\Z|;|_authorization\b)|database_NAME\s*(?:\Z|;|_(?:with|owner|template|encoding)\b)"
        rf"|extension_{_IF}(?:NAME)\s*(?:\Z|;|_(?:with|schema|cascade)\b)|policy_NAME_on_NAME|rule_NAME_as_on_|publication_NAME_for_"
        rf"|statistics_(?:NAME_)?(?:\(|on_)|(?:role|user)_NAME\s*(?:;|\Z|_(?:with|login|password)\b))"
    ),
    "alter": _shape(
        rf"alter_(?:materialized_|foreign_)?(?:table|view|sequence|index|type|domain|schema|database|publication|extension|role|user)_{_IF}(?:only_)?NAME\s*\*?\s*"
        r"_(?:add|drop|alter|rename|set|owner|enable|disable|inherit|no_inherit|attach|detach|validate|cluster|replica|reset|force|restart|owned|increment|refresh|with|update)\b"
    ),
    "drop": _shape(
        rf"drop_(?:materialized_|foreign_|event_)?(?:table|view|sequence|index|type|domain|schema|database|function|procedure|extension|publication|role|user)_(?:concurrently_)?{_IF}NAME"
        r"\s*(?:\([^()]*\)\s*)?(?:;|,|\Z|_(?:cascade|restrict)\s*(?:;|\Z))|drop_(?:trigger|rule|policy)_(?:if_exists_)?NAME_on_NAME"
    ),
    "truncate": _shape(r"truncate_(?:table_)?(?:only_)?NAME\s*(?:;|,|\Z|\*|_(?:cascade|restrict|restart|continue)\b)"),
    "copy": _shape(
        r"copy\s*(?:\(\s*(?:select|with|values|table)\b|_NAME\s*(?:\([^()]*\)\s*)?\s*(?<=[\s)])(?:from_(?:stdin\b|program\b|'|%|\$|:|\ufdd0|\{)|to_(?:stdout\b|program\b|'|%|\$|:|\ufdd0|\{)))"
    ),
    "grant": _shape(r"grant_.{1,300}?_(?:on_.{1,300}?_)?to_NAME"),
    "revoke": _shape(r"revoke_.{1,300}?_(?:on_.{1,300}?_)?from_NAME"),
    "lock": _shape(r"lock_(?:table_NAME|(?:only_)?NAME_in_(?:access|row|share|exclusive))"),
    "refresh": _shape(r"refresh_materialized_view_(?:concurrently_)?NAME"),
    "comment": _shape(
        r"comment_on_(?:table|column|view|materialized_view|function|index|sequence|schema|type|database|constraint|trigger|policy)_NAME.{0,300}?_is_(?:'|null\b|\$|%|\{|\ufdd0)"
    ),
    "reindex": _shape(
        r"reindex_(?:\([^()]*\)\s*)?(?:table|index|schema|database|system)_(?:concurrently_)?NAME\s*(?:;|\Z)"
    ),
    "vacuum": _shape(r"vacuum\s*(?:\Z|;|\([^()]*\)|_(?:full|freeze|verbose|analyze)\b)"),
    "analyze": _shape(r"analyze_(?:verbose_)?NAME\s*(?:;|\Z|\()"),
    "explain": _shape(
        r"explain\s*(?:\([^()]*\)\s*|_(?:analyze_|verbose_)*)(?:select|insert|update|delete|with|merge|create|values)_"
    ),
    "values": _shape(r"values\s*\(\s*(?:'|\d|%|\$|:\w|\?|\{|\ufdd0|-\d|NAME\s*[,)(])"),
    "table": _shape(r"table_NAME\s*(?:;|_(?:order_by|limit)\b)"),
    "do": _shape(r"do_(?:language_\w+_)?(?:\$|'|E')"),
    "call": _shape(r"call_NAME\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*(?:;|\Z)"),
    "prepare": _shape(r"prepare_NAME\s*(?:\([^()]*\)\s*)?\s*as_(?:select|insert|update|delete|with)\b"),
    "declare": _shape(r"declare_NAME_(?:\w+_){0,4}cursor_"),
    "set": _shape(
        r"set_(?:session_|local_)?(?:search\ufffepath|search.path|role|time_zone|transaction)\b|set_(?:session_|local_)?NAME\s*(?:=|_to_)"
    ),
    "security": _shape(r"security_label_"),
    "cluster": _shape(r"cluster_NAME_using_NAME"),
    "import": _shape(r"import_foreign_schema_NAME"),
}


_PROSE = re.compile(
    r"\b(?:from|into|update|table|to|on|in|select|delete)\s+"
    r"(?:the|an?|your|our|my|this|that|these|those|each|one|its|their|some|every)\s+(?!where\b|set\b|as\b|join\b|from\b)\w",
    re.IGNORECASE,
)
_EVIDENCE = re.compile(r"[=*();%$'\"{}\ufdd0<>_]|[:?]\w|\?\s*[,)]|\w\.\w|\b[A-Z]{2,}\b[^a-z]*\b[A-Z]{2,}\b")
_FROM = re.compile(r"\bfrom\b|\btruncate\b|\bdrop\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:where \S+ (?:is|in|like|between)|order by|group by|limit \d|(?:inner|left) join|cascade ?\Z"
    r"|alter table \S+ (?:add|drop|alter|rename) (?:column|constraint|to|if))\b|\A ?select \d",
    re.IGNORECASE,
)


def looks_like_sql(text: str, executed: bool = False) -> bool:
    """Whether `text` is, or starts, a complete statement of SQL in any letter case, and not prose.

    Ambiguous lower-case text such as "delete from cart" is SQL only when it is `executed`: handed to a call that has
    the name of a driver's.
    """
    head = _GAP.sub(" ", _without_comments(text) if "/*" in text else text)
    lead = _LEAD.match(head)
    head = head[lead.end() if lead else 0 :][:_WINDOW]
    found = _WORD.match(head, 0, 12)
    if found is None:
        return False
    word = found[0]
    shape = _SHAPES.get(word.lower())
    if shape is None or shape().match(head) is None:
        return False
    return word.isupper() or _has_evidence(head) or (executed and not _PROSE.search(head))


def _without_comments(text: str) -> str:
    """The text with a space for each comment between slashes and stars; they nest."""
    pieces: list[str] = []
    depth = last = 0
    for edge in _COMMENT_EDGE.finditer(text):
        if edge[0] == "/*":
            if not depth:
                pieces.append(text[last : edge.start()])
            depth += 1
        elif depth:
            depth -= 1
            last = edge.end()
    return " ".join([*pieces, "" if depth else text[last:]])


def _has_evidence(head: str) -> bool:
    """Whether text whose first word is not in capitals has something that prose of its shape has not."""
    if _PROSE.search(head):
        return False
    if _EVIDENCE.search(head) or _CLAUSE.search(head):
        return True
    return "," in head and _FROM.search(head) is not None

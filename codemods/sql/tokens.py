"""The lexer: one compiled expression, PostgreSQL's lexical rules and the placeholders of the drivers.

Tokens live in parallel lists, not in objects: a reader touches each of them once or twice, and attribute access
would be most of its time. Comments and white space leave no token.
"""

from __future__ import annotations

import re

HOLE = "\ufdd0"
"""One character that stands for a piece of the text that is only known at run time."""

END, WORD, QUOTED, STRING, NUMBER, PARAM, OPERATOR, OPEN, CLOSE, SEMICOLON, DOLLAR, META, _BRACKET, BROKEN, _FINISH = (
    range(15)
)

# What `Tokens.words` holds for a token that is not a word, an operator or a bracket.
QUOTED_WORD, STRING_WORD, NUMBER_WORD, PARAM_WORD, META_WORD, BROKEN_WORD, END_WORD = '"', "'", "0", "$", "\\", "", "\0"

# A letter is `_` and all that is not ASCII too; said by what it is not, this compiles ten times as fast.
_LETTER = r"[^\x00-@\[-^`{-\x7f]"
_LETTER_OR_DIGIT = r"[^\x00-/:-@\[-^`{-\x7f]"
_LETTER_DIGIT_OR_DOLLAR = r"[^\x00-#%-/:-@\[-^`{-\x7f]"
_BRACES = r"\{[^{}\s'\";,]*\}"

_TOKEN = re.compile(
    rf"""[ \t\n\r\f\v]*(?:--[^\n\r]*[ \t\n\r\f\v]*)*(?:
    ((?![eEnNbBxX]'|[uU]&['\"])(?:{_LETTER}|{_BRACES})(?:{_LETTER_DIGIT_OR_DOLLAR}+|{_BRACES})*)   # WORD
    |((?:[uU]&)?"[^"]*(?:""[^"]*)*")                                                  # QUOTED
    |((?:[nNbBxX]|[uU]&)?'[^']*(?:''[^']*)*'|[eE]'[^'\\]*(?:(?:\\.|'')[^'\\]*)*')      # STRING
    |(\d(?:[\w$]*)(?:\.(?!\.)\w*)?|\.\d\w*)                                           # NUMBER
    |(%(?:\(\w+\))?s|%%|%[btdILi](?!\w)|%\d+\$[sIL]                                   # PARAM
      |\$(?:\d+|\ufdd0|{_BRACES})+|:(?:{_LETTER}{_LETTER_OR_DIGIT}*|'\w+'|"\w+"))
    |(::|:=|=>|\.\.|[,.*=+]|(?!/\*)(?!--)[-/]|[<>~!@#^&|`?]+=?|%|:)               # OPERATOR
    |(\()|(\))|(;)                                                                    # OPEN CLOSE SEMICOLON
    |(\$(?:{_LETTER}{_LETTER_OR_DIGIT}*)?\$)                                            # DOLLAR
    |(\\(?:[;\\]|(?:copy|help|[eEsS][fFvV]|[hH!?])(?![A-Za-z])[^\n\r]*                  # META
        |[A-Za-z]*(?:'(?:[^'\\\n\r]|\\.)*'|"[^"\n\r]*"|`[^`\n\r]*`|[^\\'"`\n\r])*(?:['"`][^\n\r]*)?))
    |([\[\]])                                                                        # BRACKET
    |((?!--)[^ \t\n\r\f\v])                                                            # BROKEN
    |(\Z)                                                                             # FINISH
    )""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_DATA_END = re.compile(r"^\\\.[ \t]*(?:\r?\n|\r|\Z)", re.MULTILINE)
_COPY_IN = re.compile(r"\\copy\b.*\bfrom\s+stdin\b", re.IGNORECASE)
_LINE_END = re.compile(r"\r?\n|\r|\Z")


class Tokens:
    """The tokens of a text.

    `words` is the upper-cased word, the operator itself, or a one-character stand-in; `match` maps each `(` to
    its `)` and each `[` to its `]`; `ends_at` are the indices of the semicolons and psql commands outside of
    parentheses, `held` those of the others with the `(` around each; `trouble` says by index of the token what could
    not be read; `count` is the number of tokens, as the lists end in a few of kind END.
    """

    __slots__ = ("count", "data", "ends", "ends_at", "held", "kinds", "match", "starts", "text", "trouble", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.kinds: list[int] = []
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.match: dict[int, int] = {}
        self.ends_at: list[int] = []
        self.held: list[tuple[int, int]] = []
        self.trouble: list[tuple[int, str]] = []
        self.count = 0
        self.data = True  # whether the rest of the text may still hold the end of a COPY data block

    def slice(self, index: int) -> str:
        """The text of a token."""
        return self.text[self.starts[index] : self.ends[index]]

    def add(self, kind: int, word: str, start: int, end: int) -> None:
        """Append a token."""
        self.kinds.append(kind)
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)


_NO_PARTNER = "a parenthesis without its partner"
_STAND_IN = {QUOTED: QUOTED_WORD, STRING: STRING_WORD, NUMBER: NUMBER_WORD, PARAM: PARAM_WORD}


def lex(text: str, *, script: bool = True) -> Tokens:
    """Split `text` into tokens, in linear time; never raises.

    `script`: psql commands and the data of `COPY … FROM stdin` may occur, as they do in files.
    """
    tokens = Tokens(text)
    opened: list[int] = []
    position: int | None = 0
    while position is not None:
        position = _run(tokens, opened, position, script)
    _drop_brackets(tokens, opened)
    if opened:
        tokens.trouble.extend((index, _NO_PARTNER) for index in opened)
        tokens.trouble.sort()
        _end_inside(tokens, set(opened))
    tokens.count = len(tokens.kinds)
    for _ in range(8):
        tokens.add(END, END_WORD, len(text), len(text))
    return tokens


def _end_inside(tokens: Tokens, unclosed: set[int]) -> None:
    """Let semicolons and psql commands end statements too when only parentheses that are never closed hold them."""
    tokens.ends_at.extend(index for index, opened in tokens.held if opened in unclosed)
    tokens.ends_at.sort()


def _run(tokens: Tokens, opened: list[int], position: int, script: bool) -> int | None:
    """Lex on from `position` to the end (None) or to a token that has to be skipped by hand (where to go on)."""
    text = tokens.text
    kinds, words, starts, ends = tokens.kinds, tokens.words, tokens.starts, tokens.ends
    for found in _TOKEN.finditer(text, position):
        kind = found.lastindex or BROKEN
        start, end = found.span(kind)
        if kind == WORD:
            word = found.group(WORD).upper()
        elif kind < OPERATOR:
            word = _STAND_IN[kind]
        else:
            word = found.group(kind)
            if kind == OPEN:
                opened.append(len(kinds))
            elif kind == CLOSE:
                _drop_brackets(tokens, opened)
                if opened:
                    tokens.match[opened.pop()] = len(kinds)
                else:
                    tokens.trouble.append((len(kinds), _NO_PARTNER))
            elif kind > CLOSE:
                resume = _special(tokens, opened, kind, word, start, end, script)
                if resume != end:
                    return resume if resume < len(text) else None
                continue
        kinds.append(kind)
        words.append(word)
        starts.append(start)
        ends.append(end)
    return None


def _special(tokens: Tokens, opened: list[int], kind: int, word: str, start: int, end: int, script: bool) -> int:
    """Take a token whose end the expression cannot see; return where to go on."""
    text = tokens.text
    if kind == _FINISH:
        return len(text) + 1
    if kind == SEMICOLON or word == "\\;":
        _note_end(tokens, opened)
        tokens.add(SEMICOLON, ";", start, end)
        return _skip_data(tokens, end) if script and not opened else end
    if kind == _BRACKET:
        if word == "[":
            opened.append(len(tokens.kinds))
        elif opened and tokens.words[opened[-1]] == "[":
            tokens.match[opened.pop()] = len(tokens.kinds)
        tokens.add(OPERATOR, word, start, end)
        return end
    if kind == META and script:
        _note_end(tokens, opened)
        tokens.add(META, META_WORD, start, end)
        return _after_data(tokens, end) if _COPY_IN.match(word) else end
    if kind == DOLLAR:
        close = text.find(word, end)
        if close >= 0:
            tokens.add(DOLLAR, STRING_WORD, start, close + len(word))
            return close + len(word)
        return _unfinished(tokens, start, "a dollar quote that is never closed")
    if text.startswith("/*", start):
        close = _comment_end(text, start)
        return close if close else _unfinished(tokens, start, "a comment that is never closed")
    if word in "'\"" or text[end : end + 1] == "'":
        return _unfinished(tokens, start, "a quote that is never closed")
    tokens.trouble.append((len(tokens.kinds), f"the character {word[:1]!r}"))
    tokens.add(BROKEN, BROKEN_WORD, start, start + 1)
    return start + 1


def _drop_brackets(tokens: Tokens, opened: list[int]) -> None:
    """Forget each `[` that what comes next leaves without its partner."""
    while opened and tokens.words[opened[-1]] == "[":
        opened.pop()


def _note_end(tokens: Tokens, opened: list[int]) -> None:
    _drop_brackets(tokens, opened)
    if opened:
        tokens.held.append((len(tokens.kinds), opened[-1]))
    else:
        tokens.ends_at.append(len(tokens.kinds))


def _unfinished(tokens: Tokens, start: int, why: str) -> int:
    tokens.trouble.append((len(tokens.kinds), why))
    tokens.add(BROKEN, BROKEN_WORD, start, len(tokens.text))
    return len(tokens.text)


def _comment_end(text: str, start: int) -> int:
    """Where the comment that starts at `start` ends (they nest), 0 when it does not."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge.group() == "/*" else -1
        if not depth:
            return edge.end()
    return 0


def _skip_data(tokens: Tokens, end: int) -> int:
    """The end of the data block that follows `COPY … FROM stdin;` in a script, else `end`."""
    last = len(tokens.kinds) - 1
    first = tokens.ends_at[-2] + 1 if len(tokens.ends_at) > 1 else 0
    words = tokens.words
    if last - first < 4 or words[first] != "COPY" or "STDIN" not in words[first:last]:
        return end
    return _after_data(tokens, end)


def _after_data(tokens: Tokens, end: int) -> int:
    """The end of the data block that starts in the line after `end`, or `end` when none is closed."""
    if not tokens.data:
        return end
    line = _LINE_END.search(tokens.text, end)
    close = _DATA_END.search(tokens.text, line.end() if line else end)
    tokens.data = close is not None
    return close.end() if close else end

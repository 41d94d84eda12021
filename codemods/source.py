"""A file as bytes and as text, and the way from one to the other.

Offsets in bytes count from the first byte of the file (a byte order mark included); offsets in characters
count in the decoded text (which has no byte order mark). Lines and columns are 1-based and in characters.
"""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")
NOTEBOOK_SUFFIX = ".ipynb"

_INTERPRETER = re.compile(rb"#!\s*\S*?(?:\benv\s+(?:-\S+\s+)*)?\b(?P<name>python|pypy|bash|dash|zsh|ksh|sh)[\d.]*\s")
_MARKS = (
    # UTF-32 first: its little-endian mark begins with the one of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANNOT_FAIL_ON_ASCII = frozenset({"utf-8", "ascii", "iso-8859-1"})
_STRIDED = frozenset({"utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})
_STRIDE = 4096
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or folder that could not be read: `reason` ends the sentence "PATH was not read: "."""

    path: str
    reason: str


class Unparsable(Exception):
    """A text is not what its file's name says it is; `line` is 1-based and counts from the start of that text."""

    def __init__(self, language: str, problem: str, line: int | None = None) -> None:
        where = f" (line {line})" if line else ""
        super().__init__(f"it is not {language} that relink can parse: {problem}{where}")


@dataclass(frozen=True)
class Source:
    """One readable file. `encoding` never includes the byte order mark, `mark` holds its bytes (or none).

    `name` says what a file of its kind is called where `path` does not; `is_template` that others fill it in.
    """

    path: str
    data: bytes
    encoding: str = "utf-8"
    mark: bytes = b""
    name: str = ""
    is_template: bool = False

    @cached_property
    def text(self) -> str:
        """The decoded text, line ends as they are, without the byte order mark."""
        return self.data[len(self.mark) :].decode(self.encoding)

    @property
    def kind(self) -> str:
        """A path or name whose end tells what the file holds."""
        return self.name or self.path

    @property
    def python(self) -> str:
        """The text as a reader of Python can take it, every character in its place."""
        return self.text

    @cached_property
    def _one_byte_each(self) -> bool:
        return len(self.text) == len(self.data) - len(self.mark)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    @cached_property
    def _strides(self) -> list[int]:
        """The byte offset of every 4096th character, and of the end."""
        offsets = [len(self.mark)]
        for start in range(0, len(self.text), _STRIDE):
            piece = self.text[start : start + _STRIDE].encode(self.encoding)
            offsets.append(offsets[-1] + len(piece))
        return offsets

    @cached_property
    def _each(self) -> array[int]:
        """The byte offset of every character and of the end, for codecs that cannot be entered half-way."""
        offsets = array("Q", [len(self.mark)])
        decoder = codecs.getincrementaldecoder(self.encoding)()
        for index in range(len(self.mark), len(self.data)):
            for _ in decoder.decode(self.data[index : index + 1]):
                offsets.append(index + 1)
        while len(offsets) <= len(self.text):
            offsets.append(len(self.data))
        offsets[-1] = len(self.data)
        return offsets

    def byte_offset(self, character: int) -> int:
        """The byte where the character with this 0-based offset begins; the text's length gives the end."""
        if not 0 <= character <= len(self.text):
            raise ValueError(f"{self.path} has no character {character}")
        if self._one_byte_each:
            return character + len(self.mark)
        if self.encoding not in _STRIDED:
            return self._each[character]
        block, rest = divmod(character, _STRIDE)
        start = character - rest
        return self._strides[block] + len(self.text[start:character].encode(self.encoding))

    def character_offset(self, byte: int) -> int:
        """The character that this byte belongs to, 0-based; a byte of the mark belongs to the first one."""
        if not 0 <= byte <= len(self.data):
            raise ValueError(f"{self.path} has no byte {byte}")
        byte = max(byte, len(self.mark))
        if self._one_byte_each:
            return byte - len(self.mark)
        if self.encoding not in _STRIDED:
            found = bisect_left(self._each, byte)
            return found if found < len(self._each) and self._each[found] == byte else found - 1
        block = bisect_right(self._strides, byte) - 1
        # A byte in the middle of a character leaves an incomplete tail, which "ignore" drops.
        inside = self.data[self._strides[block] : byte].decode(self.encoding, "ignore")
        return min(block * _STRIDE + len(inside), len(self.text))

    def line_column(self, byte: int) -> tuple[int, int]:
        r"""The 1-based line and column of a byte offset. Lines end in \n, \r\n or a lone \r."""
        character = self.character_offset(byte)
        line = bisect_right(self._line_starts, character)
        return line, character - self._line_starts[line - 1] + 1

    def offset_of(self, line: int, column: int) -> int:
        """The character offset of a 1-based line and column."""
        return self._line_starts[line - 1] + column - 1

    @property
    def lines(self) -> int:
        """How many lines the text has; text that ends in a line end has an empty last one."""
        return len(self._line_starts)

    def line_text(self, line: int) -> str:
        """The text of a 1-based line without its line end."""
        if not 1 <= line <= self.lines:
            raise ValueError(f"{self.path} has no line {line}")
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < self.lines else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def encode(self, text: str) -> bytes:
        """The text in the file's encoding, without a mark; UnicodeEncodeError when that cannot hold it."""
        return text.encode(self.encoding)


def _is_plain(data: bytes) -> bool:
    """Whether the file is ASCII and does not say otherwise, like most: asking Python takes longer than reading it."""
    end = data.find(b"\n", data.find(b"\n") + 1)
    return data.isascii() and b"coding" not in (data if end < 0 else data[:end])


def _python_encoding(data: bytes) -> tuple[str, bytes]:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    if encoding == "utf-8-sig":
        return "utf-8", codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    # Python reads the cookie before it knows the codec, so the codec has to agree with ASCII.
    if "coding".encode(encoding) != b"coding":
        raise LookupError(f"{encoding} cannot be the encoding of a Python file")
    return encoding, b""


def decode(path: str, data: bytes, name: str = "", is_template: bool = False) -> Source | Unreadable:
    """The source in these bytes: Python files by PEP 263, others as UTF-8 or by their byte order mark."""
    try:
        if (name or path).endswith(PYTHON_SUFFIXES):
            encoding, mark = ("utf-8", b"") if _is_plain(data) else _python_encoding(data)
        else:
            mark, encoding = next((pair for pair in _MARKS if data.startswith(pair[0])), (b"", "utf-8"))
        source = Source(path, data, encoding, mark, name, is_template)
        if encoding not in _CANNOT_FAIL_ON_ASCII or not data.isascii():
            text = source.text
            if encoding not in _STRIDED:
                text.encode()  # utf-7 and the like let halves of surrogate pairs pass
    except UnicodeDecodeError as error:
        return Unreadable(path, f"byte {error.start} is not {error.encoding}")
    except (SyntaxError, LookupError, UnicodeError) as error:
        return Unreadable(path, str(error))
    return source


def script_suffix(path: str, data: bytes) -> str:
    """The suffix that the file lacks whose first line names its interpreter; "" when it has one or names none."""
    if "." in path.rsplit("/", 1)[-1]:
        return ""
    found = _INTERPRETER.match(data)
    return "" if found is None else ".py" if found["name"].startswith(b"py") else ".sh"


def read_bytes(root: Path, path: str) -> bytes | Unreadable:
    """The bytes of the file at `path`, relative to `root` and with `/`."""
    try:
        return (root / path).read_bytes()
    except OSError as error:
        return Unreadable(path, error.strerror or str(error))


def read(root: Path, path: str) -> Source | Unreadable:
    """The file at `path`, relative to `root` and with `/`."""
    data = read_bytes(root, path)
    return data if isinstance(data, Unreadable) else decode(path, data)

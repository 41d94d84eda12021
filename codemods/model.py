"""The words of relink: what a run finds, why, and what it would change.

Every record is frozen. Positions in files are bytes, 0-based, half-open; positions in decoded text are
characters, 0-based, half-open. Only reports turn them into 1-based lines and columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Impact(str, Enum):
    """How much breaks when the finding is left as it is (the plan's three levels)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Safety(str, Enum):
    """Who may apply a fix."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


class Reason(str, Enum):
    """Why a fix is not safe. A closed set; `explain` says what each one means (`REASONS`)."""

    SQLITE_IN_REACH = "sqlite-in-reach"
    UNPROVEN_CALL = "unproven-call"
    DESTROYS_DATA = "destroys-data"
    AMBIGUOUS_NAME = "ambiguous-name"
    MEANING_WIDENS = "meaning-widens"
    RUNTIME_VALUE = "runtime-value"
    CONFLICTING_USES = "conflicting-uses"
    QUOTED_BY_API = "quoted-by-api"
    SPLIT_NAME = "split-name"
    UNREADABLE_SQL = "unreadable-sql"
    FOREIGN_LANGUAGE = "foreign-language"
    DATABASE_SWITCH = "database-switch"
    SPANS_DATABASES = "spans-databases"
    SHARED_KEY = "shared-key"
    NEEDS_ARGUMENT = "needs-argument"
    PROSE = "prose"
    ALL_OR_NONE = "all-or-none"
    TEMPORARY_TABLE = "temporary-table"
    HISTORY = "history"
    UNKNOWN_TABLE = "unknown-table"


REASONS: dict[Reason, str] = {
    Reason.SQLITE_IN_REACH: "the same code talks to SQLite, and nothing says which of the two runs this statement",
    Reason.UNPROVEN_CALL: "nothing shows that this text reaches the database",
    Reason.DESTROYS_DATA: "the statement would now destroy data that the migration moved",
    Reason.AMBIGUOUS_NAME: "several relations of the mapping had this name, and nothing says which one is meant",
    Reason.MEANING_WIDENS: "the filter held for one schema; after the move it has to hold for several",
    Reason.RUNTIME_VALUE: "the name, or a part of it, is only known at run time",
    Reason.CONFLICTING_USES: "the same text is also used where the old name has to stay",
    Reason.QUOTED_BY_API: "the API quotes its argument as one identifier, so a qualified name would not be found",
    Reason.SPLIT_NAME: "the name cannot be edited where it is written",
    Reason.UNREADABLE_SQL: "the statement could not be read to its end",
    Reason.FOREIGN_LANGUAGE: "the body is written in a language that relink does not read",
    Reason.DATABASE_SWITCH: "the statement creates, drops or switches a database that the restructure merged",
    Reason.SPANS_DATABASES: "one client uses keys that now live in several Redis databases",
    Reason.SHARED_KEY: "the key is shared with code that could not be changed",
    Reason.NEEDS_ARGUMENT: "the call needs another argument or another method, not another name",
    Reason.PROSE: "the name stands in text for people",
    Reason.ALL_OR_NONE: "another place that has to change together with this one cannot be changed",
    Reason.TEMPORARY_TABLE: "a temporary table of this name is made nearby, and nothing says which of the two is meant",
    Reason.HISTORY: "the settings say that this file shows the old layout and stays as it is",
    Reason.UNKNOWN_TABLE: "no statement in sight shows which table the index belongs to",
}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of bytes of one file, 0-based."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the bytes of `span` in the file `path` by `new`; an empty span inserts."""

    path: str
    span: Span
    new: bytes


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that are applied together or not at all.

    A `manual` fix carries no edits. `reason` is None exactly when `safety` is `safe`. `note` says what in the code
    the reason is about, such as another use of the name and its line; findings add it to their message. Fixes with
    the same `group`, in whichever files, are applied together or not at all.
    """

    safety: Safety
    reason: Reason | None = None
    edits: tuple[Edit, ...] = ()
    note: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's verdict on one place of one file.

    `path` is relative to the run's root with `/`; `message` says what is, `help` what to do.
    """

    path: str
    span: Span
    rule: str
    message: str
    help: str
    impact: Impact
    fix: Fix | None = None

    @property
    def is_note(self) -> bool:
        """Whether there is nothing to do about it in the code."""
        return self.rule == "unused-mapping"

"""Hold a statement on the old layout against the same statement on the new one."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from codemods.mapping import Already, Mapping, Moved
from codemods.sql import HOLE, Kind, Role
from codemods.verify.ask import CANCELLED, PLANNED, Answer, Server
from codemods.verify.placeholders import Filling, Sent, Unbindable, bind
from codemods.verify.statements import Subject
from codemods.workspace import Use

UNTYPED = frozenset({"42P18", "42725", "42883", "42804", "22P02", "22007", "42846", "42P08"})
"""Errors that a parameter without a type brings about, and a literal in its place does not."""
_NO_RELATION, _SYNTAX = "42P01", "42601"
_MISSING = frozenset({_NO_RELATION, "3F000", "42883", "42704"})
_FOREIGN = frozenset({"42883", "42704"})
"""Errors about functions and types, which an extension that is not there may bring."""
_FORBIDDEN = "42501"
_NOT_ABOUT_IT = frozenset({_FORBIDDEN, "55P03", CANCELLED})
"""Errors about the asking role or the moment: rights, a lock that was not free, too little time."""
_TROUBLE = frozenset({"40", "53", "58", "XX"})
"""Classes of errors about the server: conflicts, want of memory or disk, defects."""
_NAMED = {Kind.RELATION: "relation", Kind.SEQUENCE: "sequence", Kind.FUNCTION: "function", Kind.TYPE: "type"}


class Status(str, Enum):
    SAME = "same"
    ASSUMED = "same on a stand-in"
    BROKEN = "broken"
    LEFT = "left"
    UNCHECKED = "unchecked"


class Verdict(NamedTuple):
    """What asking found: `method` is "prepared", "looked up", one of them "on a stand-in", or "" (not asked).

    `message` says why when not the same.
    `position` is a 0-based character of the new text, where the server pointed at one.
    """

    status: Status
    method: str
    message: str = ""
    position: int | None = None


def judge(subject: Subject, old: Server, new: Server, mapping: Mapping, complete: bool) -> Verdict:
    """The verdict on one statement.

    `complete`: the layouts are live ones, so that what they lack is not there, not merely defined out of sight.
    """
    if subject.statement.problem:
        return Verdict(Status.UNCHECKED, "", f"relink cannot read it: {subject.statement.problem}")
    if subject.hidden:
        return Verdict(Status.UNCHECKED, "", f"{subject.hidden} is a temporary table")
    if subject.old.split(None, 1)[0].upper() not in PLANNED:
        return _looked_up(subject, old, new, complete)
    before: Answer | None = None
    for filling in Filling:
        try:
            first, second = bind(subject.old, filling), bind(subject.new, filling)
        except Unbindable as reason:
            return _looked_up(subject, old, new, complete, f"{reason}; ")
        before = old.plan(first)
        if before.state == _FORBIDDEN:
            return _prepared(subject, first, second, old, new, complete)
        if before.state in _MISSING and _is_new(subject):
            before = new.plan(second)
            if before.state not in UNTYPED or not first.values:
                return _already(subject, before, complete)
        if before.relations is not None:
            verdict = _compared(before.relations, new.plan(second), subject, mapping)
            if verdict.status is Status.SAME and filling is not Filling.PARAMETER:
                # Of `id = NULL` no table is left in the plan.
                looked = _looked_up(subject, old, new, complete)
                return looked if looked.status in (Status.LEFT, Status.BROKEN) else verdict
            return verdict
        if before.state not in UNTYPED or not first.values:
            break
    assert before is not None
    if before.state in UNTYPED | _FOREIGN or (before.state == _SYNTAX and HOLE in subject.old):
        return _looked_up(subject, old, new, complete, f"it cannot be planned here: {before.message}; ")
    return Verdict(Status.UNCHECKED, "prepared", _failure(subject, before, complete))


def on_stand_ins(verdict: Verdict, what: str) -> Verdict:
    """The verdict on a statement of which `what` is a stand-in ("" when nothing is)."""
    if not what or verdict.status is not Status.SAME:
        return verdict
    return verdict._replace(status=Status.ASSUMED, method=f"{verdict.method} on a stand-in", message=what)


def _failure(subject: Subject, answer: Answer, complete: bool) -> str:
    """Why a statement cannot be planned on a layout that should take it."""
    at = subject.first + (answer.position or 0)
    named = next((use for use in subject.uses if use.reference.start == at), None)
    if _says_nothing(answer):
        return f"the server could not say: {answer.message}"
    if answer.state != _NO_RELATION or named is None:
        return f"it fails on the old layout too: {answer.message}"
    return _absent(named, complete)


def _says_nothing(answer: Answer) -> bool:
    """Whether an error is about the asking role or the moment, not about the statement."""
    return answer.state in _NOT_ABOUT_IT or answer.state[:2] in _TROUBLE


def _absent(use: Use, complete: bool) -> str:
    """The same words for a table whichever way a statement names it."""
    known = use.resolution.relation if isinstance(use.resolution, (Moved, Already)) else None
    name = known.qualified if known and not complete else ".".join(use.reference.names)
    kind = "table" if use.reference.kind is Kind.RELATION else use.reference.kind.value
    return f"{kind} {name} {'is not on the old layout' if complete else 'has no definition'}"


def _is_new(subject: Subject) -> bool:
    return any(isinstance(use.resolution, Already) for use in subject.uses)


def _already(subject: Subject, answer: Answer, complete: bool) -> Verdict:
    """The verdict on a statement that was written for the new layout."""
    unsaid = _says_nothing(answer)
    if answer.relations is None and (unsaid or not complete):
        return Verdict(Status.UNCHECKED, "prepared", _failure(subject, answer, complete))
    if answer.relations is None:
        message = f"it says the new names already: {answer.message}"
        return Verdict(Status.BROKEN, "prepared", message, answer.position)
    return Verdict(Status.SAME, "prepared", "it says the new names already")


def _prepared(subject: Subject, first: Sent, second: Sent, old: Server, new: Server, complete: bool) -> Verdict:
    """The verdict on a statement that the role may not run: the names in it, and whether it can be prepared."""
    verdict = _looked_up(subject, old, new, complete, "the role may not run it; ")
    if verdict.status is not Status.SAME:
        return verdict
    before, after = old.prepare(first), new.prepare(second)
    if before.relations is None:
        return Verdict(Status.UNCHECKED, "prepared", _failure(subject, before, complete))
    return verdict if after.relations is not None else _against(subject, after)


def _against(subject: Subject, answer: Answer) -> Verdict:
    """The verdict on a statement that the old layout takes and the new one does not."""
    if _says_nothing(answer):
        return Verdict(Status.UNCHECKED, "prepared", f"the new layout could not say: {answer.message}")
    status = Status.LEFT if subject.left and answer.state in _MISSING else Status.BROKEN
    return Verdict(status, "prepared", answer.message, answer.position)


def _compared(expected: frozenset[str], answer: Answer, subject: Subject, mapping: Mapping) -> Verdict:
    if answer.relations is None:
        return _against(subject, answer)
    wanted = {_moved(name, mapping, subject) for name in expected}
    if answer.relations == wanted:
        return Verdict(Status.SAME, "prepared")
    return Verdict(
        Status.LEFT if subject.left else Status.BROKEN, "prepared",
        f"it reads {_listed(answer.relations - wanted)} instead of {_listed(wanted - answer.relations)}",
    )  # fmt: skip


def _moved(name: str, mapping: Mapping, subject: Subject) -> str:
    found = mapping.resolve(tuple(name.split(".")), "relation", subject.query.database, subject.query.path)
    return found.relation.qualified if isinstance(found, (Moved, Already)) else name


def _listed(names: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _looked_up(subject: Subject, old: Server, new: Server, complete: bool, why: str = "") -> Verdict:
    """Whether everything that the statement names is there, before and after."""
    asked = False
    for use in subject.uses:
        kind = _NAMED.get(use.reference.kind)
        if kind is None or use.reference.literal:
            continue
        written = subject.query.source.text[use.reference.start : use.reference.end]
        is_new = isinstance(use.resolution, Already)
        target = use.resolution.relation if isinstance(use.resolution, Moved) else None
        if kind == "function" and target is None:  # Built-in ones have many forms; none of them moves.
            continue
        changed = target.qualified if target and not subject.left else written
        if not (new if is_new else old).exists(written, kind):
            if use.reference.role is Role.CREATE:
                continue
            return Verdict(Status.UNCHECKED, "looked up", f"{why}{_absent(use, complete)}")
        asked = True
        if not new.exists(changed, kind):
            status = Status.LEFT if subject.left else Status.BROKEN
            position = use.reference.start - subject.first
            return Verdict(status, "looked up", f"{why}{changed} does not exist", position)
    if not asked:
        return Verdict(Status.UNCHECKED, "", f"{why}{subject.statement.verb} names no relation")
    return Verdict(Status.SAME, "looked up", why.removesuffix("; "))

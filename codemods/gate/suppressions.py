"""Leave out the findings that a comment asks to be silent about, and report the comments that ask for nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from codemods.apply import leaves_code
from codemods.gate.ignores import Ignore, Ignores, Name, may_hold_ignores
from codemods.gate.selection import Selection
from codemods.model import Edit, Finding, Fix, Impact, Reason, Safety, Span
from codemods.source import Source

_RULE = "unused-ignore"


def suppress(
    findings: Iterable[Finding], sources: Mapping[str, Source], judged: Iterable[Source], selection: Selection
) -> tuple[Finding, ...]:
    """The findings that no comment speaks of, and an `unused-ignore` for each comment that speaks of none.

    Only the comments of the `judged` files can be unused, unless the file could not be parsed; and a name only where
    its rule is selected.
    """
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.path].append(finding)
    to_judge = {source.path for source in judged if may_hold_ignores(source)}
    for path in [*by_path, *to_judge.difference(by_path)]:
        source = sources.get(path)
        if source is not None and may_hold_ignores(source):
            in_file = by_path[path]
            by_path[path], idle = _without_ignored(in_file, source, selection)
            if path in to_judge and not any(finding.rule == "unreadable-file" for finding in in_file):
                by_path[path] += idle
    return tuple(finding for path in sorted(by_path) for finding in by_path[path])


def _without_ignored(
    findings: list[Finding], source: Source, selection: Selection
) -> tuple[list[Finding], list[Finding]]:
    """The findings of one file that no comment speaks of, and those about its comments."""
    ignores = Ignores(source)
    used: set[Name] = set()
    kept = []
    for finding in findings:
        character = source.character_offset(finding.span.start)
        names = [
            name
            for comment in ignores.at(character)
            for name in comment.names
            if selection.means(name.text, finding.rule)
        ]
        used.update(names)
        if not names:
            kept.append(finding)
    return kept, list(_unused(ignores.comments, used, source, selection))


def _unused(comments: Iterable[Ignore], used: set[Name], source: Source, selection: Selection) -> Iterator[Finding]:
    for comment in comments:
        idle = [name for name in comment.names if name not in used and selection.judges(name.text, source.path)]
        if not comment.removable or (comment.names and not idle):
            continue
        rest = [name.text for name in comment.names if name not in idle]
        yield Finding(
            source.path,
            Span(source.byte_offset(comment.start), source.byte_offset(comment.end)),
            _RULE,
            _message(idle, selection),
            f"keep only {', '.join(rest)}" if rest else "take the comment away",
            Impact.LOW,
            _fix(comment, rest, source),
        )


def _message(idle: list[Name], selection: Selection) -> str:
    unknown = [name.text for name in idle if not selection.knows(name.text)]
    if unknown:
        return f"there is no rule or group {unknown[0]}"
    if not idle:
        return "the comment names no rule in brackets, so it ignores nothing"
    return f"nothing here to ignore for {', '.join(name.text for name in idle)}"


def _fix(comment: Ignore, rest: list[str], source: Source) -> Fix:
    text = source.text
    if rest:
        start, end, new = comment.names[0].start, comment.names[-1].end, ", ".join(rest)
    else:
        (start, end), new = _with_its_space(text, comment), ""
    span = Span(source.byte_offset(start), source.byte_offset(end))
    edit = Edit(source.path, span, source.encode(new))
    if not leaves_code(source, (edit,)):
        return Fix(Safety.MANUAL, Reason.CONFLICTING_USES)
    return Fix(Safety.SAFE, None, (edit,))


def _with_its_space(text: str, comment: Ignore) -> tuple[int, int]:
    """The comment and the blanks before it; with its whole line when it stands alone."""
    start, end = comment.start, comment.end
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    following = text[end : end + 1]
    if following not in ("", "\r", "\n"):
        return comment.start, end  # another comment follows
    if start == 0 or text[start - 1] in "\r\n":
        end += 2 if text.startswith("\r\n", end) else len(following)
    return start, end

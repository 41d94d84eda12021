"""A verification as the plan wants it: errors, success by schema and by service, differences of the layouts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from codemods.mapping import Mapping
from codemods.report.place import shown
from codemods.verify.connections import Attempt
from codemods.verify.redis_keys import Misplaced
from codemods.verify.run import Report, Tally, by_schema, by_service
from codemods.verify.verdict import Status


def render(report: Report, mapping: Mapping, attempts: Sequence[Attempt], keys: Sequence[Misplaced]) -> str:
    """The report as text."""
    lines = [*_table("schema", by_schema(report.results)), ""]
    if mapping.services:
        lines += [*_table("service", by_service(report.results, mapping)), ""]
    of = {status: [each for each in report.results if each.verdict.status is status] for status in Status}
    left = (f"{each.verdict.message}  ({each.subject.query.path})" for each in of[Status.LEFT])
    lines += _counted("left for a person by relink apply", left)
    lines += _counted("same on stand-ins, which have what the statements use", (
        each.verdict.message for each in of[Status.ASSUMED]))  # fmt: skip
    lines += _counted("not checked", (each.verdict.message for each in of[Status.UNCHECKED]))
    lines += _section("The layouts differ", (f"{each.name}: {each.message}" for each in report.differences))
    lines += _section("Definitions that did not load", (
        f"{each.message}  ({' '.join(each.statement.split())[:60]}…)" for each in report.failed))  # fmt: skip
    failed = [each for each in attempts if each.problem]
    if attempts:
        lines += [f"Connections: {len(attempts) - len(failed)} of {len(attempts)} work."]
        lines += [f"  {shown(each.path)}: {shown(each.text)}: {shown(each.problem)}" for each in failed]
    wrong = (f"{each.keys} keys {each.prefix}* in database {each.db}: they belong under {each.target}" for each in keys)
    lines += _section("Redis keys in the wrong place", wrong)
    return "\n".join(lines).rstrip() + "\n"


def _table(what: str, tallies: Iterable[Tally]) -> list[str]:
    tallies = list(tallies)
    width = max(map(len, [what, *(each.name for each in tallies)]))
    row = f"{{:<{width}}}  {{:>6}} {{:>8}} {{:>6}} {{:>6}} {{:>11}}  {{:>7}}"
    heading = row.format(what, "same", "stand-in", "broken", "left", "not checked", "success")
    return [heading, *(row.format(*each, _percent(each)) for each in tallies)]


def _percent(tally: Tally) -> str:
    return "-" if tally.success is None else f"{tally.success:.1f} %"


def _counted(title: str, messages: Iterable[str]) -> list[str]:
    counts = Counter(messages)
    listed = (f"{count:>5}  {message}" for message, count in counts.most_common())
    return _section(f"{counts.total()} statements {title}", listed)


def _section(title: str, items: Iterable[str]) -> list[str]:
    listed = [f"  {shown(item)}" for item in items]
    return [f"{title}:", *listed, ""] if listed else []


def render_json(report: Report, mapping: Mapping, attempts: Sequence[Attempt], keys: Sequence[Misplaced]) -> str:
    """The report as one JSON object; `statements` says of each what was asked and found."""
    content: dict[str, Any] = {
        "schemas": [{**each._asdict(), "success": each.success} for each in by_schema(report.results)],
        "services": [{**each._asdict(), "success": each.success} for each in by_service(report.results, mapping)],
        "statements": [
            {"path": subject.query.path, "status": verdict.status.value, "method": verdict.method,
             "message": verdict.message, "sql": subject.new}
            for subject, verdict in report.results
        ],
        "differences": [each._asdict() for each in report.differences],
        "not_loaded": [each._asdict() for each in report.failed],
        "connections": [each._asdict() for each in attempts],
        "redis": [each._asdict() for each in keys],
    }  # fmt: skip
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()  # half of a pair in a literal is no character

"""An audit as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from codemods.audit.join import Audit
from codemods.report.place import shown
from codemods.source import Source
from codemods.sourcemap import Range

_WIDTH = 100


def render(audit: Audit, sources: Mapping[str, Source]) -> str:
    """The statements that still use old names, most frequent first; then the code that never ran."""
    lines = [f"{len(audit.stale)} of {audit.ran} statements that ran still say old names:"]
    for each in audit.stale:
        names = ", ".join(f"{old} → {new}" for old, new in each.names)
        lines.append(f"{each.calls:>8} calls {each.milliseconds:>10.1f} ms  {names}")
        lines.append(f"      {shown(' '.join(each.sql.split()))[:_WIDTH]}")
        lines += [f"      {_at(place, sources)}" for place in each.places]
        if not each.places:
            lines.append("      issued by no code in sight")
    if audit.never:
        lines += ["", f"{len(audit.never)} statements of the code never ran:"]
        lines += [f"  {_at(place, sources)}" for place in audit.never]
    return "\n".join(lines) + "\n"


def render_json(audit: Audit, sources: Mapping[str, Source]) -> str:
    """The same as one object."""
    content = {
        "ran": audit.ran,
        "stale": [
            {"sql": each.sql, "calls": each.calls, "milliseconds": each.milliseconds,
             "names": [{"old": old, "new": new} for old, new in each.names],
             "places": [_at(place, sources) for place in each.places]}
            for each in audit.stale
        ],
        "never": [_at(place, sources) for place in audit.never],
    }  # fmt: skip
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _at(place: Range, sources: Mapping[str, Source]) -> str:
    source = sources[place.path]
    line, column = source.line_column(source.byte_offset(place.start))
    return f"{shown(place.path)}:{line}:{column}"

"""A module names its connection URL but not the schema that its service works in.

What it does: with `default_schema: constant` in the mapping, adds the line `DEFAULT_SCHEMA = "..."` under a
module-level connection URL of a file that belongs to a service. With `default_schema: search_path`, reports such a
URL, since each driver takes the setting in its own way.

Why is this bad: code that routes by schema has no constant to read.

Example: `DATABASE_URL = "postgresql://localhost/heal7"`

Use instead: the same line, followed by `DEFAULT_SCHEMA = "saju_service"`

Fix safety: safe for the constant; manual for the search path (`needs-argument`).
"""

import re
from collections.abc import Iterator

from codemods.model import Finding, Fix, Impact, Reason, Safety
from codemods.occurrences import ModuleUrl
from codemods.python.layout import end_of_statement
from codemods.sourcemap import Range
from codemods.workspace import Workspace

GROUP = "connections"
LOOKS_AT = (ModuleUrl,)
_CONSTANT = re.compile(r"^DEFAULT_SCHEMA\b", re.MULTILINE)


def check(url: ModuleUrl, workspace: Workspace) -> Iterator[Finding]:
    wish = workspace.mapping.default_schema
    service = workspace.mapping.service_of(url.path) if wish != "none" else None
    text = workspace.sources[url.path].text
    place = url.source.first()
    if service is None or service.schema is None or place is None or place.path != url.path:
        return
    if wish == "search_path":
        if "search_path" not in text:
            yield workspace.finding(
                "missing-default-schema",
                place,
                f"{url.name} sets no search_path, and the service {service.name} works in {service.schema}",
                f"set search_path to {service.schema}, public in the way of this module's driver",
                Impact.LOW,
                Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT),
            )
        return
    if _CONSTANT.search(text):
        return
    end = end_of_statement(text, place.start)
    line_end = "\r\n" if "\r\n" in text else "\n"
    edit = workspace.edit(Range(url.path, end, end, place.literal), f'{line_end}DEFAULT_SCHEMA = "{service.schema}"')
    yield workspace.finding(
        "missing-default-schema",
        place,
        f"{url.name} has no DEFAULT_SCHEMA beside it, and the service {service.name} works in {service.schema}",
        f'add DEFAULT_SCHEMA = "{service.schema}"',
        Impact.LOW,
        Fix(Safety.SAFE, None, (edit,)),
    )

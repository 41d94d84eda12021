"""A connection setting names a database that was merged into another.

What it does: finds old database names in URLs, libpq strings, `dbname=`/`database=` arguments, dictionaries,
environment defaults, dataclass and parameter defaults, and the arguments of `psql` and `pg_dump`.

Why is this bad: the service cannot connect, or connects to a database that nobody writes to any more.

Example: `DATABASE_URL = "postgresql://user:pass@localhost/heal7_saju"`

Use instead: `DATABASE_URL = "postgresql://user:pass@localhost/heal7"`

Fix safety: safe where the text is a connection URL, reaches a driver's connect call or is bound to a name that says
`database`; a name that also serves as something else is manual (`conflicting-uses`).
"""

from collections.abc import Iterator

from codemods.dsn import find_database
from codemods.model import Finding, Fix, Reason, Safety
from codemods.occurrences import ConnectionSetting
from codemods.workspace import Workspace

GROUP = "connections"
LOOKS_AT = ConnectionSetting


def check(setting: ConnectionSetting, workspace: Workspace) -> Iterator[Finding]:
    text = setting.source.text
    if setting.is_name and "://" not in text and "=" not in text:
        start, end, name = 0, len(text), text
        located = None
    else:
        located = find_database(text)
        if located is None:
            return
        start, end, name = located.start, located.end, located.name
    database = workspace.mapping.new_database(name)
    if database is None or database.database == name:
        return
    message, help = f"database {name} is now part of {database.database}", f"connect to {database.database}"
    place = setting.source.locate(start, end)
    if place is None:
        first = setting.source.first()
        if first is not None:
            yield workspace.finding("old-database", first, message, help, None, Fix(Safety.MANUAL, Reason.SPLIT_NAME))
        return
    new = located.encode(database.database) if located else database.database
    fix = Fix(Safety.SAFE, None, (workspace.edit(place, new),))
    if workspace.other_uses.get((place.path, place.literal)) and setting.is_name:
        fix = Fix(Safety.MANUAL, Reason.CONFLICTING_USES)
    yield workspace.finding("old-database", place, message, help, fix=fix)

"""The schemas that have to be on the `search_path` of connections whose library knows no other way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from codemods.fixes.schema_argument import resolve
from codemods.mapping import Moved
from codemods.model import Fix, Reason, Safety
from codemods.occurrences import TableArgument
from codemods.python.targets import insertions
from codemods.sourcemap import Range
from codemods.workspace import Workspace

_OPTIONS_ANEW = re.compile(r"\]\s*\[\s*[\"']OPTIONS[\"']\s*\]\s*=(?!=)")
"""What drops the options that a database has so far."""


def schemas_to_find(workspace: Workspace) -> list[str]:
    """The schemas of all moved tables that their library finds through `search_path`."""
    found = (resolve(each, workspace) for each in workspace.tables if each.described.by_search_path)
    return sorted({resolution.relation.schema for resolution in found if isinstance(resolution, Moved)})


def give_search_path(argument: TableArgument, schemas: Sequence[str], workspace: Workspace) -> Fix:
    """Put `schemas` on the search_path of the settings `argument`.

    Unsafe where several schemas have a table of one name, and for other databases than the one that models use unless
    told otherwise, where a file has settings of several.
    """
    target = argument.target
    text = workspace.sources[target.path].text if target else ""
    if target is None or _OPTIONS_ANEW.search(text):
        return Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT)
    wanted = f"-c search_path={','.join((*schemas, 'public'))}"
    added = insertions(text, [(target, wanted)])
    edits = tuple(workspace.edit(Range(target.path, at, at, at), new) for at, new in added)
    if not edits:
        return Fix(Safety.MANUAL, Reason.NEEDS_ARGUMENT)
    names = Counter(each.name for each in workspace.mapping.relations if each.schema in schemas)
    databases = {
        each.source.text or each.at
        for each in workspace.tables
        if each.described == argument.described and each.path == argument.path
    }
    is_other = len(databases) > 1 and argument.source.text != "default"
    doubt = Reason.MEANING_WIDENS if max(names.values()) > 1 or is_other else None
    return Fix(Safety.UNSAFE if doubt else Safety.SAFE, doubt, edits)

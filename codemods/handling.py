"""What the settings say of files by their paths: which are templates, which show the old layout on purpose."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from codemods.model import Finding, Fix, Reason, Safety
from codemods.source import Source, Unreadable, decode, script_suffix

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

LEAVE, REPORT, REWRITE = "leave", "report", "rewrite"
_COPY = re.compile(r"(?P<name>.+?\.\w+)(?:\.(?:backup|bak|old|orig|save|legacy)\b.*|~)")


@cache
def _spec(pattern: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # slow to import, and most runs have no patterns

    return GitIgnoreSpec.from_lines([pattern])


@dataclass(frozen=True, slots=True)
class Handling:
    """`documents`: they are read, too. `templates` are suffixes (`.j2`).

    `history` pairs patterns as in .gitignore with a policy; the last match wins.
    """

    documents: bool = False
    templates: tuple[str, ...] = ()
    history: tuple[tuple[str, str], ...] = ()

    def name_of(self, path: str) -> str:
        """What the file `path` would be called if it were neither a template nor a copy that history speaks of."""
        if not self.templates and not self.history:
            return path
        if self.is_template(path):
            return path[: -len(next(suffix for suffix in self.templates if path.endswith(suffix)))]
        copy = _COPY.fullmatch(path)
        speaks = copy is not None and any(_spec(pattern).match_file(path) for pattern, _ in self.history)
        return copy["name"] if copy is not None and speaks and self.policy(path) != LEAVE else path

    def is_template(self, path: str) -> bool:
        """Whether the settings call the file a template."""
        return path.endswith(self.templates)

    def decode(self, path: str, data: bytes) -> Source | Unreadable:
        """The file with these bytes, which knows what it holds."""
        return decode(path, data, self.name_of(path) + script_suffix(path, data), self.is_template(path))

    def policy(self, path: str) -> str:
        """What is done with old names in the file: "leave", "report" or "rewrite"."""
        found = [policy for pattern, policy in self.history if _spec(pattern).match_file(path)]
        return found[-1] if found else REWRITE

    def respect_history(self, finding: Finding) -> Finding:
        """The finding, for a person when its fix would change a file that is not to be rewritten.

        What has to change together with it stays too, unless the file is a copy, which nothing runs.
        """
        fix = finding.fix
        edited = {finding.path, *(edit.path for edit in fix.edits)} if fix else ()
        if fix is None or all(self.policy(path) == REWRITE for path in edited):
            return finding
        is_copy = self.name_of(finding.path) != finding.path and not self.is_template(finding.path)
        return replace(finding, fix=Fix(Safety.MANUAL, Reason.HISTORY, group="" if is_copy else fix.group))

"""The only part of relink that writes files: edits, proof, diff, journal, undo."""

from codemods.apply.atomic import save
from codemods.apply.comments import leaves_code
from codemods.apply.diff import unified_diff
from codemods.apply.errors import ApplyError, EditConflict
from codemods.apply.journal import Run, runs
from codemods.apply.outputs import write_outputs
from codemods.apply.proof import prove_bytes, prove_python
from codemods.apply.rollback import rollback
from codemods.apply.series import Part, series
from codemods.apply.splice import inverse, splice
from codemods.apply.state import keep_files
from codemods.apply.worktree import path_from_top, require_clean
from codemods.apply.write import Change, apply_changes

__all__ = [
    "ApplyError",
    "Change",
    "EditConflict",
    "Part",
    "Run",
    "apply_changes",
    "inverse",
    "keep_files",
    "leaves_code",
    "path_from_top",
    "prove_bytes",
    "prove_python",
    "require_clean",
    "rollback",
    "runs",
    "save",
    "series",
    "splice",
    "unified_diff",
    "write_outputs",
]

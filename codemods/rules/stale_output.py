"""A generated file was made from another version of the mapping.

What it does: compares the stamp in the first lines of what `relink generate` wrote with the mapping. Such files are
not searched for old names: they say them on purpose.

Why is this bad: the file speaks of another layout than the code.

Example: `3-move.sql`, generated before a table was added to the mapping

Use instead: the output of the same `relink generate` command, run again

Fix safety: no fix; relink does not know where the file should go.
"""

GROUP = "tool"

"""A change did not pass its proof, so it is not made.

What it does: before a file is written, relink proves that the Python tree is the same but for the planned strings,
that each SQL text is the same but for the mapped names, and that the inverse edits give back the exact bytes. A
change that fails is reported here instead.

Why is this bad: the old name is still there.

Use instead: make the change by hand, and please report the statement: a failed proof is a defect of relink.

Fix safety: always manual.
"""

GROUP = "tool"

"""A row of the mapping matched nothing.

What it does: reports relations, databases and namespaces of the mapping that no file names.

Why is this bad: mostly it is not; but a misspelt row looks just like this.

Fix safety: nothing to change in the code.
"""

GROUP = "tool"

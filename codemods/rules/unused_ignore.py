"""A comment asks relink to ignore what is not there.

What it does: reports `# relink: ignore[...]` comments, and their like in other files, that no finding needs: the names
in brackets found nothing on that line, string, statement or file, or are no rules.

Why is this bad: the next old name in that place would pass unseen.

Example: `cursor.execute("SELECT 1 FROM store_service.orders")  # relink: ignore[unprefixed-table]`

Use instead: the same line without the comment.

Fix safety: safe; the comment, or the name in it, is taken away. Comments inside of an SQL string are not reported.
"""

GROUP = "tool"

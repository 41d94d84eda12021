"""A server says that a statement does not mean on the new layout what it meant on the old one.

What it does: `relink verify` plans each statement as it is on the old layout, and as `relink apply` leaves it on the
new one, and compares the relations in both plans.

Why is this bad: the statement fails, or reads other tables, once the database is moved.

Example: `SELECT * FROM users` in a text that no fix could be proven for

Use instead: the new name; or a row in the mapping, where one is missing

Fix safety: no fix; reported by `relink verify` only.
"""

GROUP = "tool"

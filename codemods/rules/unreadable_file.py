"""A file could not be read, so nothing in it was looked at.

What it does: reports files that cannot be opened or decoded, and Python files that cannot be parsed.

Why is this bad: an old name in them stays unseen.

Example: a Latin-1 file without a coding line; a Python 2 script

Use instead: correct the file, or exclude it in the settings.

Fix safety: always manual.
"""

GROUP = "tool"

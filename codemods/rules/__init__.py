"""One file a rule, named after the problem; its docstring is what `relink explain` prints.

A rule module has `GROUP`, `IMPACT`-free findings from `check(occurrence, workspace)`, and `LOOKS_AT`, the kind of
occurrence it is given.
"""

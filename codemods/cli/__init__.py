"""The command line: one thin command a file; none of them holds logic."""

from codemods.cli.main import main

__all__ = ["main"]

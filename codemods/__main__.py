"""`python -m codemods` and the `relink` command."""

from __future__ import annotations

import sys

from codemods.funnel import hook


def main() -> None:
    """Run the command line; what can be said at once is said before the rest is imported."""
    if hook.answers(sys.argv[1:]):
        return
    from codemods.cli import main as run

    run()


if __name__ == "__main__":
    main()

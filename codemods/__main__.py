"""`python -m codemods` and the `relink` command."""

from codemods.cli import main

if __name__ == "__main__":
    main()

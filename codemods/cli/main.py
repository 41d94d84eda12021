"""The `relink` command: its subcommands, and one clear line for whatever goes wrong."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from codemods import __version__
from codemods.apply.errors import ApplyError
from codemods.catalog.connect import ServerError
from codemods.checkout.discover import UsageProblem
from codemods.mapping.problems import MappingError
from codemods.settings import SettingsError

_COMMANDS = (
    "check",
    "diff",
    "apply",
    "rollback",
    "init",
    "baseline",
    "merge",
    "rules",
    "explain",
    "generate",
    "infer",
    "verify",
    "impact",
    "audit",
)


class _Commands(click.Group):
    """Imports a command, from the module of its name, when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"codemods.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="relink")
def commands() -> None:
    """Re-point a Python backend at a restructured PostgreSQL."""


def _out_of_place() -> str:
    """What keeps any command from working here; "" when nothing does."""
    try:
        Path.cwd()
    except OSError:
        return "the current folder is gone; change to one that exists"
    if sys.stdout is None:  # the shell's `>&-`
        return "standard output is closed; send it to a file, or to /dev/null"
    return ""


def _end(code: int, message: str = "") -> NoReturn:
    """End with this exit code, even where nobody can hear why."""
    if message:
        with suppress(OSError):
            click.echo(f"relink: {message}", err=True)
    sys.exit(code)


def main() -> None:
    """Run the command line. Exit codes: 0 clean, 1 findings or pending changes, 2 relink could not do its work."""
    gc.disable()  # A run makes millions of small records and no garbage: collecting them is a fifth of its time.
    problem = _out_of_place()
    if problem:
        _end(2, problem)
    try:
        code = commands.main(standalone_mode=False)
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        _end(2)
    except (click.Abort, KeyboardInterrupt):
        _end(130, "interrupted; what was being written is whole, see relink rollback")
    except (MappingError, SettingsError, UsageProblem, ApplyError, ServerError) as error:
        _end(2, str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _end(2)
    except OSError as error:
        _end(2, f"{error.filename or 'output'}: {error.strerror or error}")
    sys.exit(code if isinstance(code, int) else 0)

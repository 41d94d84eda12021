"""The `relink` command: its subcommands, and one clear line for whatever goes wrong."""

from __future__ import annotations

import gc
import os
import sys

import click

from codemods import __version__
from codemods.apply import ApplyError
from codemods.catalog.connect import ServerError
from codemods.cli.apply import apply
from codemods.cli.audit import audit
from codemods.cli.baseline import baseline
from codemods.cli.check import check
from codemods.cli.diff import diff
from codemods.cli.explain import explain
from codemods.cli.generate import generate
from codemods.cli.impact import impact
from codemods.cli.infer import infer
from codemods.cli.init import init
from codemods.cli.rollback import rollback
from codemods.cli.rules import rules
from codemods.cli.verify import verify
from codemods.discover import UsageProblem
from codemods.mapping import MappingError
from codemods.settings import SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="relink")
def commands() -> None:
    """Re-point a Python backend at a restructured PostgreSQL."""


for command in (
    check, diff, apply, rollback, init, baseline, rules, explain, generate, infer, verify, impact, audit,
):  # fmt: skip
    commands.add_command(command)


def main() -> None:
    """Run the command line. Exit codes: 0 clean, 1 findings or pending changes, 2 relink could not do its work."""
    gc.disable()  # A run makes millions of small records and no garbage: collecting them is a fifth of its time.
    try:
        code = commands.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("relink: interrupted; what was being written is whole, see relink rollback", err=True)
        sys.exit(130)
    except (MappingError, SettingsError, UsageProblem, ApplyError, ServerError) as error:
        click.echo(f"relink: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(2)
    except OSError as error:
        click.echo(f"relink: {error.filename or 'output'}: {error.strerror or error}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)

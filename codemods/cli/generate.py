"""`relink generate`: what the new layout needs, written from the mapping."""

from __future__ import annotations

from pathlib import Path

import click

from codemods.apply import write_outputs
from codemods.cli.run import read_mapping
from codemods.generate.outputs import GENERATORS
from codemods.mapping import Database, Mapping
from codemods.settings import load_settings


@click.command()
@click.argument("kind", type=click.Choice(sorted(GENERATORS)))
@click.option("--mapping", metavar="FILE", help="The mapping; else the one named in [tool.relink] or relink.toml.")
@click.option("-o", "--output", metavar="FOLDER", help="Write files there instead of printing them.")
@click.option("--database", metavar="NAME", help="Which of the mapping's databases, when there are several.")
@click.option(
    "--database-url", metavar="URL", help="ddl: look at this database (read-only) and bring its functions along."
)
def generate(
    kind: str, mapping: str | None, output: str | None, database: str | None, database_url: str | None
) -> None:
    """Print or write KIND: what the application and the servers need for the new layout."""
    loaded = read_mapping(mapping, load_settings(Path.cwd()))
    outputs = GENERATORS[kind](loaded, _chosen(loaded, database), database_url)
    if output is not None:
        for path in write_outputs(Path(output), outputs):
            click.echo(f"wrote {path}", err=True)
        return
    for each in outputs:
        if len(outputs) > 1:
            click.echo(f"==> {each.name} <==", err=True)
        click.echo(each.text, nl=False)


def _chosen(mapping: Mapping, name: str | None) -> Database:
    """The database that is meant: the only one, or the one called `name`."""
    known = {database.name: database for database in mapping.databases}
    if name is None and len(known) == 1:
        return mapping.databases[0]
    if name not in known:
        raise click.UsageError(f"pass --database: one of {', '.join(known) or 'none, as the mapping has no databases'}")
    return known[name]

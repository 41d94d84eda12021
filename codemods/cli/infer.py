"""`relink infer`: write a first mapping from what is there."""

from __future__ import annotations

from pathlib import Path

import click

from codemods.apply import write_outputs
from codemods.infer.redis_prefixes import sample_prefixes, tree_prefixes
from codemods.infer.sources import from_checkout, from_dumps, from_servers, look_at
from codemods.infer.write import Prefixes, write_mapping


@click.command()
@click.argument("tree", required=False, type=click.Path(exists=True, file_okay=False))
@click.option("--old-database-url", "old_urls", multiple=True, metavar="URL", help="An old database; may be repeated.")
@click.option("--database-url", "new_url", metavar="URL", help="The new database.")
@click.option(
    "--old-schema", "old_files", multiple=True, metavar="FILE", help="An old database, as pg_dump -s wrote it."
)
@click.option("--schema", "new_file", metavar="FILE", help="The same from a pg_dump -s file.")
@click.option("--redis-url", metavar="URL", help="Look at this Redis for prefixes of keys.")
@click.option("-o", "--output", metavar="FILE", help="Write the mapping there instead of printing it.")
def infer(
    tree: str | None,
    old_urls: tuple[str, ...],
    new_url: str | None,
    old_files: tuple[str, ...],
    new_file: str | None,
    redis_url: str | None,
    output: str | None,
) -> None:
    """Compare the old databases with the new one and write a mapping; with neither, guess one from the TREE alone
    (default: the current folder).

    What is not certain is written as a comment, and so are the prefixes of Redis keys in the TREE.
    """
    if bool(old_urls) != bool(new_url) or bool(old_files) != bool(new_file) or (old_urls and old_files):
        raise click.UsageError("pass old databases and the new one, either as URLs or as files")
    if tree is None and not new_url and not new_file:
        tree = "."
    root = Path(tree or ".").resolve()
    occurrences = look_at(root) if tree else ()
    prefixes = Prefixes(tree_prefixes(occurrences), sample_prefixes(redis_url) if redis_url else {})
    if new_url:
        replaces, database, matches = from_servers(old_urls, new_url)
    elif new_file:
        replaces, database, matches = from_dumps([Path(path) for path in old_files], Path(new_file))
    else:
        replaces, database, matches = from_checkout(root, occurrences, any(prefixes))
    text = write_mapping(database, replaces, matches, prefixes)
    if output is None:
        click.echo(text, nl=False)
        return
    path = Path(output)
    write_outputs(path.parent, [(path.name, text)])
    click.echo(f"wrote {path}", err=True)

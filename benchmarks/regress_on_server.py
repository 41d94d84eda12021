"""Run PostgreSQL's regression suite on the old layout and, rewritten, on one where everything moved to another schema.

    uv run python benchmarks/regress_on_server.py CHECKOUT_OF_LIBPG_QUERY

Two embedded servers run the files statement by statement: the first as they are, the second as relink rewrites them
with a mapping that moves each relation, sequence, type and function that the suite creates in `public`. What runs on
the first has to run on the second. What needs psql, the suite's libraries or its data fails on both: it is not counted.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg2
import psycopg2.extensions
from psql_scripts import statements

from codemods.catalog.embedded import embedded_server
from codemods.fixes.rename import rewritten
from codemods.mapping import Mapping, load
from codemods.occurrences import Engine, Evidence, Query
from codemods.sourcemap import Run, SourceMap
from codemods.sql import Kind, Role, read
from codemods.workspace import Workspace

_SCHEMA = "moved"
_KINDS = {Kind.RELATION: "tables", Kind.SEQUENCE: "sequences", Kind.TYPE: "types", Kind.FUNCTION: "functions"}
_NAMES = re.compile(r'"[^"]*"(?:\.\w+)?|\b[\w.]+\([^)]*\)|\bmoved\.\w+|\d+')
_WHOLE_SERVER = re.compile(
    r"\s*(?:(?:create|drop|alter)\s+(?:database|tablespace|system|subscription)|copy\b|reindex\s+(?:database|system|\()"
    r"|checkpoint|load)\b|.*\bpg_(?:terminate|cancel|sleep|reload|promote|switch)",
    re.IGNORECASE | re.DOTALL,
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("checkout", type=Path, help="a checkout of libpg_query")
    options.add_argument("--files", type=int, help="only so many of its files (by name, after test_setup)")
    chosen = options.parse_args()
    folder = chosen.checkout / "test" / "sql" / "postgres_regress"
    files = sorted(folder.glob("*.sql"), key=lambda path: (path.stem != "test_setup", path.stem))[: chosen.files]
    texts = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in files}
    counts: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        mapping = moves(texts.values(), Path(scratch) / "mapping.yaml")
    with embedded_server() as one, embedded_server() as other:
        run(other.administration, [f"CREATE SCHEMA {_SCHEMA}", f"GRANT ALL ON SCHEMA {_SCHEMA} TO PUBLIC"])
        for name, (text, new_text) in rewritten_files(texts, mapping).items():
            pairs = list(zip(split(text), split(new_text), strict=True))
            before = run(one.administration, [old for old, _ in pairs])
            after = run(other.administration, [new for _, new in pairs])
            for (old, new), (worked, _), (works, why) in zip(pairs, before, after, strict=True):
                counts["statements"] += 1
                counts["that run before"] += worked
                counts["that run before and after"] += worked and works
                counts["of these changed"] += worked and works and old != new
                if worked and not works:
                    causes[_NAMES.sub("…", why)] += 1
                    print(f"{name}: {why}\n    {' '.join(new.split())[:200]}")
    for what, count in (*causes.most_common(), *counts.items()):
        print(f"{count:8,}  {what}")


def moves(texts: Iterable[str], path: Path) -> Mapping:
    """The mapping that moves what the texts create without a schema as one kind of thing, kept at `path`."""
    kinds: dict[str, set[str]] = {}
    for text in texts:
        for statement in read(text).statements:
            for made in statement.references:
                plain = len(made.parts) == 1 and re.fullmatch(r"[a-z_][a-z0-9_]*", made.names[0])
                if made.role is Role.CREATE and made.kind in _KINDS and plain and not made.literal:
                    kinds.setdefault(made.names[0], set()).add(_KINDS[made.kind])
    found = {words: [name for name, its in kinds.items() if its == {words}] for words in _KINDS.values()}
    lines = ["databases:", "  new:", "    replaces: [old]", "    schemas:", f"      {_SCHEMA}:"]
    lines += [f"        {words}: {json.dumps(sorted(names))}" for words, names in found.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load(path)


def rewritten_files(texts: dict[str, str], mapping: Mapping) -> dict[str, tuple[str, str]]:
    """Each file as it is and as relink rewrites it, with the others in sight."""
    queries = [
        Query(SourceMap([Run(name, text)]), Evidence.FILE, Engine.POSTGRESQL, name, 0) for name, text in texts.items()
    ]
    workspace = Workspace(mapping, {}, queries=tuple(queries))
    return {query.path: (query.source.text, rewritten(query, workspace)) for query in queries}


def split(text: str) -> Iterator[str]:
    """The statements of a script."""
    return (text[start:end] for start, end in statements(text))


def run(uri: str, script: list[str]) -> list[tuple[bool, str]]:
    """Run statements in one session; for each whether it worked, and the error when it did not."""
    connection = _connect(uri)
    results = []
    for statement in script:
        try:
            if _WHOLE_SERVER.match(statement):
                raise psycopg2.ProgrammingError("left out")
            with connection.cursor() as cursor:
                cursor.execute(statement)
            results.append((True, ""))
        except psycopg2.Error as error:
            results.append((False, str(error).partition("\n")[0]))
            if connection.closed:
                connection = _connect(uri)
    connection.close()
    return results


def _connect(uri: str) -> psycopg2.extensions.connection:
    connection = psycopg2.connect(uri)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '3s'; SET lock_timeout = '1s'")
    return connection


if __name__ == "__main__":
    main()

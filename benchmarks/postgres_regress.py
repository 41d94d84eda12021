"""Hold relink's reader against PostgreSQL's own parser, over PostgreSQL's own regression suite.

    uv run python benchmarks/postgres_regress.py CHECKOUT_OF_LIBPG_QUERY

Each statement of the suite that libpg_query parses is read by relink too, and the relations, types and functions that
both see have to be the same, at the same places. Then every relation gets a new schema and a new name: the result has
to parse to the same tree but for these names, a second run has to find nothing, and undoing the edits has to give the
text back. The proof that relink itself makes has to accept a schema before every bare name. Statements that do not hold
are listed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from psql_scripts import statements

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "sql"))
import function_bodies
from agreement import disagreement
from pglast_names import asks_a_server, names
from qualify import qualify
from renaming import renaming_trouble

from codemods.sql import equivalent, read


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("checkout", type=Path, help="a checkout of libpg_query")
    counts: Counter[str] = Counter()
    for where, sql in corpus(options.parse_args().checkout):
        counts["statements"] += 1
        expected = names(sql)
        if expected is None:
            continue
        counts["statements that libpg_query parses"] += 1
        for kind in ("relation", "type", "function"):
            counts[f"{kind}s in them"] += sum(name.kind == kind for name in expected)
        script = read(sql)
        if problem := disagreement(sql, script, expected):
            counts["statements with other names"] += 1
            counts["of these, what CREATE SCHEMA makes (relink is right)"] += asks_a_server(sql)
            print(f"{where}: {problem}\n    {' '.join(sql.split())[:200]}")
        if (problem := function_bodies.disagreement(sql, script)) is not None:
            counts["bodies that PostgreSQL accepts"] += 1
            counts["bodies with other relations"] += bool(problem)
        if problem:
            print(f"{where}: {problem}")
        if problem := renaming_trouble(sql, script):
            counts["renames that do not hold"] += 1
            print(f"{where}: {problem}\n    {' '.join(sql.split())[:200]}")
        qualified, renames = qualify(script)
        if not equivalent(sql, qualified, renames):
            counts["right rewrites that relink's own proof refuses"] += 1
            print(f"{where}: not proven: {' '.join(qualified.split())[:200]}")
        counts["statements read with a problem"] += any(statement.problem for statement in script.statements)
    for name, count in counts.items():
        print(f"{count:8,}  {name}")
    agree = 1 - counts["statements with other names"] / counts["statements that libpg_query parses"]
    print(f"{agree:8.3%}  agree")


def corpus(checkout: Path) -> Iterator[tuple[str, str]]:
    """Every statement of the suite with its place (file:line)."""
    for path in sorted((checkout / "test" / "sql").glob("*/*.sql")):
        text = path.read_text(encoding="utf-8", errors="replace")
        for start, end in statements(text):
            yield f"{path.name}:{text.count(chr(10), 0, start) + 1}", text[start:end]


if __name__ == "__main__":
    main()

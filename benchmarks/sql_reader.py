"""Time relink's SQL reader beside sqlglot's and libpg_query's parsers, on the same statements.

    uv run python benchmarks/sql_reader.py CHECKOUT_OF_LIBPG_QUERY

Those statements of PostgreSQL's regression suite that all three understand are read in rounds, by each in turn.
Printed are the median seconds of processor that a round takes, statements a second and megabytes a second.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pglast
import sqlglot
from postgres_regress import corpus

from codemods.sql import read

_ROUNDS = 5
_MOST = 6_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("checkout", type=Path, help="a checkout of libpg_query")
    logging.disable(logging.WARNING)
    every = [sql for _, sql in corpus(options.parse_args().checkout)]
    texts = [sql for sql in every[:: len(every) // _MOST + 1] if _understood(sql)]
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"{len(texts):,} statements, {size:.2f} MB")
    readers = {"relink": read, "sqlglot": _sqlglot, "pglast": pglast.parse_sql}
    rounds = [{name: _seconds(reader, texts) for name, reader in readers.items()} for _ in range(_ROUNDS)]
    for name in readers:
        spent = median(each[name] for each in rounds)
        ratio = median(each["relink"] / each[name] for each in rounds)
        rates = f"{len(texts) / spent:9,.0f} statements/s {size / spent:6.2f} MB/s"
        print(f"{name:8} {spent:.3f} s {rates}  relink takes {ratio:.2f} of it")


def _sqlglot(sql: str) -> object:
    return sqlglot.parse(sql, dialect="postgres")


def _understood(sql: str) -> bool:
    try:
        pglast.parse_sql(sql)
        return not any(isinstance(tree, sqlglot.exp.Command) for tree in sqlglot.parse(sql, dialect="postgres"))
    except (pglast.parser.ParseError, sqlglot.errors.SqlglotError):
        return False


def _seconds(reader: Callable[[str], object], texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        reader(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()

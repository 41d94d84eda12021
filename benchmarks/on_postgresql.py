"""relink against a PostgreSQL of another version than the embedded one, with its contrib modules.

    uv run python benchmarks/on_postgresql.py /usr/lib/postgresql/15/bin

starts a server of its own from the folder of PostgreSQL's programs, with the layout of `fixtures/backend`: statements
run as psycopg sends them, and `relink audit` joins the real pg_stat_statements with the code; a copy of the database
moves by what `relink generate ddl` wrote, and `relink verify` asks both.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

BACKEND = Path(__file__).parent.parent / "fixtures" / "backend"
RAN = (
    ("DELETE FROM user_sessions WHERE token = %s", ("abc",)),
    ("DELETE FROM user_sessions WHERE token = %s", ("def",)),
    ("SELECT count(*), sum(total) FROM public.orders", ()),
    ("SELECT count(*) FROM crawl_jobs", ()),
)


def main() -> None:
    programs = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        data, tree = Path(folder) / "data", Path(folder) / "tree"
        shutil.copytree(BACKEND / "before", tree)
        user = _may_own(Path(folder))

        def run(*arguments: str) -> None:
            subprocess.run(
                [programs / arguments[0], *arguments[1:]], check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder
            )

        run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust")
        settings = f"-k {folder} -c listen_addresses= -c shared_preload_libraries=pg_stat_statements"
        run("pg_ctl", "-D", str(data), "-o", settings, "-l", f"{folder}/log", "-w", "start")
        try:
            url = f"postgresql://postgres:@/shop_main?host={folder}"
            run("createdb", "-h", folder, "-U", "postgres", "shop_main")
            fill(url)
            found = json.loads(relink(tree, "audit", "--database-url", url, "--output-format", "json"))
            print(json.dumps({**found, "never": len(found["never"])}, indent=1))
            relink(tree, "generate", "ddl", "--database", "shop", "--database-url", url, "-o", folder)
            run("createdb", "-h", folder, "-U", "postgres", "-T", "shop_main", "shop")
            run("psql", "-Xqv", "ON_ERROR_STOP=1", "-f", "3-move.sql", f"host={folder} user=postgres dbname=shop")
            new = url.replace("shop_main", "shop")
            print(relink(tree, "verify", "--old-database-url", url, "--database-url", new, "--yes"))
        finally:
            run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")


def _may_own(folder: Path) -> int | None:
    """Who runs the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    postgres = pwd.getpwnam("postgres")
    os.chown(folder, postgres.pw_uid, postgres.pw_gid)
    return postgres.pw_uid


def fill(url: str) -> None:
    """The old layout, and statements that ran on it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
        for path in sorted((BACKEND / "before" / "migrations").glob("*.sql")):
            connection.execute(path.read_bytes())
        connection.execute("SELECT pg_stat_statements_reset()")
        for text, values in RAN:
            connection.execute(text.encode(), values)


def relink(tree: Path, command: str, *arguments: str) -> str:
    """What a command prints for the backend, whatever it found."""
    options = [command, "--mapping", str(BACKEND / "mapping.yaml"), *arguments]
    run = [sys.executable, "-m", "codemods", *options]
    done = subprocess.run(run, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode == 2:
        sys.exit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()

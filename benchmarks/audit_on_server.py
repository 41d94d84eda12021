"""`relink audit` against the real pg_stat_statements, which the embedded server lacks.

    uv run python benchmarks/audit_on_server.py /usr/lib/postgresql/15/bin

starts a server of its own from the folder of PostgreSQL's programs (with the contrib modules), runs statements of
`fixtures/backend` there as psycopg sends them, and prints what the audit joins with the code.
"""

from __future__ import annotations

import json
import os
import pwd
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
    ("SELECT count(*) FROM store_service.products", ()),
)


def main() -> None:
    programs = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        user = _may_own(Path(folder))

        def run(*arguments: str) -> None:
            subprocess.run(
                [programs / arguments[0], *arguments[1:]], check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder
            )

        run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust")
        settings = f"-k {folder} -c listen_addresses= -c shared_preload_libraries=pg_stat_statements"
        run("pg_ctl", "-D", str(data), "-o", settings, "-l", f"{folder}/log", "-w", "start")
        try:
            print(json.dumps(audit(f"postgresql://postgres:@/postgres?host={folder}"), indent=1))
        finally:
            run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")


def _may_own(folder: Path) -> int | None:
    """Who runs the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    postgres = pwd.getpwnam("postgres")
    os.chown(folder, postgres.pw_uid, postgres.pw_gid)
    return postgres.pw_uid


def audit(url: str) -> object:
    """What `relink audit` says once the statements ran on the old layout."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements; CREATE SCHEMA store_service")
        connection.execute("CREATE TABLE store_service.products (id integer)")
        for path in sorted((BACKEND / "before" / "migrations").glob("*.sql")):
            connection.execute(path.read_bytes())
        connection.execute("SELECT pg_stat_statements_reset()")
        for text, values in RAN:
            try:
                connection.execute(text, values)
            except psycopg.Error as error:
                sys.exit(f"{text}: {error}")
    command = [sys.executable, "-m", "codemods", "audit", "--mapping", str(BACKEND / "mapping.yaml"), "--no-cache",
               "--database-url", url, "--output-format", "json"]  # fmt: skip
    done = subprocess.run(command, cwd=BACKEND / "before", capture_output=True, text=True, check=False)
    if done.returncode != 1:
        sys.exit(done.stderr)
    found: dict[str, list[object]] = json.loads(done.stdout)
    return {**found, "never": len(found["never"])}


if __name__ == "__main__":
    main()

"""Trees to time on, made from a seed: services whose tables were moved (or not yet), among plain Python."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from random import Random

_KINDS = ("accounts", "entries", "events", "labels", "notes", "prices", "results", "scores", "tags", "visits")
TABLES = [f"{noun}_{kind}" for noun in ("user", "order", "chart", "dream", "invoice") for kind in _KINDS]
SERVICE = '''"""Rows of one service."""

import psycopg2

connection = psycopg2.connect("dbname={database}")


def rows(query, values=()):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()

'''
FUNCTION = '''
def read_{number}(key):
    """What belongs to a key."""
    return rows(
        "SELECT a.id, a.name, count(*) FROM {one} a LEFT JOIN {two} b ON b.a_id = a.id"
        " WHERE a.id = %s GROUP BY a.id, a.name ORDER BY {order} LIMIT {limit}",
        (key,),
    )

'''


def write_mapping(path: Path) -> None:
    """A mapping of 50 tables into 5 schemas."""
    schemas = {}
    for table in TABLES:
        schemas.setdefault(f"{table.split('_')[0]}_service", []).append(table)
    lines = ["databases:", "  app:", "    replaces: [app_old]", "    schemas:"]
    lines += [f"      {schema}: {{tables: [{', '.join(tables)}]}}" for schema, tables in schemas.items()]
    path.write_text("\n".join(lines) + "\n")


def service(seed: int, functions: int, moved: bool) -> str:
    """A module with `functions` queries (each of three names)."""
    random = Random(seed)

    def name() -> str:
        table = random.choice(TABLES)
        return f"{table.split('_')[0]}_service.{table}" if moved else table

    text = SERVICE.format(database="app" if moved else "app_old")
    for number in range(functions):
        text += FUNCTION.format(number=number, one=name(), two=name(), order=seed + number, limit=random.randint(1, 99))
    return text


def write_tree(root: Path, files: int, moved: bool = True, share: int = 20) -> None:
    """`files` modules: one in `share` talks to the database, the others are modules of Python's own library."""
    plain = sorted(
        path
        for path in Path(sysconfig.get_path("stdlib")).rglob("*.py")
        if path.stat().st_size < 12_000
        and not {"site-packages", "test", "idlelib", "lib2to3", "sqlite3"} & set(path.parts)
    )
    for number in range(files):
        folder = root / f"part{number // 100}" / f"unit{number // 10}"
        folder.mkdir(parents=True, exist_ok=True)
        if number % share == 0:
            folder.joinpath(f"store{number}.py").write_text(service(number, 12, moved))
        else:
            data = plain[number % len(plain)].read_bytes()
            folder.joinpath(f"module{number}.py").write_bytes(data + b"\n# %d\n" % number)
    write_mapping(root / "mapping.yaml")
    root.joinpath("relink.toml").write_text('mapping = "mapping.yaml"\n')


SETTINGS = {
    ".env.service": "DATABASE_URL=postgresql://app:secret@db:5432/app\nREDIS_URL=redis://cache:6379/1\nWORKERS={n}\n",
    "compose.yaml": "services:\n  app:\n    image: app:{n}\n    environment:\n      PGDATABASE: app\n",
    "deployment.yaml": "kind: Deployment\nspec:\n  replicas: {n}\n  template:\n    spec:\n      containers:\n"
    "        - name: app\n          env:\n            - {{name: POSTGRES_DB, value: app}}\n",
    "settings.toml": '[database]\nname = "app"\npool = {n}\n[cache]\nurl = "redis://cache:6379/1"\n',
    "alembic.ini": "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://app@db/app\nn = {n}\n",
    "settings.json": '{{"database": {{"name": "app", "pool": {n}}}, "cache": {{"key_prefix": "chart_service:"}}}}\n',
    "backup.sh": "pg_dump -d app -t user_service.user_{n} > user.sql\nredis-cli -n 1 get chart_service:{n}\n",
    "Makefile": "N = {n}\nmigrate:\n\tpsql -d app -c 'SELECT count(*) FROM user_service.user_tags'\n",
    "Dockerfile": 'FROM python:3.12\nENV PGDATABASE=app N={n}\nCMD ["uvicorn", "app:app"]\n',
    "unit.service": "[Service]\nEnvironment=PGDATABASE=app N={n}\nExecStart=/usr/bin/uvicorn app:app\n",
}
"""Settings and scripts by the names of their files, moved; `n` is a number of theirs."""


def write_settings(root: Path, files: int) -> None:
    """`files` files of ten kinds of settings and scripts, some of 20 such parts; the mapping gets Redis, too."""
    kinds = list(SETTINGS.items())
    for number in range(files):
        name, text = kinds[number % len(kinds)]
        folder = root / "deploy" / f"service{number // len(kinds)}"
        folder.mkdir(parents=True, exist_ok=True)
        parts = 20 if name in (".env.service", "backup.sh", "Makefile", "Dockerfile") else 1
        folder.joinpath(name).write_text("".join(text.format(n=number + part) for part in range(parts)))
    with (root / "mapping.yaml").open("a") as mapping:
        mapping.write('redis:\n  - {from: "chart:", to: "chart_service:", db: 1}\n')


if __name__ == "__main__":
    write_tree(Path(sys.argv[1]), int(sys.argv[2]), moved="--old" not in sys.argv)

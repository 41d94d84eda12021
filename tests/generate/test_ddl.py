"""The scripts of `relink generate ddl`, run on a real PostgreSQL with its own psql and pg_dump."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from cases import FIXTURES, backend_case
from postgres import Connection, execute
from programs import programs

from codemods.catalog.snapshot import Catalog, Name, read_catalog
from codemods.generate.ddl import Output, ddl
from codemods.mapping import Mapping, load


def run(arguments: list[str], url: str, **options: str) -> subprocess.CompletedProcess[str]:
    host = url.rsplit("host=", 1)[-1]
    environment = {**os.environ, "PATH": f"{programs()}:{os.environ['PATH']}", "PGHOST": host, "PGUSER": "postgres"}
    return subprocess.run(arguments, env=environment, text=True, capture_output=True, check=True, **options)


def psql(url: str, database: str, script: str) -> None:
    run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", database], url, input=script)


def catalog(url: str, database: str) -> Catalog:
    with psycopg.connect(url, dbname=database) as connection:
        return read_catalog(connection)


def backend(connection: Connection) -> None:
    for path in sorted((backend_case().before / "migrations").glob("*.sql")):
        execute(connection, path.read_text("utf-8"))


def by_name(outputs: list[Output]) -> dict[str, str]:
    return {output.name: output.text for output in outputs}


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return load(backend_case().mapping)


def test_the_move_and_its_inverse(
    new_database: Callable[[str], Connection], postgres_url: str, mapping: Mapping
) -> None:
    connection = new_database("ddl_move")
    backend(connection)
    execute(connection, "INSERT INTO users (email, password_hash) VALUES ('a@b.c', 'x')")
    execute(connection, "CREATE ROLE reader; GRANT USAGE ON SCHEMA public TO reader; GRANT SELECT ON users TO reader")
    before = catalog(postgres_url, "ddl_move")
    scripts = by_name(ddl(mapping, mapping.databases[0], before))
    psql(postgres_url, "ddl_move", scripts["3-move.sql"])
    after = catalog(postgres_url, "ddl_move")
    assert not {name for name in after.names if name.schema == "public"} & {
        Name("public", relation.old_name) for relation in mapping.relations
    }
    assert {Name("shared_common", "users"), Name("shared_common", "users_id_seq")} <= after.names
    assert len(after.relations) == len(before.relations)
    assert len(after.foreign_keys) == len(before.foreign_keys)
    execute(connection, "SET ROLE reader; SELECT email FROM shared_common.users; RESET ROLE")
    execute(connection, "INSERT INTO shared_common.users (email, password_hash) VALUES ('d@e.f', 'x')")
    psql(postgres_url, "ddl_move", scripts["undo.sql"])
    assert catalog(postgres_url, "ddl_move")._replace(relations=()) == before._replace(relations=())
    assert catalog(postgres_url, "ddl_move").names == before.names


def test_without_a_look_at_the_server_the_tables_move_all_the_same(
    new_database: Callable[[str], Connection], postgres_url: str, mapping: Mapping
) -> None:
    backend(new_database("ddl_blind"))
    before = catalog(postgres_url, "ddl_blind")
    scripts = by_name(ddl(mapping, mapping.databases[0]))
    psql(postgres_url, "ddl_blind", scripts["3-move.sql"])
    assert Name("shared_common", "users_id_seq") in catalog(postgres_url, "ddl_blind").names
    assert "still say the old names" in scripts["3-move.sql"]
    psql(postgres_url, "ddl_blind", scripts["undo.sql"])
    assert catalog(postgres_url, "ddl_blind").names == before.names


def test_functions_say_the_new_names(new_database: Callable[[str], Connection], postgres_url: str) -> None:
    mapping = load(FIXTURES / "postgres" / "mapping.yaml")
    connection = new_database("ddl_routines")
    execute(connection, (FIXTURES / "postgres" / "layout.sql").read_text("utf-8"))
    execute(
        connection,
        "CREATE FUNCTION newest() RETURNS bigint LANGUAGE plpgsql AS"
        " $$ DECLARE found bigint; BEGIN SELECT max(id) INTO found FROM users; RETURN found; END $$",
    )
    scripts = by_name(ddl(mapping, mapping.databases[0], catalog(postgres_url, "ddl_routines")))
    psql(postgres_url, "ddl_routines", scripts["3-move.sql"])
    execute(connection, "SELECT newest()")
    psql(postgres_url, "ddl_routines", scripts["undo.sql"])
    execute(connection, "SELECT newest()")


def test_databases_are_merged_and_their_namesakes_kept_apart(
    new_database: Callable[[str], Connection], postgres_url: str, tmp_path: Path
) -> None:
    for database, rows in (("merge_a", 1), ("merge_b", 2)):
        connection = new_database(database)
        execute(connection, f"CREATE TABLE settings AS SELECT generate_series(1, {rows}) AS id")
        execute(connection, f"CREATE TABLE only_{database} (id serial PRIMARY KEY)")
    target = new_database("merge_new")
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "databases:\n  merge_new:\n    replaces: [merge_a, merge_b, merge_none]\n    schemas:\n"
        "      one: {tables: [only_merge_a, {name: settings, from: merge_a.public.settings}]}\n"
        "      two: {tables: [only_merge_b, {name: settings, from: merge_b.public.settings}]}\n"
    )
    mapping = load(path)
    scripts = by_name(ddl(mapping, mapping.databases[0]))
    (tmp_path / "merge.sh").write_text(scripts["2-merge.sh"])
    done = run(["bash", str(tmp_path / "merge.sh")], postgres_url)
    assert "there is no database merge_none" in done.stderr
    psql(postgres_url, "merge_new", scripts["3-move.sql"])
    with target.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM one.settings), (SELECT count(*) FROM two.settings)")
        assert cursor.fetchone() == (1, 2)
    assert {Name("one", "only_merge_a"), Name("two", "only_merge_b")} <= catalog(postgres_url, "merge_new").names


def test_every_schema_is_backed_up(
    new_database: Callable[[str], Connection], postgres_url: str, mapping: Mapping, tmp_path: Path
) -> None:
    backend(new_database("ddl_backup"))
    (tmp_path / "backup.sh").write_text(by_name(ddl(mapping, mapping.databases[0]))["1-backup.sh"])
    run(["bash", str(tmp_path / "backup.sh"), str(tmp_path / "saved"), "ddl_backup"], postgres_url)
    saved = sorted(path.name for path in (tmp_path / "saved").iterdir())
    assert saved == sorted(f"{schema}.dump" for schema in mapping.schemas)
    listing = run(["pg_restore", "-l", str(tmp_path / "saved" / "shared_common.dump")], postgres_url).stdout
    assert "TABLE DATA public users" in listing

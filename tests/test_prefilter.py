"""The prefilter is sound: what it passes over changes nothing in the plan."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cases import Case, backend_case, rule_cases
from hypothesis import given, settings
from hypothesis import strategies as st

from codemods.drivers.registry import REGISTRY
from codemods.funnel.prefilter import Prefilter, triggers_of
from codemods.mapping import load
from codemods.model import Finding
from codemods.pipeline import Means, make_plan
from codemods.source import Source

MAPPING = """databases:
  app:
    replaces: [app_old]
    schemas:
      shared: {tables: [users, orders, {name: charts, from: old_charts}]}
"""
NAMES = ["users", "orders", "old_charts", "shared.users", "public.users", "shared.charts", "states", "us", "app_old"]
FILES = ["app.py", "pkg/__init__.py", "pkg/names.py", "pkg/store.py", "web.py"]
TEXTS = [
    "SELECT * FROM {}",
    "select id from {}",
    "update {} set a = 1",
    "delete from {}",
    "{}",
    "Updating {} now",
    "drop table {}",
    "postgresql://localhost/{}",
    "SELECT 1 FROM a, {}",
    "nextval('{}_id_seq')",
    "FROM {}",
    "UPDATE {} SET a = %s WHERE b = %s",
    "select id\nfrom {}\nwhere id = %s",
    "SELECT a.id FROM shared.orders a JOIN {} b ON b.id = a.id, %s",
    "INSERT INTO {} (a, b) VALUES (%s, %s)",
    "The search_path of {}",
    "SET search_path TO {}",
]
LINES = [
    "x = 1",
    "TABLE = {text!r}",
    "cursor.execute({text!r})",
    "cursor.execute('SELECT * FROM ' + TABLE)",
    "cursor.execute(f'SELECT * FROM {{TABLE}}')",
    "cursor.execute(f'drop table {{TABLE}}')",
    "fetch(TABLE)",
    "fetch({text!r})",
    "run({text!r})",
    "log.info({text!r})",
    "cursor.execute('SELECT * FROM ' 'us' 'ers')",
    "cursor.execute('SELECT * FROM u\\x73ers')",
    "cursor.execute('SELECT * FROM %s' % TABLE)",
    "data = {{{text!r}: TABLE}}",
    "psycopg2.connect(dbname={text!r})",
    "subprocess.run(['pg_dump', '-t', TABLE])",
    "cursor.execute('SELECT 1 FROM pg_tables WHERE schemaname = %s', ('public',))",
    "cursor.execute('SET search_path TO public')",
    "def fetch(name):\n    cursor.execute(f'SELECT * FROM {{name}}')",
    "def run(query):\n    return cursor.execute(query)",
    "def fetch(name):\n    return inner(name)",
    "import psycopg2\ncursor = psycopg2.connect('dbname=x').cursor()",
    "import sqlite3\ncursor = sqlite3.connect('x').cursor()",
    "from pkg.store import cursor, run",
    "from pkg.store import run as inner",
    "from pkg import TABLE, fetch",
    "from pkg.names import TABLE",
    "from .names import TABLE",
    "from .store import *",
    "cursor.execute('SELECT * FROM shared.users WHERE id = %s' % TABLE)",
    "cursor.execute('SELECT * FROM (SELECT 1) q, ' + TABLE)",
    "query = 'SELECT * FROM shared.users'\nquery += TABLE\ncursor.execute(query)",
    "cursor.execute('SELECT * FROM shared.users ' 'WHERE id = 1')",
    "cursor.execute(' '.join(['DELETE', 'FROM', TABLE]))",
    "cursor.execute('select 1\\nfrom\\n{{}}'.format(TABLE))",
    "cursor.execute('vacuum ' + TABLE)",
    "cursor.execute(f'''\nselect *\nfrom {{TABLE}}''')",
    "class Store:\n    def rows(self, table):\n        return cursor.execute(f'SELECT * FROM {{table}}')",
    "class Store:\n    def all(self, query):\n        return cursor.execute(query)",
    "class Between:\n    def each(self, table):\n        return self.store.rows(table)",
    "class Named:\n    table = {text!r}\n    def every(self):\n        cursor.execute('DELETE FROM ' + self.table)",
    "store.rows({text!r})",
    "store.rows(TABLE)",
    "store.all({text!r})",
    "between.each({text!r})",
    "from pkg.store import Store\nStore().rows(TABLE)",
    "from pkg.store import Named\nNamed().every()",
]
line = st.tuples(st.sampled_from(LINES), st.sampled_from(TEXTS), st.sampled_from(NAMES)).map(
    lambda parts: parts[0].format(text=parts[1].format(parts[2]))
)
trees = st.dictionaries(st.sampled_from(FILES), st.lists(line, min_size=1, max_size=6), min_size=1)


def findings(root: Path, mapping: Path, filters: bool, strict: bool = True) -> tuple[Finding, ...]:
    means = Means(proves=False, filters=filters)
    found = make_plan(root, [], load(mapping), (), lambda _: None, None, strict, means).findings
    return tuple(finding for finding in found if strict or finding.rule != "unmapped-table")


@settings(max_examples=200, deadline=None)
@given(trees, st.booleans())
def test_a_filtered_run_finds_what_a_full_one_finds(tree: dict[str, list[str]], strict: bool) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder, "tree")
        mapping = Path(folder, "mapping.yaml")
        mapping.parent.joinpath("mapping.yaml").write_text(MAPPING)
        for path, lines in tree.items():
            root.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
            root.joinpath(path).write_text("\n".join(lines) + "\n")
        assert findings(root, mapping, True, strict) == findings(root, mapping, False, strict)


@pytest.mark.parametrize("case", [*rule_cases(), backend_case()], ids=lambda case: case.name)
def test_on_the_fixtures(case: Case, tmp_path: Path) -> None:
    root = case.copy_to(tmp_path)
    assert findings(root, case.mapping, True) == findings(root, case.mapping, False)


def chosen(**files: str) -> set[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "mapping.yaml")
        path.write_text(MAPPING)
        sources = {f"{name}.py": Source(f"{name}.py", text.encode()) for name, text in files.items()}
        return set(Prefilter(triggers_of(load(path), REGISTRY), strict=False).choose(sources))


def test_a_tree_that_is_moved_is_passed_over() -> None:
    store = "def f(cursor, query):\n    cursor.execute('SELECT * FROM shared.users')\n    cursor.execute(query)\n"
    assert chosen(store=store, names="users = 1  # users\n") == set()


def test_a_method_may_be_called_by_its_name_alone() -> None:
    app = "def f(store):\n    store.fetch_rows('SELECT * FROM users')\n"
    store = "class Store:\n    def fetch_rows(self, query):\n        return self.conn.execute(query)\n"
    other = "def g(conn, query):\n    return conn.execute(query)\n"
    assert chosen(app=app, store=store, other=other) == {"app.py", "store.py"}


def test_a_name_may_come_from_a_file_without_sql() -> None:
    app = "from names import TABLE\ncursor.execute(f'SELECT * FROM {TABLE}')\n"
    assert chosen(app=app, names="TABLE = 'shared.users'\n", other="x = 1\n") == {"app.py", "names.py"}


def test_a_name_keeps_those_who_talk_to_a_database_and_those_between() -> None:
    assert chosen(
        app="import between\nbetween.run('SELECT * FROM users')\n",
        between="from store import run\n",
        store="def run(query):\n    conn.execute(query)\n",
        other="x = 1\n",
    ) == {"app.py", "between.py", "store.py"}

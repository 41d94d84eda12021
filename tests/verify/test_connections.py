"""Every connection that a tree makes is tried as it will be written: URLs, and what is told piece by piece."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from postgres import Connection
from psycopg.conninfo import conninfo_to_dict

from codemods.cli.main import commands

MAPPING = """\
databases:
  merged_new:
    replaces: [merged_old]
    schemas: {shop: {tables: [orders]}}
"""
CODE = """\
import os

import asyncpg
import psycopg2

DB_CONFIG = {{"host": {host!r}, "user": {user!r}, "database": "merged_old"}}


def plain():
    return psycopg2.connect(host={host!r}, user={user!r}, dbname="merged_old", application_name="plain")


def splatted():
    return psycopg2.connect(**DB_CONFIG)


async def pool(name="merged_old"):
    return await asyncpg.create_pool(host=os.getenv("PGHOST", {host!r}), user={user!r}, database=name, port={port})


def dynamic():
    return psycopg2.connect(host=os.environ["DB_HOST"], dbname="merged_old")


def elsewhere():
    return psycopg2.connect(host="/nowhere", dbname="merged_old", password="secret")
"""
SETTINGS = """\
database:
  host: {host}
  username: {user}
  name: merged_old
  password: one
"""
ENVIRONMENT = """\
DB_HOST={host}
DB_USER={user}
DB_NAME=merged_old
DB_PASSWORD=two
PGHOST={host}
PGUSER={user}
PGDATABASE=merged_old
PGPASSWORD=three
OTHER_DB=merged_old
"""


@pytest.fixture
def tree(tmp_path: Path, new_database: Callable[[str], Connection], postgres_url: str) -> Iterator[Path]:
    """A checkout whose database is there by its new name only."""
    new_database("merged_new")
    told = conninfo_to_dict(postgres_url)
    where = {"host": told["host"], "user": told["user"], "port": told.get("port", 5432)}
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    (tmp_path / "app.py").write_text(CODE.format(**where), "utf-8")
    (tmp_path / "config.yaml").write_text(SETTINGS.format(**where), "utf-8")
    (tmp_path / ".env.example").write_text(ENVIRONMENT.format(**where), "utf-8")
    here = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(here)


def test_sets_of_arguments_are_tried_with_the_new_name(tree: Path) -> None:
    arguments = ["verify", "--mapping", "mapping.yaml", "--offline", "--connect", "--output-format", "json"]
    result = CliRunner().invoke(commands, arguments, standalone_mode=False)
    assert result.return_value == 1, result.exception
    attempts = json.loads(result.stdout)["connections"]
    assert "secret" not in result.stdout
    worked = [each["path"] for each in attempts if not each["problem"]]
    assert sorted(worked) == [".env.example", ".env.example", "app.py", "app.py", "config.yaml"]
    assert all("dbname='merged_new'" in each["text"] for each in attempts if not each["problem"])
    failed = {each["text"]: each["problem"] for each in attempts if each["problem"]}
    assert failed.pop("dbname='merged_new' host='…'") == "a part of it is only known at run time"
    assert "/nowhere/.s.PGSQL" in failed.pop("dbname='merged_new' host='/nowhere' password='***'")
    assert set(failed.values()) == {"a part of it is only known at run time"}  # What calls of pool() may pass.

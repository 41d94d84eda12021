"""The judge of a rewrite accepts planned names and nothing else."""

from __future__ import annotations

import pytest
from fixture_cases import Case, cases
from qualify import qualify

from codemods.sql import equivalent, read

RENAMES = (
    (("users",), ("app", "people")),
    (("users",), ("app", "users")),
    (("users",), ("people",)),
    (("public", "users"), ("app", "users")),
    (("f",), ("app", "f")),
    (("users_id_seq",), ("app", "users_id_seq")),
    (("public",), ("app",)),
    (("image",), ("app", "image")),
    (("first",), ("app", "first")),
)

RIGHT = [
    ("select * from users", "select * from app.users"),
    ("select * from users -- users\n", "select * from app.users -- users\n"),
    ("select users.id from users", "select people.id from app.people"),
    ("select public.users.id from public.users", "select app.users.id from app.users"),
    ("select f(%s)::users, '%%' from t where x=$1", "select app.f(%s)::app.users, '%%' from t where x=$1"),
    ("select 'users'::regclass", "select 'app.users'::regclass"),
    ("select nextval('users_id_seq')", "select nextval('app.users_id_seq')"),
    ("do $$ begin delete from users; end $$", "do $$ begin delete from app.users; end $$"),
    ("do 'begin execute ''drop table users''; end'", "do 'begin execute ''drop table app.users''; end'"),
    ("select 1 from pg_tables where schemaname='public'", "select 1 from pg_tables where schemaname='app'"),
    ("lock table users", "lock table app.users"),
    ("cluster users", "cluster app.users"),
    ("analyze users (id)", "analyze app.users (id)"),
    (
        "create function f(users, int) returns int return 1",
        "create function app.f(app.users, int) returns int return 1",
    ),
    ("drop function f(users)", "drop function app.f(app.users)"),
    ("select '1'::image, first(x, now()) from users", "select '1'::app.image, app.first(x, now()) from app.users"),
    (
        "create function f() returns int set search_path to x as $$select 1 from users$$",
        "create function app.f() returns int set search_path to x as $$select 1 from app.users$$",
    ),
    ('select * from "users"', "select * from app.users"),
    ("insert into users values (%(a)s, :b, ?, {c})", "insert into app.users values (%(a)s, :b, ?, {c})"),
]
WRONG = [
    ("select * from users", "select * from app.user"),
    ("select * from users", "select * from app.users u"),
    ("select * from users", "select * from  app.users"),
    ("select * from users where id = 1", "select * from app.users where id = 2"),
    ("select users from users", "select app.users from users"),
    ("select 'users' from users", "select 'app.users' from users"),
    ("select * from users -- users", "select * from app.users -- app.users"),
    ("with users as (select 1) select * from users", "with users as (select 1) select * from app.users"),
    ("select * from a users", "select * from a app.users"),
    ("select a as users from b", "select a as people from b"),
    ("create index users on t (a)", "create index app.users on t (a)"),
    ("select * from users for update of users", "select * from app.users for update of app.users"),
    ("do $$ begin select 1 into users; end $$", "do $$ begin select 1 into app.users; end $$"),
    ("select * from users", "select * from app.users;"),
    ("select * from orders", "select * from app.orders"),
    ("create function f(users int) returns int", "create function f(app.users int) returns int"),
    ("create function f(out users, int) returns int", "create function f(out app.users, int, int) returns int"),
    ("select 1 image from users", "select 1 app.image from app.users"),
    ("select users.id from users, orders", "select people.id from app.users, orders"),
    ("select '1'::image", "select '2'::app.image"),
    ("select 1", "select 1 from users"),
    ("select 1 from users", "select 1"),
]


@pytest.mark.parametrize(("before", "after"), RIGHT)
def test_accepts_planned_names(before: str, after: str) -> None:
    assert equivalent(before, after, RENAMES)


@pytest.mark.parametrize(("before", "after"), WRONG)
def test_refuses_anything_else(before: str, after: str) -> None:
    assert not equivalent(before, after, RENAMES)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.where)
def test_accepts_every_fixture_with_its_names_qualified(case: Case) -> None:
    after, renames = qualify(read(case.sql))
    assert equivalent(case.sql, after, renames)
    assert len(read(after).statements) == len(read(case.sql).statements)

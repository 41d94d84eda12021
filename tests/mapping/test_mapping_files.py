"""Mapping files: what is read, what is complained about, and the schema for editors."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from cases import FIXTURES

from codemods.mapping import Already, Ambiguous, Mapping, MappingError, Moved, load

FOLDER = FIXTURES / "mappings"
SCHEMA = json.loads((FIXTURES.parent / "mappings" / "schema.json").read_text("utf-8"))
GOOD = [*sorted((FOLDER / "good").glob("*.yaml")), *FIXTURES.glob("*/mapping.yaml"),
        *sorted((FIXTURES.parent / "mappings").glob("*.yaml"))]  # fmt: skip
BAD = sorted((FOLDER / "bad").glob("*.yaml"))
NOT_SHAPE = {"merged_twice", "broken", "twice"}
"""Mistakes that no schema can express."""


def shape_errors(path: Path) -> list[Any]:
    value = yaml.safe_load(path.read_text("utf-8"))
    return list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(value))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_good_mapping_is_read_and_fits_the_schema(path: Path) -> None:
    mapping = load(path)
    assert mapping.relations or mapping.redis
    assert shape_errors(path) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_mistake_of_a_bad_mapping_is_told_at_its_place(path: Path) -> None:
    with pytest.raises(MappingError) as caught:
        load(path)
    told = [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]
    assert told == path.with_suffix(".txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("path", [path for path in BAD if path.stem not in NOT_SHAPE], ids=lambda path: path.stem)
def test_an_editor_sees_the_mistakes_of_shape_too(path: Path) -> None:
    assert shape_errors(path)


def test_a_number_too_long_for_python_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(f"databases: {{app: {{port: {'9' * 6000}, schemas: {{}}}}}}\n")
    with pytest.raises(MappingError, match="has to be a number from 0 to 65535"):
        load(path)


@pytest.fixture
def grown() -> Mapping:
    return load(FOLDER / "good" / "grown.yaml")


def test_every_form_is_understood(grown: Mapping) -> None:
    (database,) = grown.databases
    assert (database.database, database.host, database.port) == ("shop_new", "localhost", 5432)
    assert database.replaces == ("shop_main", "reports")
    assert database.schemas == ("store", "empty_for_now")
    assert {(each.kind, each.old_schema, each.old_name, each.qualified) for each in grown.relations} == {
        ("table", "public", "orders", "store.orders"),
        ("table", "public", "order_items", "store.items"),
        ("table", "public", "settings", "store.settings"),
        ("view", "legacy", "v_orders", "store.v_orders"),
        ("sequence", "public", "ticket_numbers", "store.ticket_numbers"),
        ("function", "public", "total", "store.total"),
        ("type", "public", "order_state", "store.order_state"),
    }
    assert (grown.services[0].port, grown.services[0].holds("store/a/b.py")) == (8003, True)
    assert (grown.redis[0].old, grown.redis[0].new, grown.redis[0].db) == ("cart:", "store:cart:", 4)


@pytest.mark.parametrize(
    ("parts", "kind", "expected"),
    [
        (("order_items",), "relation", "store.items"),
        (("public", "order_items"), "relation", "store.items"),
        (("shop_main", "public", "order_items"), "relation", "store.items"),
        (("order_items_id_seq",), "sequence", "store.order_items_id_seq"),
        (("legacy", "v_orders"), "relation", "store.v_orders"),
        (("total",), "function", "store.total"),
        (("orders",), "type", "store.orders"),
        (("order_state",), "type", "store.order_state"),
    ],
)
def test_an_old_name_is_found(grown: Mapping, parts: tuple[str, ...], kind: str, expected: str) -> None:
    found = grown.resolve(parts, kind, None, "store/a.py")
    assert isinstance(found, Moved)
    assert found.relation.qualified == expected


@pytest.mark.parametrize(
    ("parts", "kind", "database"),
    [
        (("items",), "relation", None),
        (("other", "orders"), "relation", None),
        (("total",), "relation", None),
        (("orders",), "function", None),
        (("settings",), "relation", "shop_main"),
        (("a", "b", "c", "orders"), "relation", None),
    ],
)
def test_another_name_is_not(grown: Mapping, parts: tuple[str, ...], kind: str, database: str | None) -> None:
    assert grown.resolve(parts, kind, database, "store/a.py") is None


def test_the_new_name_is_known_as_such(grown: Mapping) -> None:
    assert isinstance(grown.resolve(("store", "items"), "relation", None, ""), Already)


def test_the_database_then_the_service_decide_between_namesakes(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "databases:\n  new:\n    replaces: [a, b]\n    schemas:\n"
        "      one: {tables: [{name: jobs, from: a.public.jobs}]}\n"
        "      two: {tables: [{name: jobs, from: b.public.jobs}]}\n"
        "services:\n  two: {paths: [two/], schema: two}\n"
    )
    mapping = load(path)
    assert isinstance(mapping.resolve(("jobs",), "relation", None, "x.py"), Ambiguous)
    by_database, by_service = (
        mapping.resolve(("jobs",), "relation", database, where)
        for database, where in (("a", "x.py"), (None, "two/x.py"))
    )
    assert isinstance(by_database, Moved)
    assert by_database.relation.schema == "one"
    assert isinstance(by_service, Moved)
    assert by_service.relation.schema == "two"


def test_the_inverse_leads_back() -> None:
    mapping = load(FOLDER / "good" / "with_inverse.yaml")
    inverse = mapping.inverse()
    for relation in mapping.relations:
        back = inverse.resolve((relation.schema, relation.name), "relation", None, "")
        assert isinstance(back, Moved)
        assert back.relation.qualified == f"{relation.old_schema}.{relation.old_name}"
    assert inverse.new_database("shop") == replace(inverse.databases[0], database="shop_main")
    assert [(each.old, each.new) for each in inverse.redis] == [("store:cart:", "cart:")]


def test_a_mapping_without_an_inverse_names_the_rows(grown: Mapping) -> None:
    with pytest.raises(MappingError) as caught:
        grown.inverse()
    (problem,) = caught.value.problems
    assert (problem.line, "replaces 2 databases" in problem.message) == (3, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"a: \x00", "broken YAML"),
        (b"[" * 5000, "broken YAML|nested too deeply"),
        (b"a: &a [x]\nb: [" + b"*a, " * 300 + b"]", "too many YAML aliases"),
    ],
)
def test_a_file_that_is_no_mapping_is_one_clear_mistake(tmp_path: Path, data: bytes | None, words: str) -> None:
    path = tmp_path / "mapping.yaml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(MappingError, match=words):
        load(path)

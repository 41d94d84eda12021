"""The generated manager against a real PostgreSQL: routing, outages that stay apart, and recovery."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from cases import backend_case
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from postgres import Connection, execute

from codemods.generate.manager import manager
from codemods.mapping import load

SERVICES = (
    "\nservices:\n  saju: {paths: [saju/], schema: saju_service}\n  admin: {paths: [admin/], schema: admin_service}\n"
)
NOWHERE = "postgresql://postgres@localhost:1/nothing"


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder = tmp_path_factory.mktemp("manager")
    (folder / "mapping.yaml").write_text(backend_case().mapping.read_text("utf-8") + SERVICES, "utf-8")
    mapping = load(folder / "mapping.yaml")
    (folder / "database_manager.py").write_text(manager(mapping, mapping.databases[0]).text)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        return importlib.import_module("database_manager")


@pytest.fixture(scope="module")
def url(new_database: Callable[[str], Connection], postgres_url: str) -> str:
    connection = new_database("manager")
    execute(connection, "CREATE SCHEMA saju_service; CREATE TABLE saju_service.kasi_cache AS SELECT 'saju' AS whose")
    execute(connection, "CREATE SCHEMA admin_service; CREATE TABLE admin_service.admin_logs AS SELECT 'admin' AS whose")
    return f"postgresql://postgres:@/manager?host={postgres_url.rsplit('host=', 1)[-1]}"


@pytest.fixture(params=["PsycopgPools", "Psycopg2Pools"])
def make(request: pytest.FixtureRequest, module: ModuleType) -> Iterator[Callable[..., Any]]:
    made = []

    def pools(*arguments: Any, **named: Any) -> Any:
        made.append(getattr(module, request.param)(*arguments, **named))
        return made[-1]

    yield pools
    for each in made:
        each.close()


def ask(pools: Any, service: str, statement: str) -> Any:
    with pools.connection(service) as connection:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_a_table_has_its_schema_by_its_name(module: ModuleType) -> None:
    assert module.get_table_with_schema("users") == "shared_common.users"
    with pytest.raises(LookupError, match="no_such"):
        module.get_table_with_schema("no_such")


def test_each_service_sees_its_schema(make: Callable[..., Any], url: str) -> None:
    pools = make(url)
    assert ask(pools, "saju", "SELECT whose FROM kasi_cache") == "saju"
    assert ask(pools, "admin", "SELECT whose FROM admin_logs") == "admin"
    assert pools.health() == {"saju": True, "admin": True}


def test_an_outage_of_one_service_does_not_slow_another(make: Callable[..., Any], module: ModuleType, url: str) -> None:
    pools = make(url, {"saju": module.PoolSettings(largest=1, wait=60)})
    process = ask(pools, "saju", "SELECT pg_backend_pid()")
    answers: list[Any] = []
    stuck = threading.Thread(target=lambda: answers.append(ask(pools, "saju", "SELECT 1")), daemon=True)
    os.kill(process, signal.SIGSTOP)
    try:
        stuck.start()
        assert [ask(pools, "admin", "SELECT 1") for _ in range(50)] == [1] * 50
        assert stuck.is_alive()
        assert answers == []
    finally:
        os.kill(process, signal.SIGCONT)
    stuck.join(60)
    assert answers == [1]


def test_the_circuit_opens_tells_and_closes(make: Callable[..., Any], module: ModuleType, url: str) -> None:
    told: list[tuple[str, bool]] = []
    outcomes: list[tuple[str, str]] = []
    settings = {"saju": module.PoolSettings(wait=0.5, connect_timeout=1, failures=2, rest=0.05)}
    pools = make(NOWHERE, settings, degraded=lambda *each: told.append(each),
                 metrics=lambda service, outcome, _: outcomes.append((service, outcome)))  # fmt: skip
    for _ in range(3):
        with pytest.raises(module.ServiceDown):
            ask(pools, "saju", "SELECT 1")
    assert told == [("saju", True)]
    assert outcomes == [("saju", "failed")] * 3
    pools.close()
    pools._url = url
    threading.Event().wait(0.1)
    assert ask(pools, "saju", "SELECT 1") == 1
    assert told == [("saju", True), ("saju", False)]


def test_a_wrong_statement_is_the_callers_own(make: Callable[..., Any], module: ModuleType, url: str) -> None:
    pools = make(url, {"saju": module.PoolSettings(failures=1)})
    for _ in range(3):
        with pytest.raises(Exception, match="no_such_table"):
            ask(pools, "saju", "SELECT * FROM no_such_table")
    assert ask(pools, "saju", "SELECT 1") == 1


def test_a_lost_connection_is_replaced(make: Callable[..., Any], url: str) -> None:
    pools = make(url)
    process = ask(pools, "saju", "SELECT pg_backend_pid()")
    ask(pools, "admin", f"SELECT pg_terminate_backend({process}, 5000)")
    ask_again = [_outcome(pools) for _ in range(2)]
    assert ask_again[-1] == 1


def _outcome(pools: Any) -> Any:
    try:
        return ask(pools, "saju", "SELECT 1")
    except Exception as error:
        return error


def test_asyncpg_pools_do_the_same(module: ModuleType, url: str) -> None:
    async def run() -> None:
        pools = module.AsyncpgPools(url)
        async with pools.connection("saju") as connection:
            assert await connection.fetchval("SELECT whose FROM kasi_cache") == "saju"
        assert await pools.health() == {"saju": True, "admin": True}
        await pools.close()
        broken = module.AsyncpgPools(NOWHERE, {"saju": module.PoolSettings(connect_timeout=1, failures=1)})
        assert not (await broken.health())["saju"]
        await broken.close()

    asyncio.run(run())


def test_asyncpg_pools_keep_an_outage_apart(module: ModuleType, url: str) -> None:
    async def run() -> None:
        pools = module.AsyncpgPools(url, {"saju": module.PoolSettings(largest=1, wait=60)})
        async with pools.connection("saju") as connection:
            process = connection.get_server_pid()
        os.kill(process, signal.SIGSTOP)
        try:
            stuck = asyncio.create_task(pools._answers("saju"))
            for _ in range(50):
                async with pools.connection("admin") as connection:
                    assert await connection.fetchval("SELECT 1") == 1
            assert not stuck.done()
        finally:
            os.kill(process, signal.SIGCONT)
        assert await stuck
        await pools.close()

    asyncio.run(run())


def test_metrics_reach_opentelemetry(make: Callable[..., Any], module: ModuleType, url: str) -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("opentelemetry.metrics.get_meter", provider.get_meter)
        pools = make(url, metrics=module.opentelemetry_metrics())
    ask(pools, "saju", "SELECT 1")
    with pytest.raises(Exception, match="no_such_table"):
        ask(pools, "admin", "SELECT * FROM no_such_table")
    data = reader.get_metrics_data()
    assert data is not None
    (metric,) = data.resource_metrics[0].scope_metrics[0].metrics
    assert (metric.name, metric.unit) == ("database.seconds", "s")
    points = [(dict(each.attributes or {}), each.count) for each in metric.data.data_points if hasattr(each, "count")]
    assert points == [
        ({"service": "saju", "outcome": "ok"}, 1), ({"service": "admin", "outcome": "failed"}, 1),
    ]  # fmt: skip


def test_metrics_reach_prometheus(module: ModuleType) -> None:
    from prometheus_client import generate_latest

    module.prometheus_metrics()("saju", "ok", 0.5)
    assert b'database_seconds_sum{outcome="ok",service="saju"} 0.5' in generate_latest()

"""Programs that use an ORM, a builder or a quoting call do on the new layout what they did on the old one."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cases import FIXTURES
from postgres import Connection, execute

from codemods.apply import apply_changes
from codemods.mapping import load
from codemods.model import Safety
from codemods.pipeline import make_plan
from codemods.plan import changes

PROGRAMS = sorted((FIXTURES / "orm").glob("*.py"))


def run(path: Path, name: str, url: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        return module.run(url)
    finally:
        del sys.modules[name]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_the_program_gives_the_same_answers(
    program: Path, postgres_url: str, new_database: Callable[[str], Connection], tmp_path: Path
) -> None:
    mapping = load(FIXTURES / "rules" / "mapping.yaml")
    shutil.copy(program, tmp_path)
    plan = make_plan(tmp_path, [], mapping, (), lambda _: None)
    found = [finding for finding in plan.findings if finding.rule != "unused-mapping"]
    assert [finding for finding in found if finding.fix and finding.fix.safety is not Safety.SAFE] == []
    apply_changes(tmp_path, changes(plan.findings, plan.sources, unsafe=False))

    def url(database: str) -> str:
        return postgres_url.replace("/postgres?", f"/{database}?")

    old, new = f"old_{program.stem}", f"new_{program.stem}"
    new_database(old)
    layout = new_database(new)
    for schema in sorted(mapping.schemas):
        execute(layout, f"CREATE SCHEMA {schema}")
    execute(layout, "DROP SCHEMA public")
    execute(layout, f"ALTER DATABASE {new} SET search_path TO nowhere")
    assert run(tmp_path / program.name, new, url(new)) == run(program, old, url(old))

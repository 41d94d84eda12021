"""Settings name functions that take SQL, where the code does not show that they do."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import relink, write

DB = "import registry\n\n\ndef fetch(pool, statement, *values):\n    return registry.CALLS[pool](statement)\n"
FILES: dict[str, str | bytes] = {
    "shop/db.py": DB,
    "shop/use.py": (
        "import warehouse\nfrom shop.db import fetch\n\nSTART = 'delete users'\n\n\ndef use(pool, name):\n"
        '    fetch(pool, "LOCK users")\n    fetch(pool, statement="LOCK orders")\n'
        '    fetch("LOCK users", "SELECT 1")\n    warehouse.ask("VACUUM users")\n    pool.ask("VACUUM users")\n'
    ),
}


def test_their_statements_are_rewritten(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    assert relink(root, "check", "shop").code == 0
    settings = (root / "relink.toml").read_text() + 'query-functions = ["shop.db.fetch:1", "warehouse.ask"]\n'
    (root / "relink.toml").write_text(settings)
    assert relink(root, "apply", "--allow-dirty").code == 0
    text = (root / "shop/use.py").read_text()
    assert 'fetch(pool, "LOCK shared_common.users")' in text
    assert 'fetch(pool, statement="LOCK store_service.orders")' in text
    assert 'fetch("LOCK users", "SELECT 1")' in text
    assert 'warehouse.ask("VACUUM shared_common.users")' in text
    assert 'pool.ask("VACUUM users")' in text
    assert "START = 'delete users'" in text
    assert (root / "shop/db.py").read_text() == DB


def test_other_functions_of_the_name_stay(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    (root / "relink.toml").write_text('mapping = "mapping.yaml"\nquery-functions = ["other.fetch:1"]\n')
    assert "shop/use.py" not in relink(root, "check", "--output-format", "concise").out


@pytest.mark.parametrize("value", ["shop.db.fetch:x", "shop db", ""])
def test_what_names_no_function_is_an_error(tmp_path: Path, value: str) -> None:
    root = write(tmp_path, FILES)
    (root / "relink.toml").write_text(f'mapping = "mapping.yaml"\nquery-functions = ["{value}"]\n')
    outcome = relink(root, "check")
    assert outcome.code == 2
    assert "query-functions" in outcome.err

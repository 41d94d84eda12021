"""A run over a part of a tree has all of it in sight, and reports the part."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import relink, write

FILES: dict[str, str | bytes] = {
    "names.py": 'USERS = "users"\nOLD = "SELECT 1 FROM users"\n',
    "database.py": "def run(cursor, statement):\n    cursor.execute(statement)\n",
    "service/report.py": "from names import USERS\n\n\ndef read(c):\n    c.execute(f'SELECT 1 FROM {USERS}')\n",
    "service/other.py": "from database import run\n\nrun(None, 'SELECT 1 FROM orders')\n",
    "keys.py": "from names import OLD\n\nprint({OLD: 1})\n",
    "broken.py": "SELECT users\n",
    "scripts/a.sql": "SELECT 1 FROM users;\n",
    "clean.py": "x = 1\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, FILES)


def findings(root: Path, *paths: str) -> set[str]:
    return set(relink(root, "check", "--output-format", "concise", *paths).out.splitlines())


def test_file_by_file_says_what_the_whole_says(root: Path) -> None:
    whole = findings(root)
    assert len(whole) > 3
    assert set().union(*(findings(root, name) for name in FILES)) == whole
    assert findings(root, "service", "scripts/a.sql") | findings(root, "names.py", "keys.py", "broken.py") == whole
    for name in FILES:
        assert all(line.startswith(f"{name}:") for line in findings(root, name))


def test_what_is_written_is_the_same(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = write(tmp_path_factory.mktemp("other"), FILES)
    relink(root, "apply", "--allow-dirty")
    for name in FILES:
        relink(other, "apply", "--allow-dirty", name)
    for name in FILES:
        assert (root / name).read_bytes() == (other / name).read_bytes()


def test_a_clean_file_is_clean(root: Path) -> None:
    assert relink(root, "check", "clean.py").err == "Nothing to do in 1 file.\n"

"""Names of files that are not UTF-8 take part in everything."""

from pathlib import Path

import pytest
from running import MAPPING, relink

NAMES = (b"caf\xe9.sql", b"\xff\xfe.py")
STATEMENT = {b".sql": b"SELECT id FROM users;\n", b".py": b'cursor.execute("SELECT id FROM users")\n'}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    for name in NAMES:
        file = Path(bytes(tmp_path).decode(), name.decode("utf-8", "surrogateescape"))
        file.write_bytes(STATEMENT[name[name.rindex(b".") :]])
    return tmp_path


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson"])
def test_every_report_shows_them(tree: Path, form: str) -> None:
    outcome = relink(tree, "check", ".", "--mapping", "mapping.yaml", "--output-format", form)
    assert outcome.code == 1, outcome.err
    assert "unprefixed-table" in outcome.out


def test_they_are_changed_and_restored(tree: Path) -> None:
    before = {file: file.read_bytes() for file in tree.iterdir()}
    assert relink(tree, "apply", ".", "--mapping", "mapping.yaml", "--allow-dirty").code == 0
    assert all(b".users" in file.read_bytes() for file in before if file.suffix in (".py", ".sql"))
    assert relink(tree, "rollback").code == 0
    assert {file: file.read_bytes() for file in before} == before

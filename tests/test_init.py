"""`relink init` shows and writes settings, hook and CI job, and leaves alone what is there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml
from running import MAPPING, Outcome, relink

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/database.yaml").write_text(MAPPING)
    (tmp_path / "config/other.yaml").write_text("schemas: [1]\n")
    return tmp_path


def init(root: Path, *options: str) -> Outcome:
    return relink(root, "init", *options)


def test_it_shows_and_writes_nothing_unless_told(root: Path) -> None:
    outcome = init(root)
    assert outcome.code == 1
    assert '+mapping = "config/database.yaml"' in outcome.out
    assert "Nothing was written" in outcome.err
    assert sorted(path.name for path in root.iterdir()) == ["config"]


def test_what_it_writes_works_and_a_second_run_has_nothing_to_write(root: Path) -> None:
    (root / "new.py").write_text("def add(cursor):\n    cursor.execute('INSERT INTO coupons VALUES (1)')\n")
    (root / "vendor").mkdir()
    (root / "vendor/a.sql").write_text("SELECT 1 FROM users;\n")
    assert init(root, "--yes").code == 0
    settings = tomllib.loads((root / "relink.toml").read_text())
    assert settings == {
        "mapping": "config/database.yaml",
        "extend-select": ["unmapped-table"],
        "exclude": ["vendor/"],
    }
    checked = relink(root, "check", "--ignore", "unused-mapping", "--output-format", "concise")
    assert checked.out == "new.py:2:33: unmapped-table no schema of the mapping holds coupons\n"
    config = yaml.safe_load((root / ".pre-commit-config.yaml").read_text())
    assert [hook["id"] for hook in config["repos"][0]["hooks"]] == ["relink-check"]
    again = init(root)
    assert (again.code, again.out) == (0, "")


def test_an_existing_pyproject_and_hooks_are_extended(root: Path) -> None:
    pyproject = b'[project]\r\nname = "shop"\r\n\r\n[tool.other]\r\nx = 1'
    hooks = "# ours\nrepos:\n  - repo: https://example.org/x\n    rev: v1\n    hooks:\n      - id: x\n"
    (root / "pyproject.toml").write_bytes(pyproject)
    (root / ".pre-commit-config.yaml").write_text(hooks)
    assert init(root, "--yes").code == 0
    written = (root / "pyproject.toml").read_bytes()
    assert written.startswith(pyproject + b"\r\n\r\n[tool.relink]\r\n")
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert tomllib.loads(written.decode())["tool"]["relink"]["mapping"] == "config/database.yaml"
    assert not (root / "relink.toml").exists()
    extended = (root / ".pre-commit-config.yaml").read_text()
    assert extended.startswith(hooks)
    assert len(yaml.safe_load(extended)["repos"]) == 2


def test_ci_jobs_are_added_where_there_is_ci(root: Path) -> None:
    (root / ".github").mkdir()
    (root / ".gitlab-ci.yml").write_text("test:\n  script: [pytest]\n")
    assert init(root, "--yes").code == 0
    assert "relink" in yaml.safe_load((root / ".github/workflows/relink.yml").read_text())["jobs"]
    assert set(yaml.safe_load((root / ".gitlab-ci.yml").read_text())) == {"test", "relink"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".pre-commit-config.yaml", "repos:\n- repo: x\n  hooks: []\nfail_fast: true\n"),
        (".pre-commit-config.yaml", "repos: []\n"),
        (".pre-commit-config.yaml", "repos: [\n"),
        (".gitlab-ci.yml", "test:\n  script: !reference [a, b]\n"),
    ],
)
def test_a_file_it_cannot_extend_gets_a_snippet(root: Path, path: str, text: str) -> None:
    (root / path).write_text(text)
    outcome = init(root, "--yes")
    assert f"Add this to {path} yourself:" in outcome.out
    assert (root / path).read_text() == text


def test_settings_that_are_there_stay(root: Path) -> None:
    (root / "relink.toml").write_text('mapping = "config/database.yaml"\nselect = ["sql"]\n')
    assert init(root, "--yes").code == 0
    assert (root / "relink.toml").read_text() == 'mapping = "config/database.yaml"\nselect = ["sql"]\n'


def test_without_one_mapping_it_asks_for_it(root: Path) -> None:
    (root / "copy.yaml").write_text(MAPPING)
    outcome = init(root, "--yes")
    assert outcome.code == 2
    assert "more than one mapping in this folder (config/database.yaml, copy.yaml)" in outcome.err
    assert init(root, "--yes", "--mapping", "copy.yaml").code == 0
    (root / "relink.toml").unlink()
    assert init(root, "--mapping", "config/other.yaml").code == 2
    for name in ("copy.yaml", "config/database.yaml"):
        (root / name).unlink()
    outcome = init(root, "--yes")
    assert outcome.code == 2
    assert outcome.err.startswith("relink: no mapping in this folder")


def test_a_file_that_cannot_be_written_is_an_error(root: Path) -> None:
    (root / ".github").mkdir()
    (root / ".github/workflows").write_text("in the way")
    outcome = init(root, "--yes")
    assert outcome.code == 2
    assert outcome.err.startswith("relink: ")
    assert len(outcome.err.splitlines()) == 1

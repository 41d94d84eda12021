"""The hooks, run by the real pre-commit on real repositories.

Two tests, since each installs relink into an environment of its own, which takes most of their time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from running import MAPPING

PROJECT = Path(__file__).parent.parent
IDENTITY = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
SETTINGS = {"mapping.yaml": MAPPING, "relink.toml": 'mapping = "mapping.yaml"\nexclude = ["vendor/"]\n'}
OLD, NEW = "SELECT 1 FROM users;\n", "SELECT 1 FROM shared_common.users;\n"
SPACE = "-- far away\n" * 12


class Repository:
    """A git repository whose pre-commit keeps its environments beside it."""

    def __init__(self, root: Path, files: dict[str, str]) -> None:
        root.mkdir(exist_ok=True)
        self.root = root
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
        self._environment = {**kept, **IDENTITY, "PRE_COMMIT_HOME": str(root.parent / "environments")}
        for name, text in files.items():
            self.write(name, text)
        self.run("git", "init", "-q")
        self.run("git", "add", "-A")

    def run(self, *command: str) -> tuple[int, str]:
        done = subprocess.run(
            command, cwd=self.root, env=self._environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        return done.returncode, done.stdout + done.stderr

    def pre_commit(self, *arguments: str) -> tuple[int, str]:
        return self.run(sys.executable, "-m", "pre_commit", *arguments)

    def commit(self) -> tuple[int, str]:
        return self.run("git", "commit", "-q", "-m", "x")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def read(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")

    def stage(self, name: str, text: str) -> None:
        self.write(name, text)
        self.run("git", "add", name)


@pytest.fixture
def hooks(tmp_path: Path) -> Repository:
    """This project as it is now, as a repository of hooks."""
    root = tmp_path / "hooks"
    shutil.copytree(PROJECT / "codemods", root / "codemods", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(PROJECT / name, root / name)
    repository = Repository(root, {})
    assert repository.commit()[0] == 0
    return repository


def test_try_repo(hooks: Repository, tmp_path: Path) -> None:
    project = Repository(tmp_path / "project", {**SETTINGS, "old.sql": OLD, "new.sql": NEW, "vendor/a.sql": OLD})
    code, said = project.pre_commit("try-repo", str(hooks.root), "relink-check", "--all-files")
    assert code == 1
    assert "old.sql:1:15 unprefixed-table users is now shared_common.users" in said
    assert "1 finding in 1 of" in said


def test_an_installed_hook(hooks: Repository, tmp_path: Path) -> None:
    _, revision = hooks.run("git", "rev-parse", "HEAD")
    config = "repos:\n- repo: {}\n  rev: {}\n  hooks:\n  - id: relink-fix\n  - id: relink-check\n"
    files = {**SETTINGS, ".pre-commit-config.yaml": config.format(hooks.root, revision.strip()), "a.sql": NEW}
    project = Repository(tmp_path / "project", files)
    assert project.pre_commit("install")[0] == 0

    assert project.commit()[0] == 0, "what is clean is committed"

    project.stage("b.sql", OLD)
    project.stage("Read me 한글.txt", "users\n")
    code, said = project.commit()
    assert code == 1, "relink-fix repairs and stops the commit, as every fixing hook does"
    assert "files were modified by this hook" in said
    assert project.read("b.sql") == NEW
    project.run("git", "add", "-A")
    assert project.commit()[0] == 0

    project.stage("a.sql", NEW + SPACE)
    project.write("a.sql", NEW + SPACE + OLD)
    assert project.commit()[0] == 0, "what is not staged is not judged"
    assert project.read("a.sql") == NEW + SPACE + OLD
    project.run("git", "checkout", "a.sql")

    project.stage("a.sql", OLD + SPACE)
    project.write("a.sql", OLD + SPACE + "SELECT 2;\n")
    assert project.commit()[0] == 1, "what is staged is judged although the rest is not"
    assert project.read("a.sql") == NEW + SPACE + "SELECT 2;\n", "and repaired beside what is not staged"
    project.run("git", "checkout", "HEAD", "a.sql")

    project.stage("a.sql", "DROP TABLE users;\n")
    code, said = project.commit()
    assert code == 1, "what only a person can decide stops the commit"
    assert "a.sql:1:12 destructive-moved-table" in said
    project.stage("a.sql", "DROP TABLE users; -- relink: ignore[destructive-moved-table] the copy that was left\n")
    assert project.commit()[0] == 0

    project.stage("names.py", 'TABLE = "users"\n')
    project.stage(
        "use.py", "from names import TABLE\n\n\ndef read(cursor):\n    cursor.execute(f'SELECT 1 FROM {TABLE}')\n"
    )
    project.commit()
    project.run("git", "add", "-A")
    project.commit()
    assert project.run("git", "status", "--porcelain") == (0, "")
    assert "shared_common." in project.read("names.py") + project.read("use.py")
    project.stage("use.py", project.read("use.py").replace("SELECT 1", "SELECT 2"))
    assert project.commit()[0] == 0, "a file is judged with the files it imports in sight"

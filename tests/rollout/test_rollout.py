"""A roll-out in steps: by service and phase, as a series of patches, and back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cases import backend_case, read_tree
from click.testing import CliRunner, Result

from codemods.checkout.discover import UsageProblem
from codemods.cli.main import commands
from codemods.mapping import MappingError

SERVICES = "\nservices:\n  saju: {paths: [saju/], schema: saju_service, port: 8003}\n  admin: {paths: [admin/]}\n"


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """A checkout of the small backend whose mapping has services and an inverse."""
    root = tmp_path / "tree"
    shutil.copytree(backend_case().before, root)
    mapping = backend_case().mapping.read_text("utf-8") + SERVICES
    (root / "mapping.yaml").write_text(mapping, "utf-8")
    (root / "relink.toml").write_text('mapping = "mapping.yaml"\n')
    (root / "CODEOWNERS").write_text("# who reviews what\n* @everyone\n/admin/ @admins @others\n*.sql @dba\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "before")
    here = Path.cwd()
    os.chdir(root)
    yield root
    os.chdir(here)


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "core.autocrlf=false"]
    return subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments, standalone_mode=False)


def changed(root: Path) -> set[str]:
    return set(git(root, "diff", "--name-only").split())


def test_one_service_moves_and_the_others_stay(tree: Path) -> None:
    run("apply", "--service", "saju")
    assert {path.split("/")[0] for path in changed(tree)} == {"saju"}
    assert "saju/" in run("check", "--service", "saju", "--output-format", "concise").stdout
    run("apply", "--allow-dirty")
    run("rollback")
    run("rollback")
    assert changed(tree) == set()


def test_a_phase_is_the_work_of_its_groups(tree: Path) -> None:
    rules = {each["rule"] for each in json.loads(run("check", "--phase", "1", "--output-format", "json").stdout)}
    assert {"unprefixed-table", "old-database"} <= rules
    assert not {rule for rule in rules if "redis" in rule}


def test_a_service_that_is_not_in_the_mapping_is_one_clear_error(tree: Path) -> None:
    result = run("check", "--service", "sayu")
    assert isinstance(result.exception, UsageProblem)
    assert "saju, admin" in str(result.exception)


@pytest.mark.parametrize("by", ["service", "phase", "owner", "rule"])
def test_a_series_of_patches_does_what_apply_does(tree: Path, tmp_path: Path, by: str) -> None:
    assert run("diff", "--split-by", by, "-o", str(tmp_path / "patches")).return_value == 1
    patches = sorted(str(path) for path in (tmp_path / "patches").iterdir())
    git(tree, "am", "--keep-cr", "-q", *patches)
    assert int(git(tree, "rev-list", "--count", "HEAD")) == 1 + len(patches)
    by_hand = read_tree(tree)
    git(tree, "reset", "-q", "--hard", f"HEAD~{len(patches)}")
    run("apply")
    assert read_tree(tree) == by_hand


def test_owners_are_those_of_the_last_pattern(tree: Path, tmp_path: Path) -> None:
    run("diff", "--split-by", "owner", "-o", str(tmp_path / "patches"))
    names = sorted(path.name for path in (tmp_path / "patches").iterdir())
    assert names == ["0001-admins.patch", "0002-dba.patch", "0003-everyone.patch"]
    assert "+++ b/migrations/" in (tmp_path / "patches" / names[1]).read_text("utf-8")


def test_impact_is_the_table_of_the_plan(tree: Path) -> None:
    text, markdown, rows = (run("impact", "--output-format", kind).stdout for kind in ("text", "markdown", "json"))
    assert text.startswith("impact  what")
    assert "| high | SQL table paths |" in markdown
    found = json.loads(rows)
    assert sum(row["places"] for row in found) == sum(row["safe"] + row["unsafe"] + row["manual"] for row in found)


def test_a_mapping_that_merged_databases_cannot_lead_back(tree: Path) -> None:
    assert isinstance(run("apply", "--reverse").exception, MappingError)


def test_a_tree_that_lived_on_leads_back_to_the_old_layout(tree: Path) -> None:
    mapping = tree / "mapping.yaml"
    text = mapping.read_text("utf-8").replace("      - reports_db\n", "")
    mapping.write_text("".join(line for line in text.splitlines(True) if "- crawling_service " not in line), "utf-8")
    run("apply", "--allow-dirty")
    (tree / "saju" / "new.py").write_text('NEW = "SELECT id FROM shared_common.users"\n')
    run("apply", "--reverse", "--allow-dirty")
    assert (tree / "saju" / "new.py").read_text() == 'NEW = "SELECT id FROM public.users"\n'
    auth = (tree / "common" / "auth.py").read_text("utf-8")
    assert "shared_common" not in auth
    assert "public.users" in auth
    assert run("diff", "--reverse").return_value == 0

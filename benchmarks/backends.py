"""Does a backend's own test suite still pass after its tables were moved and relink was applied?

    python benchmarks/backends.py benchmarks/backends/NAME CHECKOUT VENV [--unsafe] [--work DIR]

The folder NAME says how to run the suite (`backend.yaml`) and where its tables go (`mapping.yaml`). The suite of a copy
of CHECKOUT runs on a database whose tables are in `public` (the baseline); relink is applied to a second copy, and the
suite runs again on a database with the new schemas, where nothing may be created in `public`. No edit by hand.
Prints the counts of both runs, each test that ended differently, and what relink found; and writes `words.txt`: every
line that still says an old name by plain word search (of Python the strings only) and is no finding, to be read by eye.

A server has to answer at PGHOST:PGPORT, whose superuser is PGADMIN (default `admin`); roles are made as needed.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import yaml

from codemods.mapping import Mapping, load

_NO_STRINGS = frozenset({tokenize.NAME, tokenize.OP, tokenize.NUMBER, tokenize.COMMENT})
_PUBLIC = (
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'"
    " AND relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT EXISTS (SELECT FROM pg_depend d"
    " WHERE d.objid = c.oid AND d.deptype = 'e')"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("venv", type=Path)
    parser.add_argument("--unsafe", action="store_true", help="apply the unsafe fixes too")
    parser.add_argument("--work", type=Path, default=Path("backend-runs"))
    parser.add_argument("--reuse", action="store_true", help="reuse the baseline of the last run")
    options = parser.parse_args()
    config = yaml.safe_load((options.config / "backend.yaml").read_text("utf-8"))
    mapping_file = (options.config / "mapping.yaml").resolve()
    mapping = load(mapping_file)
    work = (options.work / options.config.name).resolve()
    venv = options.venv.resolve()

    before = work / "before.json"
    if not (options.reuse and before.exists()):
        tree = _copy(options.checkout, work / "before")
        _make_database(config, ())
        before.write_text(json.dumps(_run_suite(config, tree, venv)))
    old = json.loads(before.read_text())

    tree = _copy(options.checkout, work / "after")
    findings = json.loads(_relink(tree, "check", mapping_file, "--output-format", "json"))
    _relink(tree, "apply", mapping_file, *(["--unsafe"] if options.unsafe else []))
    left = json.loads(_relink(tree, "check", mapping_file, "--output-format", "json"))
    (work / "left.json").write_text(json.dumps(left, indent=1))
    (work / "words.txt").write_text("\n".join(_words(tree, mapping, left)) + "\n", "utf-8")
    _make_database(config, sorted(mapping.schemas))
    new = _run_suite(config, tree, venv)
    _report(config, old, new, findings, left)


def _copy(checkout: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "-q", str(checkout), str(target)], check=True)
    return target


def _relink(tree: Path, *arguments: object) -> str:
    command = [sys.executable, "-m", "codemods", arguments[0], "--mapping", *arguments[1:]]
    done = subprocess.run([str(word) for word in command], cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(done.stderr)
    return done.stdout


def _sql(database: str, *statements: str) -> str:
    command = ["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-U", os.environ.get("PGADMIN", "admin"), "-d", database]
    for statement in statements:
        command += ["-c", statement]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _make_database(config: dict[str, str], schemas: tuple[str, ...] | list[str]) -> None:
    """A fresh database of the suite's role: with `schemas`, or, without any, with a `public` that it may use."""
    database, role = config["database"], config["role"]
    if not _sql("postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):
        _sql("postgres", f"CREATE ROLE {role} LOGIN CREATEDB")
    if database == "template1":
        _sql(database, *(f"DROP SCHEMA IF EXISTS {name} CASCADE" for name in config["schemas"]))
    else:
        drop = f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"
        _sql("postgres", drop, f"CREATE DATABASE {database} OWNER {role} TEMPLATE template0")
    admin = os.environ.get("PGADMIN", "admin")
    _sql(database, f"ALTER SCHEMA public OWNER TO {admin}", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    right = "REVOKE CREATE ON SCHEMA public FROM" if schemas else "GRANT ALL ON SCHEMA public TO"
    _sql(database, f"{right} {role}", *(f"CREATE SCHEMA {name} AUTHORIZATION {role}" for name in schemas))
    _sql(database, *config.get("extensions", ()))


def _databases(role: object) -> set[str]:
    owned = f"SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = '{role}'"
    return set(_sql("postgres", owned).splitlines())


def _run_suite(config: dict[str, object], tree: Path, venv: Path) -> dict[str, str]:
    """How each test ended: "passed", "failed", "error" or "skipped", by name. The databases it makes are dropped."""
    there = _databases(config["role"])
    report = tree.parent / f"{tree.name}.xml"
    report.unlink(missing_ok=True)
    environment = os.environ | {
        "PATH": f"{venv / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(tree),
        "PYTEST_ADDOPTS": f"--junitxml={report} -p no:cacheprovider",
        **config.get("env", {}),
    }
    log = (tree.parent / f"{tree.name}.log").open("w")
    for command in (config.get("prepare"), config["test"]):
        if command:
            subprocess.run(
                command, shell=True, cwd=tree, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False
            )
    for left in sorted(_databases(config["role"]) - there):
        _sql("postgres", f'DROP DATABASE "{left}" WITH (FORCE)')
    if not report.exists():
        return {}
    ends = {}
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        end = {"failure": "failed"}.get(kinds[0], kinds[0]) if kinds else "passed"
        ends[f"{case.get('classname')}::{case.get('name')}"] = end
    return ends


def _words(tree: Path, mapping: Mapping, left: list[dict[str, object]]) -> list[str]:
    """The lines that say an old name, not qualified by its schema, and are no finding."""
    names = {relation.old_name: relation.schema for relation in mapping.relations}
    word = re.compile(rf"(?<![\w.])({'|'.join(sorted(names, key=len, reverse=True))})(?!\w)")
    found = {(each["path"], each["line"]) for each in left}
    listed = subprocess.run(
        ["git", "ls-files"], cwd=tree, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    lines = []
    for path in listed:
        try:
            text = (tree / path).read_text("utf-8")
        except (UnicodeDecodeError, IsADirectoryError, FileNotFoundError):
            continue
        for number, line in _strings(text) if path.endswith(".py") else enumerate(text.splitlines(), 1):
            if word.search(line) and (path, number) not in found:
                lines.append(f"{path}:{number}: {line.strip()[:160]}")
    return lines


def _strings(text: str) -> Iterator[tuple[int, str]]:
    """The lines of the strings of a Python file, each with its 1-based number."""
    with suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in _NO_STRINGS:
                yield from enumerate(token.string.splitlines(), token.start[0])


def _report(
    config: dict[str, str],
    old: dict[str, str],
    new: dict[str, str],
    findings: list[dict[str, object]],
    left: list[dict[str, object]],
) -> None:
    print("before:", dict(Counter(old.values())))
    print("after: ", dict(Counter(new.values())))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            print(f"  {name}: {old.get(name)} -> {new.get(name)}")
    names = [each for each in findings if each["rule"] not in ("unused-mapping",)]
    print("references found:", len(names), dict(Counter(str(each["safety"]) for each in names)))
    print("left:", dict(Counter(f"{each['rule']} {each['safety']} {each['reason']}" for each in left)))
    if config["database"] != "template1":
        print("relations in public:", _sql(config["database"], _PUBLIC).strip())


if __name__ == "__main__":
    main()

"""Every invariant of a run, over every case of the fixtures."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest
from cases import Case, backend_case, read_tree, rule_cases

from codemods.apply import apply_changes, inverse, rollback, splice, unified_diff
from codemods.gate import Scope, narrow
from codemods.mapping import load
from codemods.model import Finding, Safety
from codemods.pipeline import Plan, make_plan
from codemods.plan import changes
from codemods.report.place import place
from codemods.rules.registry import load_rules
from codemods.selection import Choice, Selection

CASES = [*rule_cases(), backend_case()]


def plan_of(root: Path, case: Case) -> Plan:
    rules = load_rules()
    chosen = Choice(extend_select=(case.rule,) if case.rule in rules else ())
    selection = Selection((chosen,), rules)
    plan = make_plan(root, [], load(case.mapping), (), lambda _: None, strict=selection.strict)
    return narrow(plan, Scope(root, (), selection))


def written(finding: Finding, plan: Plan) -> str:
    at = place(finding, plan.sources)
    words = [f"{finding.path}:{at.line}:{at.column}", finding.rule]
    if finding.fix:
        words.append(finding.fix.safety.value)
        if finding.fix.reason:
            words.append(finding.fix.reason.value)
    return " ".join(words)


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found = request.param
    assert isinstance(found, Case)
    return found


def test_findings_are_the_expected_ones(case: Case, tmp_path: Path) -> None:
    plan = plan_of(case.copy_to(tmp_path), case)
    found = sorted(written(finding, plan) for finding in plan.findings if finding.rule != "unused-mapping")
    if case.expected is not None:
        assert found == case.expected


def test_apply_gives_the_expected_tree_and_rollback_the_old_one(case: Case, tmp_path: Path) -> None:
    root = case.copy_to(tmp_path)
    plan = plan_of(root, case)
    planned = changes(plan.findings, plan.sources, unsafe=False)
    run = apply_changes(root, planned)
    assert read_tree(root) == read_tree(case.after)
    if run is not None:
        rollback(root)
    assert read_tree(root) == read_tree(case.before)


def test_a_second_run_plans_nothing(case: Case, tmp_path: Path) -> None:
    root = case.copy_to(tmp_path)
    plan = plan_of(root, case)
    apply_changes(root, changes(plan.findings, plan.sources, unsafe=True))
    again = plan_of(root, case)
    assert changes(again.findings, again.sources, unsafe=True) == []


def test_the_patch_applies_with_git(case: Case, tmp_path: Path) -> None:
    root = case.copy_to(tmp_path)
    plan = plan_of(root, case)
    planned = changes(plan.findings, plan.sources, unsafe=False)
    patch = b"".join(unified_diff(each.path, each.before, each.after, each.edits) for each in planned)
    if patch:
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        subprocess.run(["git", "apply", "-"], cwd=root, input=patch, check=True)
    assert read_tree(root) == read_tree(case.after)


def test_bytes_outside_the_edits_stay(case: Case, tmp_path: Path) -> None:
    plan = plan_of(case.copy_to(tmp_path), case)
    for change in changes(plan.findings, plan.sources, unsafe=True):
        assert splice(change.after, inverse(change.before, change.edits)) == change.before
        kept_before, kept_after, end_before, end_after = b"", b"", 0, 0
        for edit in change.edits:
            gap = change.before[end_before : edit.span.start]
            kept_before += gap
            kept_after += change.after[end_after : end_after + len(gap)]
            end_after += len(gap) + len(edit.new)
            end_before = edit.span.end
        assert kept_before + change.before[end_before:] == kept_after + change.after[end_after:]


def test_only_string_literals_of_python_change(case: Case, tmp_path: Path) -> None:
    plan = plan_of(case.copy_to(tmp_path), case)
    for change in changes(plan.findings, plan.sources, unsafe=True):
        if change.path.endswith(".py"):
            try:
                before = ast.parse(change.before)
            except SyntaxError:
                continue
            assert _shape(before) == _shape(ast.parse(change.after))


def _shape(tree: ast.Module) -> list[str]:
    """The types of all nodes but the statement that relink adds on request."""
    tree.body = [node for node in tree.body if not ast.unparse(node).startswith("DEFAULT_SCHEMA = ")]
    return [type(node).__name__ for node in ast.walk(tree)]


def test_every_finding_says_what_is_and_what_to_do(case: Case, tmp_path: Path) -> None:
    for finding in plan_of(case.copy_to(tmp_path), case).findings:
        assert finding.message
        assert finding.help
        if finding.fix:
            assert (finding.fix.reason is None) == (finding.fix.safety is Safety.SAFE)
            assert bool(finding.fix.edits) == (finding.fix.safety is not Safety.MANUAL)

"""Every invariant of a run, over every case of the fixtures."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest
from cases import Case, backend_case, read_tree, rule_cases

from codemods.apply import apply_changes, inverse, rollback, splice, unified_diff
from codemods.gate.scope import Scope, narrow
from codemods.gate.selection import Choice, Selection
from codemods.mapping import load
from codemods.model import Finding, Safety
from codemods.pipeline import Plan, make_plan
from codemods.plan import changes
from codemods.report.place import place
from codemods.rules.registry import load_rules

CASES = [*rule_cases(), backend_case()]


def plan_of(root: Path, case: Case) -> Plan:
    rules = load_rules()
    chosen = Choice(extend_select=(case.rule,) if case.rule in rules else ())
    selection = Selection((chosen,), rules)
    plan = make_plan(root, [], load(case.mapping), (), lambda _: None, strict=selection.strict, handling=case.handling)
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
            mapping = load(case.mapping)
            new = {database.database for database in mapping.databases}
            names = mapping.schemas | mapping.old_schemas | mapping.database_words | new
            assert _shape(before, names) == _shape(ast.parse(change.after), names)


def _shape(tree: ast.Module, names: frozenset[str]) -> list[str]:
    """The types of all nodes but those that name a schema or database by itself, `db=`, and what holds nothing else."""
    return [type(node).__name__ for node in ast.walk(_WithoutSchemas(names).visit(tree))]


def _leaves_schema_out(argument: ast.keyword) -> bool:
    """Whether it is `schema=None`, in the place of which a schema can stand."""
    return (argument.arg or "").endswith("schema") and ast.unparse(argument.value) == "None"


def _names_table(node: ast.Assign) -> bool:
    """Whether a statement says the name of a table, which gets one where the name was the class's."""
    return isinstance(node.targets[0], ast.Name) and node.targets[0].id == "_table_"


class _WithoutSchemas(ast.NodeTransformer):
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def _is_schema(self, node: ast.AST | None) -> bool:
        return isinstance(node, ast.Constant) and node.value in self._names

    def _gives_path(self, node: ast.AST) -> bool:
        """Whether it is what a dict of settings says of `search_path`, by itself or as the only one of its options."""
        if isinstance(node, ast.Dict):
            return len(node.values) == 1 and self._gives_path(node.values[0])
        return isinstance(node, ast.Constant) and str(node.value).startswith("-c search_path=")

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func).endswith(".fullname.replace"):
            return node.func.value  # The full name of a table in quotes, which tests/test_orm.py runs.
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("copy_from", "copy_to", "copy_expert"):
            # Another call, which tests/test_orm.py holds against a server.
            node.args, node.keywords = [], []
        node.args = [each for each in node.args if not self._is_schema(each)]
        node.keywords = [
            each
            for each in node.keywords
            if each.arg != "db" and not self._is_schema(each.value) and not _leaves_schema_out(each)
        ]
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Attribute) and node.value.attr in self._names:
            node.value = node.value.value  # A function of the database: func.schema.name.
        return self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        pairs = zip(node.keys, node.values, strict=True)
        items = [pair for pair in pairs if not self._is_schema(pair[1]) and not self._gives_path(pair[1])]
        node.keys, node.values = [key for key, _ in items], [value for _, value in items]
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        first = node.body[0].value if isinstance(node.body[0], ast.Expr) else None
        if isinstance(first, ast.Call) and first.args and self._gives_path(first.args[-1]):
            return None  # Settings that a call makes get their path in a statement of its own.
        return self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        self.generic_visit(node)
        node.elts = [
            each
            for each in node.elts
            if not self._is_schema(each) and not (isinstance(each, ast.Dict) and not each.keys)
        ]
        if len(node.elts) == 1 and isinstance(node.elts[0], ast.Starred):
            return node.elts[0].value  # The schema joined a tuple that is written elsewhere.
        # A name alone has become a pair of schema and name.
        return node.elts[0] if len(node.elts) == 1 and isinstance(node.elts[0], ast.Constant) else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        text = node.left.value if isinstance(node.left, ast.Constant) else None
        return node.right if isinstance(text, str) and text.endswith(".") and text[:-1] in self._names else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        node.values = [each for each in node.values if not isinstance(each, ast.Constant)]
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        self.generic_visit(node)
        if isinstance(node.value, ast.Dict) and node.value.keys == [None]:
            spread = node.value.values[0]  # The schema joined a dict that is written elsewhere; a mixin's stays there.
            node.value = node.value if ast.unparse(spread).endswith("__table_args__") else spread
        empty = isinstance(node.value, ast.Dict) and not any(node.value.keys)
        return None if self._is_schema(node.value) or empty or _names_table(node) else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST | None:
        self.generic_visit(node)
        node.keywords = [each for each in node.keywords if not self._is_schema(each.value)]
        return node if node.body or node.name != "Meta" else None


def test_every_finding_says_what_is_and_what_to_do(case: Case, tmp_path: Path) -> None:
    for finding in plan_of(case.copy_to(tmp_path), case).findings:
        assert finding.message
        assert finding.help
        if finding.fix:
            assert (finding.fix.reason is None) == (finding.fix.safety is Safety.SAFE)
            assert bool(finding.fix.edits) == (finding.fix.safety is not Safety.MANUAL)

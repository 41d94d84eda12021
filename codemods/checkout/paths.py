"""What a file is for, as far as its path tells."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_TESTS = frozenset({"test", "tests", "testing", "fixtures", "mocks"})
_CI = re.compile(r"\.(?:github|circleci|buildkite|gitlab)/|\.(?:gitlab-ci|travis|drone)\b|(?:azure|bitbucket)-pip")
_MIGRATIONS = frozenset({"migrations", "alembic", "versions"})


def is_test(path: str) -> bool:
    """Whether the file `path`, relative and with `/`, belongs to the tests of a project."""
    *folders, name = PurePosixPath(path).parts or ("",)
    named = name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"
    return named or not _TESTS.isdisjoint(folders)


def is_ci(path: str) -> bool:
    """Whether the file `path`, relative and with `/`, tells a CI service what to do."""
    return _CI.match(path) is not None


def conftests_of(path: str) -> list[str]:
    """The files whose fixtures pytest offers to the tests in the file `path`, nearest first, whether they exist or not.

    Source: pytest's documentation, "conftest.py: sharing fixtures across multiple files".
    """
    return [str(folder / "conftest.py") for folder in PurePosixPath(path).parents]


def is_migration(path: str) -> bool:
    """Whether the file `path`, relative and with `/`, lies in a folder of migrations."""
    return migrations_of(path) is not None


def migrations_of(path: str) -> PurePosixPath | None:
    """The innermost folder of migrations that the file `path` lies in; None when it lies in none."""
    return next((folder for folder in PurePosixPath(path).parents if folder.name in _MIGRATIONS), None)

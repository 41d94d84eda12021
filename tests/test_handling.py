"""What the settings say of files by their paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from codemods.handling import Handling
from codemods.settings import SettingsError, load_settings

HISTORY = (("migrations/", "report"), ("migrations/9*", "rewrite"), ("vendor/", "leave"), ("*.bak", "rewrite"))


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("app.py", "rewrite"),
        ("migrations/1.sql", "report"),
        ("migrations/9.sql", "rewrite"),
        ("a/vendor/b.py", "leave"),
        ("vendor.py", "rewrite"),
    ],
)
def test_the_last_pattern_wins(path: str, policy: str) -> None:
    assert Handling(history=HISTORY).policy(path) == policy


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.sql.j2", "a.sql"),
        ("a.py.bak", "a.py"),
        ("a.py.backup.20250101", "a.py.backup.20250101"),
        ("vendor/a.py.bak.old", "vendor/a.py.bak.old"),
        ("a.py", "a.py"),
    ],
)
def test_a_file_is_read_as_what_its_name_says_inside(path: str, name: str) -> None:
    assert Handling(templates=(".j2",), history=HISTORY).name_of(path) == name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('history = ["a"]', "history has to be a table"),
        ('[history]\n"a" = "keep"', "history has to be a table"),
        ("templates = true", "templates has to be a list"),
    ],
)
def test_settings_that_say_nothing_are_one_clear_error(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "relink.toml").write_text(text)
    with pytest.raises(SettingsError, match=said):
        load_settings(tmp_path)

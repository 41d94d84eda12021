"""Fill a template with what the mapping says."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, **values: Any) -> str:
    """The text of `templates/<template>.j2`."""
    environment = Environment(
        loader=PackageLoader("codemods.generate"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, comment_start_string="{%#", comment_end_string="#%}",
    )  # fmt: skip
    environment.filters["shell"] = _shell
    environment.filters["literal"] = _literal
    return environment.get_template(f"{template}.j2").render(**values)


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

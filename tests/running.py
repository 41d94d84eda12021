"""Run the `relink` command in this process."""

from __future__ import annotations

import gc
import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from codemods.cli import main


class Outcome(NamedTuple):
    """How a run ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    def __init__(self, data: bytes = b"") -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", newline="")

    @property
    def written(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode("utf-8")


def relink(folder: Path, *arguments: str | Path, stdin: bytes = b"") -> Outcome:
    """`relink ARGUMENTS` as run in `folder`."""
    out, err = _Stream(), _Stream()
    here = Path.cwd()
    os.chdir(folder)
    try:
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            patch.object(sys, "stdin", _Stream(stdin)),
            patch.object(sys, "argv", ["relink", *map(str, arguments)]),
        ):
            main()
    except SystemExit as end:
        assert isinstance(end.code, int)
        return Outcome(end.code, out.written, err.written)
    finally:
        os.chdir(here)
        gc.enable()
    raise AssertionError("main always exits")


MAPPING = """\
databases:
  app:
    replaces: [app_old]
    schemas:
      shared_common:
        tables: [users]
      store_service:
        tables: [orders]
"""


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write `files` (by relative path) and a mapping of `users` and `orders` with its settings under `root`."""
    all_files: dict[str, str | bytes] = {
        "mapping.yaml": MAPPING,
        "relink.toml": 'mapping = "mapping.yaml"\nignore = ["unused-mapping"]\n',
        **files,
    }
    for name, content in all_files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return root

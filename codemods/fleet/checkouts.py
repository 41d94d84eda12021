"""The checkouts of a fleet: a file that lists folders and git URLs, and each one's folder for as long as it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from codemods.checkout.discover import UsageProblem
from codemods.checkout.git import ask

_URL = re.compile(r"[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:", re.IGNORECASE)


class Checkout(NamedTuple):
    """`place` is a folder (absolute) or a URL for git; `name` stands in front of its paths in the report."""

    name: str
    place: str


def read_fleet(files: Sequence[Path]) -> list[Checkout]:
    """The checkouts that the files list, one a line, folders relative to the file; raises `UsageProblem`.

    Each is called by the shortest end of its place that tells it from the others.
    """
    places: list[str] = []
    for file in files:
        try:
            lines = file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageProblem(f"{file} is no list of checkouts: {error}") from error
        for number, line in enumerate(map(str.strip, lines), 1):
            if not line or line.startswith("#"):
                continue
            place = line if _URL.match(line) else str((file.parent / line).resolve())
            if not _URL.match(line) and not Path(place).is_dir():
                raise UsageProblem(f"{file}:{number}: {line} is neither a folder nor a URL for git")
            if place in places:
                raise UsageProblem(f"{file}:{number}: {line} is listed twice")
            places.append(place)
    parts = [re.split(r"[/:]+", place.rstrip("/").removesuffix(".git")) for place in places]
    for length in range(1, max(map(len, parts), default=0) + 1):
        names = ["/".join(each[-length:]) for each in parts]
        if len(set(names)) == len(names):
            break
    else:
        names = places
    return [Checkout(name, place) for name, place in zip(names, places, strict=True)]


@contextmanager
def opened(checkout: Checkout) -> Iterator[Path]:
    """The folder of a checkout; a URL is cloned, its newest commit only. Raises `GitProblem`."""
    if not _URL.match(checkout.place):
        yield Path(checkout.place)
        return
    with TemporaryDirectory() as folder:
        ask(Path(folder), "clone", "--quiet", "--depth", "1", "--", checkout.place, "tree")
        yield Path(folder, "tree")

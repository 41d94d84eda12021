"""Do the same thing to many items, on every processor when that is worth it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_WORTH_A_PROCESS = 200_000


def run_parallel(
    function: Callable[[Item], Result], items: Sequence[Item], size: Callable[[Item], int]
) -> Iterator[Result]:
    """`function` of each item, in order; `size` is an item's bytes or characters, to judge the work by."""
    workers = min(os.cpu_count() or 1, sum(map(size, items)) // _WORTH_A_PROCESS)
    if workers < 2:
        yield from map(function, items)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(function, items, chunksize=4)

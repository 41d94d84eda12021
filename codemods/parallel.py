"""Do the same thing to many items, on every processor when that is worth it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

Item = TypeVar("Item")
Result = TypeVar("Result")
_WORTH_A_PROCESS = 200_000


def run_parallel(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    size: Callable[[Item], int],
    executor: Executor | None = None,
) -> Iterator[Result]:
    """`function` of each item, in order; `size` is an item's bytes or characters, to judge the work by.

    Without an `executor` there are processes as far as the work is worth it.
    """
    if executor is not None:
        yield from executor.map(function, items, chunksize=4)
        return
    workers = min(os.cpu_count() or 1, sum(map(size, items)) // _WORTH_A_PROCESS)
    if workers < 2:
        yield from map(function, items)
        return
    from concurrent.futures import ProcessPoolExecutor  # slow to import, and small runs need none

    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(function, items, chunksize=4)

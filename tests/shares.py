"""The order of the tests for several workers: each begins with long tests, and ends with quick ones.

xdist gives each worker a share of the list, and a worker that has finished takes tests from the end of another's. With
quick tests there, all workers finish at about the same time.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

LONGEST_FIRST = ("engine", "native", "benchmarks", "browser", "delivery", "host", "cli", "tools")
"""The folders of long tests. The tests of the other folders are quick."""
_TOGETHER = 12
"""So many tests of a module stay together, and share what its fixtures prepare."""


def in_shares(tests: Sequence[T], path_of: Callable[[T], tuple[str, str]], workers: int) -> list[T]:
    """The tests in the order in which the workers get them.

    Args:
        tests: All tests, module by module.
        path_of: The folder and the module of a test.
        workers: How many workers there are.
    """
    places = {folder: place for place, folder in enumerate(LONGEST_FIRST)}
    ordered = sorted(tests, key=lambda test: places.get(path_of(test)[0], len(places)))
    shares: list[list[T]] = [[] for _ in range(workers)]
    for _, group in groupby(ordered, path_of):
        module = list(group)
        for first in range(0, len(module), _TOGETHER):
            min(shares, key=len).extend(module[first : first + _TOGETHER])
    return [test for share in shares for test in share]

"""The order of the tests for several workers: each begins with long tests, and ends with quick ones.

xdist gives each worker a share of the list, and a worker that has finished takes tests from the end of another's. With
quick tests there, all workers finish at about the same time.
"""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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
    shares: list[list[T]] = [[] for _ in range(workers)]
    for part in _parts(tests, path_of):
        min(shares, key=len).extend(part)
    quick = iter([test for test in tests if path_of(test)[0] not in LONGEST_FIRST])
    left = len(tests)
    for others, share in zip(range(workers - 1, -1, -1), shares, strict=True):
        size = left // (others + 1)  # as xdist counts
        share.extend(islice(quick, max(0, size - len(share))))
        left -= len(share)
    return [*(test for share in shares for test in share), *quick]


def _parts(tests: Iterable[T], path_of: Callable[[T], tuple[str, str]]) -> Iterable[list[T]]:
    """The long tests, a few of one module at a time."""
    long = [test for test in tests if path_of(test)[0] in LONGEST_FIRST]
    for _, module in groupby(sorted(long, key=lambda test: LONGEST_FIRST.index(path_of(test)[0])), path_of):
        of_module = list(module)
        for first in range(0, len(of_module), _TOGETHER):
            yield of_module[first : first + _TOGETHER]

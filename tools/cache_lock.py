"""One run at a time puts something into the user's cache."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tools import pinned
from tools.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def lock(what: str) -> Iterator[None]:
    """Hold the cache for one thing: a second run waits for the first, and then finds the thing there.

    Args:
        what: `engine` or `browser`.
    """
    pinned.cache().mkdir(parents=True, exist_ok=True)
    with (pinned.cache() / f"{what}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with progress(f"Waiting for another run, which is getting the {what}"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield

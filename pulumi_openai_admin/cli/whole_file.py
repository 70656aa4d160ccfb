"""Write a file completely or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO


@contextmanager
def whole_file(path: Path, *, mode: int = 0o666) -> Iterator[TextIO]:
    """A text file that replaces the file at the path after all of it is written.

    A path that is not a regular file, such as a pipe, is written directly.

    Args:
        path: The path.
        mode: Its permissions, less what the umask takes. It has them from the beginning.
    """
    place = path.resolve()  # a link stays a link
    if place.exists() and not place.is_file():
        with place.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        return
    draft = place.with_name(f".{place.name}.draft")
    draft.unlink(missing_ok=True)  # of a run that was killed, with permissions of its own
    try:
        draft.touch(mode=mode)
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)

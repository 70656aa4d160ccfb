"""Write a file completely or not at all."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

_DEVICES = Path("/dev")


@contextmanager
def whole_file(path: Path, *, mode: int = 0o666) -> Iterator[TextIO]:
    """A text file that replaces the file at the path after all of it is written.

    A path that is not a regular file, such as a pipe or `/dev/stdout`, is written directly.

    Args:
        path: The path.
        mode: Its permissions, less what the umask takes. It has them from the beginning.
    """
    if (path.exists() and not path.is_file()) or path.parent == _DEVICES:  # standard output may be a file
        with path.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        return
    place = path.resolve()  # a link stays a link
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}.draft")  # two commands may write the same file
    try:
        draft.touch(mode=mode, exist_ok=False)
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)

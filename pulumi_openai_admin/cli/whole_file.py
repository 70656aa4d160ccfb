"""Write a file completely or not at all."""

from __future__ import annotations

import secrets
import sys
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

_STANDARD_OUTPUT = (Path("-"), Path("/dev/stdout"))
_DEVICES = Path("/dev")


def is_standard_output(path: Path) -> bool:
    """Return whether a path means standard output. Windows has no `/dev/stdout`."""
    return path in _STANDARD_OUTPUT


def named(path: Path) -> str:
    """Return the path, for a message that says what was written."""
    return "standard output" if is_standard_output(path) else str(path)


@contextmanager
def whole_file(path: Path, *, mode: int = 0o666) -> Iterator[TextIO]:
    """Give a text file that replaces the file at the path after all of it is written.

    Standard output, and a path that is not a regular file, such as a pipe, is written directly.

    Args:
        path: The path; `-`: standard output.
        mode: Its permissions, less what the umask takes. It has them from the beginning.

    Raises:
        OSError: It could not be written. The error names the path.
    """
    try:
        with _written(path, mode) as file:
            yield file
    except OSError as error:
        raise OSError(error.errno, error.strerror, named(path)) from None


@contextmanager
def _written(path: Path, mode: int) -> Iterator[TextIO]:
    if is_standard_output(path):  # opened by its name, a file that it appends to would lose what it has
        with _standard_output() as file:
            yield file
        return
    if (path.exists() and not path.is_file()) or path.parent == _DEVICES:
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


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    sys.stdout.flush()
    file = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    try:
        yield file
        file.flush()
    finally:
        file.detach()  # it stays open

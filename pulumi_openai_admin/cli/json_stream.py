"""Documents of the Pulumi CLI, read piece by piece: an exported stack or a preview may be larger than memory."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import ijson

from pulumi_openai_admin import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

STDIN = Path("-")


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file that can be read several times.

    Args:
        path: The file; `-`: stdin, which is copied to a temporary file that only this user can read.
    """
    if path.is_file():
        with path.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as copy:
        if path == STDIN:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        else:  # a pipe, such as `<(pulumi preview --json)`
            with path.open("rb") as pipe:
                shutil.copyfileobj(pipe, copy)
        yield copy


def items(file: IO[bytes], place: str, what: str, advice: str) -> Iterator[Any]:
    """The items of a list in the document, or the one value in a place.

    Args:
        file: The document; it is read from the beginning.
        place: The place, such as `deployment.resources.item`.
        what: What the document is, for messages.
        advice: How to get the right document.

    Raises:
        errors.ConfigurationError: It is not JSON.
    """
    file.seek(0)
    try:
        yield from ijson.items(file, place, use_float=True)
    except (ijson.JSONError, UnicodeDecodeError):
        raise errors.ConfigurationError(f"{what} is not JSON", advice) from None

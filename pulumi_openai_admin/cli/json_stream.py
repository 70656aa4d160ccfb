"""Documents of the Pulumi CLI, read piece by piece: an exported stack or a preview may be larger than memory."""

from __future__ import annotations

import codecs
import json
import shutil
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import ijson

from pulumi_openai_admin import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

STDIN = Path("-")

_LONGEST_MARK = 4
"""Bytes from which the encoding is found."""
_CHUNK = 1 << 20


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file in UTF-8 that can be read several times.

    A file in UTF-16, which `>` in PowerShell writes, or with a byte order mark is copied in UTF-8.

    Args:
        path: The file; `-`: stdin. Copies are temporary files that only this user can read.
    """
    with ExitStack() as until:
        source = sys.stdin.buffer if path == STDIN else until.enter_context(path.open("rb"))
        start = source.read(_LONGEST_MARK)
        encoding = json.detect_encoding(start)
        if encoding == "utf-8" and path.is_file():
            source.seek(0)
            yield source
            return
        copy = until.enter_context(tempfile.TemporaryFile())
        if encoding == "utf-8":  # a pipe, such as `<(pulumi preview --json)`
            copy.write(start)
            shutil.copyfileobj(source, copy)
        else:
            _copy_decoded(start, source, copy, encoding)
        yield copy


def _copy_decoded(start: bytes, source: IO[bytes], copy: IO[bytes], encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("replace")  # an incomplete character ends no JSON document
    chunk = start
    while chunk:
        copy.write(decoder.decode(chunk).encode())
        chunk = source.read(_CHUNK)
    copy.write(decoder.decode(b"", final=True).encode())


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

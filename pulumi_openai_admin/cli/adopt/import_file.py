"""The file for `pulumi import --file`: each resource with its whole state, so that nothing has to be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors

if TYPE_CHECKING:
    from typing import IO

    from pulumi_openai_admin.dynamic.adoption import Imported

_BEGIN, _BETWEEN, _END = b'{"resources": [\n', b",\n", b"\n]}\n"


def entry(name: str, imported: Imported) -> bytes:
    """The line of a resource in the file.

    Args:
        name: Its name in the program.
        imported: Its state.
    """
    document = {
        "type": imported.type_token,
        "name": name,
        "id": imported.id,
        "inputs": dict(imported.inputs),
        "outputs": dict(imported.outputs),
    }
    return json.dumps(document, ensure_ascii=False).encode()


def require_text(imported: Imported) -> None:
    """Check that the file can have a resource.

    Raises:
        errors.NotAdoptableError: It contains half of a surrogate pair, which is not valid text.
    """
    try:
        entry("", imported)
    except UnicodeEncodeError:
        what = f"{imported.id!r} can't be imported: it contains a character that Pulumi can't store"
        raise errors.NotAdoptableError(what) from None


class ImportFile:
    """Writes the file entry by entry, because it may be larger than memory.

    Args:
        file: An empty, open file.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._before = _BEGIN

    def add(self, entries: list[bytes]) -> None:
        """Write resources."""
        for line in entries:
            self._file.write(self._before + line)
            self._before = _BETWEEN

    def finish(self) -> None:
        """Write the end."""
        self._file.write(_END if self._before is _BETWEEN else _BEGIN + _END)

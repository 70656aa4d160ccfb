"""The file for `pulumi import --file`: each resource with its whole state, so that nothing has to be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors

if TYPE_CHECKING:
    from typing import IO

    from pulumi_openai_admin.dynamic.adoption import Imported

_BEGIN, _BETWEEN, _END = b'{"resources": [\n', b",\n", b"\n]}\n"


def entry(name: str, adopted: Imported) -> bytes:
    """The line of a resource in the file.

    Args:
        name: Its name in the program.
        adopted: Its state.

    Raises:
        errors.NotAdoptableError: It contains half of a surrogate pair, which is not valid text.
    """
    document = {
        "type": adopted.type_token,
        "name": name,
        "id": adopted.id,
        "inputs": dict(adopted.inputs),
        "outputs": dict(adopted.outputs),
    }
    try:
        return json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        what = f"{adopted.type_token.rpartition(':')[2]} {adopted.id}: it contains a character that Pulumi can't store"
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

"""What `pulumi import --file` reads: each resource with its whole state, so that nobody has to be asked for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pulumi_openai_admin.provider.adoption import NotAsFound

if TYPE_CHECKING:
    from typing import IO

    from pulumi_openai_admin.provider.adoption import Adopted

_BEGIN, _BETWEEN, _END = b'{"resources": [\n', b",\n", b"\n]}\n"


def entry(name: str, one: Adopted) -> bytes:
    """What the file says of one resource, in a line.

    Args:
        name: Its name in the program.
        one: Its state.

    Raises:
        NotAsFound: It holds half of a surrogate pair, which is no text.
    """
    document = {
        "type": one.type_token,
        "name": name,
        "id": one.id,
        "inputs": dict(one.inputs),
        "outputs": dict(one.outputs),
    }
    try:
        return json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        what = f"{one.type_token.rpartition(':')[2]} {one.id}: it holds a character that Pulumi can't store"
        raise NotAsFound(what) from None


class ImportFile:
    """Writes the file entry by entry: of a large organization it is larger than memory.

    Args:
        file: Empty, and open.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._before = _BEGIN

    def add(self, entries: list[bytes]) -> None:
        """Write resources."""
        for one in entries:
            self._file.write(self._before + one)
            self._before = _BETWEEN

    def finish(self) -> None:
        """Write the end."""
        self._file.write(_END if self._before is _BETWEEN else _BEGIN + _END)

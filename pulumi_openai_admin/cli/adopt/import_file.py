"""The file for `pulumi import --file`.

For the dynamic provider it has the whole state of each resource, so that nothing has to be read. The native provider
reads an object by its id.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.hosts.dynamic.adoption import imported
from pulumi_openai_admin.hosts.native import names, properties

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO, Any

    from pulumi_openai_admin.lifecycle.adopt import Adopted
    from pulumi_openai_admin.resources.base import AdminResource

_BETWEEN, _END = b",\n", b"\n]}\n"


@dataclass(frozen=True)
class Import:
    """An existing object that is imported into a stack.

    Args:
        resource: The class of its resource.
        adopted: Its id, its inputs and its state.
        is_whole: Whether the program declares all that a provider reads from OpenAI. If not, the inputs that a provider
            reads differ from those of the program, and the first preview would show a change.
    """

    resource: type[AdminResource]
    adopted: Adopted
    is_whole: bool


def with_state(name: str, import_: Import) -> dict[str, Any]:
    """The entry for the dynamic provider: it can't read an object by its id.

    Args:
        name: The name of the resource in the program.
        one: The object.
    """
    state = imported(import_.resource, import_.adopted)
    values = {"inputs": dict(state.inputs), "outputs": dict(state.outputs)}
    return {"type": state.type_token, "name": name, "id": state.id, **values}


def by_id(name: str, import_: Import) -> dict[str, Any]:
    """The entry for the native provider. It has the state only if the program declares a part of the object.

    Args:
        name: The name of the resource in the program.
        one: The object.
    """
    entry = {"type": names.token(import_.resource.__name__), "name": name, "id": import_.adopted.id}
    if import_.is_whole:
        return entry
    from pulumi_openai_admin.hosts.native.native_host import state_of  # noqa: PLC0415 - only here, and slow to import

    inputs = properties.from_inputs(import_.resource.declaration, import_.adopted.inputs)
    return {**entry, "inputs": inputs, "outputs": state_of(import_.resource, import_.adopted.outputs, {})}


def encoded(entry: dict[str, Any]) -> bytes:
    """The line of a resource in the file."""
    return terminal.without_invisible(json.dumps(entry, ensure_ascii=False)).encode()


def require_text(import_: Import) -> None:
    """Check that the file can have a resource.

    Raises:
        errors.NotAdoptableError: It contains half of a surrogate pair, which is not valid text.
    """
    try:
        json.dumps(with_state("", import_), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        what = f"{import_.adopted.id!r} can't be imported: it contains a character that Pulumi can't store"
        raise errors.NotAdoptableError(what) from None


class ImportFile:
    """Writes the file entry by entry, because it may be larger than memory.

    Args:
        file: An empty, open file.
        provider: The name and the URN of the provider of all resources; None: the default one.
    """

    def __init__(self, file: IO[bytes], provider: tuple[str, str] | None) -> None:
        self._file = file
        self._provider = {"provider": provider[0]} if provider else {}
        table = f'"nameTable": {json.dumps(dict([provider]))}, ' if provider else ""
        self._begin = self._before = f'{{{table}"resources": [\n'.encode()

    def add(self, entries: Iterable[dict[str, Any]]) -> None:
        """Write resources."""
        for entry in entries:
            self._file.write(self._before + encoded({**entry, **self._provider}))
            self._before = _BETWEEN

    def finish(self) -> None:
        """Write the end."""
        self._file.write(_END if self._before is _BETWEEN else self._begin + _END)

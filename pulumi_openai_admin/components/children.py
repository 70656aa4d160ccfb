"""The resources of a component: all of them are checked before the first one is registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.program import inputs as program_inputs
from pulumi_openai_admin.schema.unknown import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    import pulumi

    from pulumi_openai_admin.resources.base import AdminResource


@dataclass(frozen=True)
class Later:
    """An input that is the id of a resource which the component declares before.

    Args:
        of: Gives the id, once the resource is declared.
    """

    of: Callable[[], pulumi.Output[str]]


@dataclass
class Child:
    """A resource that a component declares.

    Args:
        kind: Its class.
        name: Its name in the program.
        inputs: Its inputs.
        options: Its options.
        place: The entry of an argument that has the inputs: `alerts['high']`. Empty if they are arguments.
        called: The arguments from which inputs come that have other names there.
    """

    kind: type[AdminResource]
    name: str
    inputs: Mapping[str, Any]
    options: pulumi.ResourceOptions
    place: str = ""
    called: Mapping[str, str] = field(default_factory=dict)

    def failures(self) -> list[str]:
        """The errors in its inputs, each a sentence that names the argument of the component."""
        return program_inputs.failures(self.kind, _with_ids(self.inputs, lambda _: UNKNOWN), self._place_of)

    def declare(self) -> None:
        """Register it."""
        inputs = _with_ids(self.inputs, lambda later: later.of())
        self.resource: Any = self.kind(self.name, **inputs, opts=self.options)

    def _place_of(self, name: str) -> str:
        if name in self.called or not self.place or name == "project_id":
            return self.called.get(name, name)
        return f"{self.place}[{name!r}]"


def _with_ids(value: Any, id_of: Callable[[Later], Any]) -> Any:
    """A value with the ids of resources in place of `Later`, at any depth."""
    if isinstance(value, Later):
        return id_of(value)
    if isinstance(value, Mapping):
        return {key: _with_ids(entry, id_of) for key, entry in value.items()}
    return [_with_ids(entry, id_of) for entry in value] if isinstance(value, list) else value

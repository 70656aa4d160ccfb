"""The resources of a component, as data: all of them are checked before the first one is registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.program import inputs as program_inputs
from pulumi_openai_admin.schema.unknown import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.components.entries import Arguments
    from pulumi_openai_admin.resources.base import AdminResource


@dataclass(frozen=True)
class Later:
    """An input that is an output of a resource which the component declares before.

    Args:
        of: The resource.
        output: The name of its output.
    """

    of: Child
    output: str


@dataclass(frozen=True, eq=False)
class Child:
    """A resource that a component declares.

    Args:
        kind: Its class.
        name: Its name in the program.
        inputs: Its inputs. Values may be Outputs, and `Later`.
        called: What `former_names` calls it: `alerts.high`.
        entry: The name of its entry, if there can be several of its kind.
        is_protected: Whether it is protected, even if the component is not.
        place: The entry of an argument that has the inputs: `alerts['high']`. Empty if they are arguments.
        arguments: The arguments from which inputs come that have other names there.
    """

    kind: type[AdminResource]
    name: str
    inputs: Mapping[str, Any]
    called: str
    entry: str = ""
    is_protected: bool = False
    place: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)

    def failures(self, checked: Arguments) -> list[str]:
        """The errors in its inputs, each a sentence that names the argument of the component."""

        def place_of(name: str) -> str:
            if name in self.arguments:
                return self.arguments[name]
            is_of_program = self.place and name != "project_id"
            return checked.inside(self.place, name) if is_of_program else checked.name(name)

        known = with_outputs(self.inputs, lambda _: UNKNOWN)
        return program_inputs.failures(self.kind, known, place_of, self.place)


def with_outputs(value: Any, output_of: Callable[[Later], Any]) -> Any:
    """A value with the outputs of resources in place of `Later`, at any depth."""
    if isinstance(value, Later):
        return output_of(value)
    if isinstance(value, Mapping):
        return {key: with_outputs(entry, output_of) for key, entry in value.items()}
    return [with_outputs(entry, output_of) for entry in value] if isinstance(value, list) else value

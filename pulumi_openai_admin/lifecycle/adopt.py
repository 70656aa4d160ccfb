"""The verb `adopt`: what a program declares for an object that exists already, and the state with which it is clean.

A handler says which objects a program declares (`Adoptable.ids`) and with which values (`declared`), and imports an
object with them (`adopt`). The state that follows is compared with `check` and `diff`: what would not preview
clean is refused with the reason. All of it runs in `Requestor.only_reads`, so no handler can change anything. The
native provider uses it for imports by id. Pulumi can't import into a dynamic provider by id, but it takes whole states
from a file: the command `adopt` writes it, and `hosts/dynamic/adoption.py` adds the provider.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.capabilities import Adoptable
from pulumi_openai_admin.http.clock import Clock
from pulumi_openai_admin.lifecycle import by_id, organization, state
from pulumi_openai_admin.lifecycle.check import check
from pulumi_openai_admin.lifecycle.diff import diff
from pulumi_openai_admin.lifecycle.resource import Inputs, Outputs
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.schema import validation
from pulumi_openai_admin.schema.fields import ABSENT, FieldRole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.lifecycle.resource import Resource
    from pulumi_openai_admin.schema.fields import Declaration, Field


@dataclass(frozen=True)
class Adopted:
    """An existing object that a resource manages from now on."""

    id: str
    """The Pulumi id."""
    inputs: Mapping[str, Any]
    """What a program declares to manage the object as it is."""
    outputs: Outputs
    """The state. The preview of a program with the inputs shows no change."""


@dataclass(frozen=True)
class _NoResource:
    """The caller of `check` and `diff` for an object that no program declares yet."""

    urn: str = ""
    run: Run = dataclass_field(default_factory=Run)
    clock: Clock = dataclass_field(default_factory=Clock)


def found(resource: Resource, client: Client, id_: str) -> Adopted:
    """Adopt an existing object by its Pulumi id. Only reads: a handler that sends anything else is refused.

    Args:
        resource: Its declaration.
        client: Sends the requests. Objects are read from lists, which the client shares.
        id_: The Pulumi id.

    Raises:
        errors.NotAdoptableError: A program can't manage the object as it is; the text gives the reason.
        errors.ConfigurationError: The id is not valid for this kind of resource.
        errors.AdminError: The handler's errors, such as that there is no such object.
    """
    with client.requestor.only_reads():
        with by_id.selecting(resource, client, id_):
            inputs = declared(resource, client, id_)
        return adopted(resource, client, inputs, id_)


def declared(resource: Resource, client: Client, id_: str) -> dict[str, Any]:
    """The inputs with which a program manages an existing object as it is. Only reads.

    An optional input is omitted where OpenAI shows no value, or one that no program can set: then it is not managed.

    Raises:
        errors.AdminError: See `found`.
    """
    remote = state.remote_of(resource.declaration, id_, {})
    try:
        document = _handler(resource, id_).declared(client, remote)
    except errors.ResourceGoneError as gone:
        if not gone.name:
            raise
        raise errors.ResourceGoneError.not_found(gone.name) from gone
    inputs = _inputs(resource.declaration, remote, document)
    missing = [field.name for field in resource.declaration.inputs if field.is_always_set and field.name not in inputs]
    if missing:
        raise errors.NotAdoptableError(f"{id_!r} can't be imported: OpenAI shows no {missing[0]}")
    return inputs


def adopted(resource: Resource, client: Client, inputs: Mapping[str, Any], id_: str) -> Adopted:
    """The state of a resource with these inputs that manages an existing object with the same values.

    The handler makes it, so that its later steps can use it.

    Args:
        resource: Its declaration.
        client: Has the lists with the object, or reads them.
        inputs: The inputs in the program: those of `declared`, or some of them.
        id_: The Pulumi id.

    Raises:
        errors.NotAdoptableError: The inputs are invalid, or would change the object.
    """
    declaration, handler = resource.declaration, _handler(resource, id_)
    remote = state.new_remote(declaration, inputs)
    remote.id = state.remote_of(declaration, id_, {}).id
    organization.remember(resource, client, remote)
    handler.adopt(client, remote, state.to_wanted(declaration, inputs))
    outputs = state.to_outputs(declaration, remote, state.given(declaration, inputs))
    own_id = state.make_id(declaration, remote)
    _require_clean(resource, own_id, inputs, outputs)
    return Adopted(own_id, inputs, Outputs.of(declaration, outputs, ()))


def _handler(resource: Resource, id_: str) -> Adoptable:
    """The handler of a kind that can be adopted.

    Raises:
        errors.NotAdoptableError: It can't.
    """
    handler = resource.handler
    if handler.traits.not_adoptable or not isinstance(handler, Adoptable):
        raise errors.NotAdoptableError(f"{id_!r} can't be imported: {handler.traits.not_adoptable}")
    return handler


def _inputs(declaration: Declaration, remote: Remote, document: Mapping[str, Any]) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    for field in declaration.inputs:
        value = remote.parents[field.wire] if field.role is FieldRole.PATH else documents.get(document, field.wire)
        value = field.from_handler(value)
        if _can_be_declared(field, value):
            inputs[field.name] = field.ordered(validation.normalized(value))
    return inputs


def _can_be_declared(field: Field[Any, Any], value: Any) -> bool:
    """Whether a program sets a field. A program contains no secrets, and no value that `check` refuses."""
    is_blank = isinstance(value, str) and value.strip() == ABSENT
    if value is None or is_blank or field.is_secret or field.role is FieldRole.OPTION:
        return False
    return field.is_always_set or not validation.failure(field, value, is_secret=False)


def _require_clean(resource: Resource, id_: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
    """Check that the first preview after the import shows no change.

    Raises:
        errors.NotAdoptableError: It would show one.
    """
    checked = check(resource, _NoResource(), {}, Inputs(inputs))
    if checked.failures:
        reasons = " ".join(failure.reason for failure in checked.failures).rstrip(".")
        raise errors.NotAdoptableError(f"{id_!r} can't be imported: {reasons}")
    difference = diff(resource, _NoResource(), id_, outputs, Inputs(checked.inputs))
    if difference.inputs or difference.replaces or difference.is_due:
        what = ", ".join(difference.inputs) or "the last change did not finish"
        raise errors.NotAdoptableError(f"{id_!r} can't be imported: no program can reproduce these values: {what}")

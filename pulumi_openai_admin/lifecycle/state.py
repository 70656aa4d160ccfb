"""What stands in a stack's state for one resource, and how it becomes a `Remote` and back. Pure.

Every declared field stands there, `ABSENT` where OpenAI leaves it out. Beside them, under `__managed`
(two underscores: kept, and never displayed), what later steps need and nothing else tells:

    inputs      the names of the inputs that the program set, since `read` sees outputs only
    secret      the names of the inputs that are secret
    unfinished  what the next run has to do although no input differs, in words
    …           what the endpoint's shape remembers (`Remote.private`)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.schema.fields import ABSENT, Role
from pulumi_openai_admin.schema.validation import normalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.schema.fields import Declaration

MANAGED = "__managed"
ORGANIZATION = "organization"
"""The Pulumi id of a setting of the organization: there is one, so nothing has to say which."""
ENDS_WITH_PARENT = "__ends_with_parent"
"""An input that the constructor adds: the object is inside one that the same program manages, and ends with it."""


def make_id(declaration: Declaration, remote: Remote) -> str:
    """A Pulumi id: the ids of the path, then the object's own if it has one, which alone may hold slashes.

    A setting of the organization has neither, and Pulumi refuses an empty id.
    """
    return "/".join([*remote.parents.values(), *([remote.id] if declaration.identity else [])]) or ORGANIZATION


def split_id(declaration: Declaration, id_: str) -> tuple[dict[str, str], str]:
    """The ids of the path, and the object's own: the last of the path where it has none."""
    names = [field.wire for field in declaration.with_role(Role.PATH)]
    if not names:
        return {}, id_
    parts = id_.split("/", len(names) if declaration.identity else -1)
    parents = parts[:-1] if declaration.identity else parts
    return dict(zip(names, parents, strict=True)), parts[-1]


def managed_inputs(state: Mapping[str, Any]) -> set[str] | None:
    """The inputs that the program set; None where the state was not made by this package's steps."""
    managed = state.get(MANAGED)
    return None if managed is None else set(managed.get("inputs", ()))


def given(declaration: Declaration, inputs: Mapping[str, Any]) -> list[str]:
    """The names of the inputs that the program sets, with the one that the constructor adds."""
    names = [*(field.name for field in declaration.inputs), ENDS_WITH_PARENT]
    return [name for name in names if inputs.get(name) is not None]


def secret_inputs(state: Mapping[str, Any]) -> list[str]:
    """The inputs that are secret."""
    return list((state.get(MANAGED) or {}).get("secret", ()))


def unfinished(state: Mapping[str, Any]) -> list[str]:
    """What an earlier run left to do, in words."""
    return list((state.get(MANAGED) or {}).get("unfinished", ()))


def known(state: Mapping[str, Any], name: str) -> Any:
    """A field's value in the state, None where it is absent."""
    value = normalized(state.get(name))
    return None if value == ABSENT else value


def to_wanted(declaration: Declaration, inputs: Mapping[str, Any]) -> Wanted:
    """What the program sets, by OpenAI's names."""

    def by_wire(role: Role) -> dict[str, Any]:
        given = {field.wire: normalized(inputs.get(field.name)) for field in declaration.with_role(role)}
        return {wire: value for wire, value in given.items() if value is not None}

    return Wanted(selection=by_wire(Role.SELECTOR), settings=by_wire(Role.ARGUMENT))


def new_remote(declaration: Declaration, inputs: Mapping[str, Any]) -> Remote:
    """An object that is not there yet."""
    return Remote(parents={field.wire: str(inputs[field.name]) for field in declaration.with_role(Role.PATH)})


def to_document(declaration: Declaration, state: Mapping[str, Any]) -> dict[str, Any]:
    """The object in OpenAI's spelling, as the state knows it."""
    document: dict[str, Any] = {}
    for field in declaration.fields.values():
        value = known(state, field.stored)
        if value is not None and field.role is not Role.PATH:
            _put(document, field.wire, value)
    return document


def to_remote(declaration: Declaration, id_: str, state: Mapping[str, Any]) -> Remote:
    """The object as the state knows it."""
    parents, own_id = split_id(declaration, id_)
    remote = Remote(parents=parents, id=own_id, attributes=to_document(declaration, state))
    remote.attributes.setdefault("id", own_id)
    remote.private = {
        name: value
        for name, value in normalized(state.get(MANAGED) or {}).items()
        if name not in {"inputs", "secret", "unfinished"}
    }
    remote.pending = unfinished(state)
    return remote


def remote_of(declaration: Declaration, id_: str, state: Mapping[str, Any]) -> Remote:
    """The object as the state knows it, by an id that a user may have written.

    Raises:
        ConfigurationError: The id is none of this kind of resource.
    """
    try:
        return to_remote(declaration, id_, state)
    except ValueError:
        names = [*(field.name for field in declaration.with_role(Role.PATH)), declaration.identity]
        shape = "/".join(f"<{name}>" for name in names if name)
        raise errors.ConfigurationError(f"{id_!r} is no id of this resource", f"It has to be {shape}.") from None


def to_outputs(
    declaration: Declaration, remote: Remote, inputs: Iterable[str], secret: Iterable[str] = ()
) -> dict[str, Any]:
    """The state of an object, for a program that sets these inputs, of which some are secret."""
    outputs: dict[str, Any] = {}
    for field in declaration.fields.values():
        value = remote.parents[field.wire] if field.role is Role.PATH else _get(remote.attributes, field.wire)
        outputs[field.stored] = ABSENT if value is None else value
    names = sorted(inputs)
    if ENDS_WITH_PARENT in names:
        outputs[ENDS_WITH_PARENT] = True
    managed = {"inputs": names, **remote.private}
    if secret:
        managed["secret"] = sorted(secret)
    if remote.pending:
        managed["unfinished"] = list(remote.pending)
    outputs[MANAGED] = managed
    return outputs


def live_inputs(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the program set, at the values that OpenAI shows now: so drift shows by name."""
    names = managed_inputs(outputs) or set()
    return {name: outputs[name] for name in sorted(names) if outputs.get(name, ABSENT) != ABSENT}


def _put(document: dict[str, Any], wire: str, value: Any) -> None:
    *holders, name = wire.split(".")
    for holder in holders:
        document = document.setdefault(holder, {})
    document[name] = value


def _get(document: Mapping[str, Any], wire: str) -> Any:
    value: Any = document
    for name in wire.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value

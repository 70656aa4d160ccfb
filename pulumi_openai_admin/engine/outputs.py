"""Values of Pulumi, in a program and in a provider, as the verbs have them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from enum import Enum
from typing import Any

import pulumi
from pulumi import Archive, Asset
from pulumi.output import Output, Unknown

from pulumi_openai_admin import errors
from pulumi_openai_admin.schema.shapes import UNKNOWN
from pulumi_openai_admin.schema.validation import Unsupported

logger = logging.getLogger(__name__)

ASSET = Unsupported("an asset")
ARCHIVE = Unsupported("an archive")
_SIMPLE = {str, int, float, bool, type(None)}


def plain(value: Any) -> Any:
    """The value, with what only Pulumi's classes express in the form that `schema` has for it.

    What is not known yet is unknown: an Output of a program, too.
    """
    if type(value) in _SIMPLE:  # most values are; the other classes are slow to ask
        return value
    if isinstance(value, Output | Awaitable | Unknown):
        return UNKNOWN
    if isinstance(value, Asset | Archive):
        return ASSET if isinstance(value, Asset) else ARCHIVE
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if is_list(value) else value


def is_list(value: object) -> bool:
    """Return whether a value is a list of a program: any sequence but a text."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


NAMES = "__secret"
"""The input with the names of the secret inputs; absent if there are none. Pulumi displays no inputs with `__`."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key of Pulumi's special values; the same in all languages of Pulumi."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the marker of secrets


def wrap(value: Any) -> Any:
    """The value in Pulumi's wire format for secrets."""
    return value if is_wrapped(value) else {SIGNATURE: SECRET, "value": value}


def is_wrapped(value: object) -> bool:
    """Return whether a value is in Pulumi's wire format for secrets."""
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def hide_added(values: Mapping[str, Any], known: Mapping[str, Any], secret: Collection[str]) -> dict[str, Any]:
    """The values, with those entries of secret mappings wrapped that the engine does not mark as secret itself.

    Args:
        values: The values for the engine.
        known: The values from the engine.
    """
    hidden = dict(values)
    for name, value in values.items():
        before = known.get(name)
        if name in secret and isinstance(value, dict) and isinstance(before, dict | list):
            entries = before if isinstance(before, dict) else ()  # of a list that became a mapping, none is known
            hidden[name] = {key: entry if key in entries else wrap(entry) for key, entry in value.items()}
    return hidden


def names(inputs: Mapping[str, Any]) -> pulumi.Output[list[str]] | None:
    """The names of the inputs that are secret or contain a secret; None if there can't be any."""
    found = {name: outputs for name, value in inputs.items() if (outputs := _outputs_in(value))}

    async def of_secrets() -> Any:  # None is not sent
        secret = [name for name, outputs in found.items() if any([await output.is_secret() for output in outputs])]
        return secret or None

    return pulumi.Output.from_input(of_secrets()) if found else None


def _outputs_in(value: Any) -> list[pulumi.Output[Any]]:
    if isinstance(value, pulumi.Output):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [output for entry in inside for output in _outputs_in(entry)]


_UNKNOWN = 2
"""gRPC's status code for exceptions, which Pulumi's host of dynamic providers uses for all failures."""


def encode(values: Mapping[str, Any]) -> Any:
    """The message (`Struct`) of values, which may contain secrets in wire format.

    Raises:
        ConfigurationError: Somebody has put an asset into the memory of a state.
    """
    from google.protobuf import json_format, struct_pb2  # noqa: PLC0415 - a program needs none

    try:
        return json_format.ParseDict(dict(values), struct_pb2.Struct())
    except json_format.ParseError:
        raise errors.ConfigurationError.of_edited_state() from None


def send_partial_failure(context: Any, id_: str, state: Callable[[], Mapping[str, Any]], reason: str) -> bool:
    """Add the state of a failed step to the error of its call, so that the engine records the state.

    Args:
        context: The gRPC context of the call.
        state: Gives the state, with secrets in wire format.

    Returns:
        Whether the engine will record it. If the state can't be sent, the caller has to handle the partial result.
    """
    try:
        details = partial_failure(id_, encode(state()), reason)
    except Exception as error:  # noqa: BLE001 - whatever it is must not hide the step's own error, or lose its result
        logger.debug("The state of the failed operation could not be sent: %s", type(error).__name__)
        return False
    context.set_trailing_metadata((("grpc-status-details-bin", details),))
    return True


def partial_failure(id_: str, properties: Any, reason: str) -> bytes:
    """The metadata `grpc-status-details-bin` with which the engine records the state of a failed step.

    It is a serialized `google.rpc.Status`, with code, message and details as its fields 1 to 3. The generated class of
    that message is both in Pulumi's package and in Google's, and a process can import only one of them. Programs have
    their own dynamic providers in this process, with imports that are not known here, so neither is used.
    """
    from google.protobuf import any_pb2  # noqa: PLC0415
    from pulumi.runtime.proto import provider_pb2  # noqa: PLC0415

    detail = any_pb2.Any()
    detail.Pack(provider_pb2.ErrorResourceInitFailed(id=id_, properties=properties, reasons=[reason]))
    code = bytes([1 << 3, _UNKNOWN])
    return code + _bytes_field(2, reason.encode()) + _bytes_field(3, detail.SerializeToString())


def _bytes_field(number: int, value: bytes) -> bytes:
    """A field of a protobuf message: its number and type (2), the length in groups of seven bits, and the value."""
    length, rest = bytearray(), len(value)
    while rest > 0x7F:  # noqa: PLR2004 - the largest value of seven bits
        length.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([number << 3 | 2, *length, rest]) + value

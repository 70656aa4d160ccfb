"""What a step did before it failed, for the engine to record: the same message for both providers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

_UNKNOWN = 2
"""gRPC's status code for exceptions, which Pulumi's host of dynamic providers uses for all failures."""


def send_partial_failure(context: Any, id_: str, properties: Callable[[], Any], reason: str) -> bool:
    """Add the state of a failed step to the error of its call, so that the engine records the state.

    Args:
        context: The gRPC context of the call.
        id_: The object's Pulumi id.
        properties: Gives its state as a `Struct`, with secrets in wire format.
        reason: The error message.

    Returns:
        Whether the engine will record it. If the state can't be sent, the caller has to handle the partial result.
    """
    try:
        details = partial_failure(id_, properties(), reason)
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

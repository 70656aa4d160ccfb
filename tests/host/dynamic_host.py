"""Talks to a real host of dynamic providers as the engine does."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from google.rpc import status_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc
from typing_extensions import Self

from pulumi_openai_admin.dynamic import reference
from pulumi_openai_admin.dynamic.admin_provider import AdminProvider
from tests.host import warm_start

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# For the many: what they run of the package, unit tests and the other tests here measure.
UNMEASURED = {"COVERAGE_PROCESS_CONFIG": ""}


@dataclass
class Failure(Exception):
    """What a verb's failure tells the engine."""

    message: str
    id: str = ""
    properties: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message


def provider_of(resource: type[Any]) -> str:
    return reference.to(AdminProvider(resource))


def _struct(values: dict[str, Any], provider: str) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    json_format.ParseDict({**values, "__provider": provider}, struct)
    return struct


def _dict(struct: struct_pb2.Struct) -> dict[str, Any]:
    """What a provider said, with its secrets in plain text, as the engine hands them back to it."""
    values = marked(struct)
    return {name: rpc.unwrap_rpc_secret(value) for name, value in values.items()}


def marked(struct: struct_pb2.Struct) -> dict[str, Any]:
    """What a provider said, with its secrets in the form that has the engine encrypt them."""
    values = json_format.MessageToDict(struct)
    values.pop("__provider", None)
    return values


class Engine(engine_pb2_grpc.EngineServicer):
    """The part of the engine that a provider talks to: the log that its user sees."""

    def __init__(self) -> None:
        self.warnings: list[tuple[str, str]] = []
        self._server = grpc.server(ThreadPoolExecutor(max_workers=2))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def Log(self, request: Any, _context: Any) -> empty_pb2.Empty:  # noqa: N802 - the engine's own name
        assert request.severity == engine_pb2.WARNING
        self.warnings.append((request.urn, request.message))
        return empty_pb2.Empty()

    def stop(self) -> None:
        self._server.stop(None).wait(10)


class DynamicHost:
    """One process: one engine operation, with the configuration that its stack has.

    `door` is False to shut the way to messages and half-done steps, as a later Pulumi might.
    """

    def __init__(
        self, environ: dict[str, str], config: dict[str, str] | None = None, *, door: bool = True, prelude: str = ""
    ) -> None:
        self.environ = environ
        self._config = config or {}
        self._door = door
        self._prelude = prelude
        self._engine = Engine()
        self.stderr = ""

    @property
    def warnings(self) -> str:
        """What the user was warned of, by lines; each with its resource."""
        assert all(urn.startswith("urn:pulumi:dev::test::") for urn, _ in self._engine.warnings)
        return "\n".join(message for _, message in self._engine.warnings)

    def __enter__(self) -> Self:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
        prelude = self._prelude + ("" if self._door else _DOORLESS)
        self._process = warm_start.start([self._engine.address], {**clean, **self.environ}, prelude)
        self._lines: list[str] = []
        stderr = self._process.stderr
        self._reader = threading.Thread(target=lambda: self._lines.extend(stderr))
        self._reader.start()
        port = self._process.stdout.readline().strip()
        assert port, "".join(self._lines)
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        arguments = struct_pb2.Struct()
        json_format.ParseDict(self._config, arguments)
        self._stub.Configure(provider_pb2.ConfigureRequest(args=arguments))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.close()
        self._process.signal(signal.SIGTERM)
        self._reader.join(10)  # it reads until there is nobody who writes
        if self._reader.is_alive():  # coverage's own handler of the signal may stand in its way
            self._process.signal(signal.SIGKILL)
            self._reader.join(10)
        self._process.stdout.close()
        self._process.stderr.close()
        self._engine.stop()
        self.stderr = "".join(self._lines)

    @staticmethod
    def spelled(_resource: type[Any], text: str) -> str:
        """A message with the names that this provider has for properties."""
        return text

    def check(
        self, resource: type[Any], news: dict[str, Any], olds: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[str]]:
        provider = provider_of(resource)
        request = provider_pb2.CheckRequest(
            urn=_urn(resource), olds=_struct(olds or {}, provider), news=_struct(news, provider)
        )
        reply = self._call("Check", request)
        assert not any(failure.property for failure in reply.failures)
        return _dict(reply.inputs), [failure.reason for failure in reply.failures]

    def diff(
        self, resource: type[Any], id_: str, olds: dict[str, Any], news: dict[str, Any]
    ) -> tuple[bool | None, list[str]]:
        provider = provider_of(resource)
        request = provider_pb2.DiffRequest(
            id=id_, urn=_urn(resource), olds=_struct(olds, provider), news=_struct(news, provider)
        )
        reply = self._call("Diff", request)
        return {0: None, 1: False, 2: True}[reply.changes], list(reply.replaces)

    def create(self, resource: type[Any], inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        request = provider_pb2.CreateRequest(urn=_urn(resource), properties=_struct(inputs, provider_of(resource)))
        reply = self._call("Create", request)
        return reply.id, _dict(reply.properties)

    def read(self, resource: type[Any], id_: str, state: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        request = provider_pb2.ReadRequest(id=id_, urn=_urn(resource), properties=_struct(state, provider_of(resource)))
        reply = self._call("Read", request)
        return reply.id, _dict(reply.properties), _dict(reply.inputs)

    def update(self, resource: type[Any], id_: str, olds: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        provider = provider_of(resource)
        request = provider_pb2.UpdateRequest(
            id=id_, urn=_urn(resource), olds=_struct(olds, provider), news=_struct(news, provider)
        )
        return _dict(self._call("Update", request).properties)

    def delete(self, resource: type[Any], id_: str, state: dict[str, Any]) -> None:
        request = provider_pb2.DeleteRequest(
            id=id_, urn=_urn(resource), properties=_struct(state, provider_of(resource))
        )
        self._call("Delete", request)

    def _call(self, verb: str, request: Any) -> Any:
        try:
            return getattr(self._stub, verb)(request, timeout=120)
        except grpc.RpcError as error:
            raise failure_of(error, _dict) from None


def _urn(resource: type[Any]) -> str:
    return f"urn:pulumi:dev::test::pulumi-python:{resource._resource_type_name}::it"


def failure_of(error: Any, decoded: Callable[[struct_pb2.Struct], dict[str, Any]]) -> Failure:
    failure = Failure(error.details())
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            status = status_pb2.Status.FromString(value)
            kept = provider_pb2.ErrorResourceInitFailed()
            assert status.code == 2
            assert status.details[0].Unpack(kept)
            failure.id, failure.properties = kept.id, decoded(kept.properties)
    return failure


_DOORLESS = """
import builtins, traceback, types
# The host as a later version might be: its traceback module is not the one we look for.
another = types.ModuleType("traceback")
another.format_exc = traceback.format_exc
real_import = builtins.__import__
def patched(name, globals=None, *args, **kwargs):
    if name == "traceback" and globals and globals.get("__name__") == "__main__":
        return another
    return real_import(name, globals, *args, **kwargs)
builtins.__import__ = patched
"""

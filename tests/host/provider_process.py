"""Talks to a real process of each provider as the engine does, in the names of the declarations.

So every test that is written for Pulumi's host of dynamic providers runs with the native provider too.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from jsonschema_rs import Draft202012Validator
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc, status_pb2

from pulumi_openai_admin.engine.outputs import encode
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import Decoded, camel, token
from pulumi_openai_admin.hosts.native.servicer import schema
from pulumi_openai_admin.lifecycle.state import PREVIEW
from pulumi_openai_admin.program.provider import to
from tests.warm.start import start

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


QUICK = """
import pulumi_openai_admin.handlers.creation as once
assert once.POLL_DELAYS and once.VISIBILITY_LAG_SECONDS  # else nothing is scaled down
once.POLL_DELAYS = (0, 0.1, 0.3, 1.0)
once.VISIBILITY_LAG_SECONDS = 3
"""
"""A prelude with shorter waits: the looks for what a lost reply made, and the reads that get no reply."""


@dataclass
class Failure(Exception):
    """What a verb's failure tells the engine."""

    message: str
    id: str = ""
    properties: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message


class Engine(engine_pb2_grpc.EngineServicer):
    """The part of the engine that a provider talks to: the log that its user sees."""

    def __init__(self) -> None:
        self.warnings: list[tuple[str, str]] = []
        self.notes: list[tuple[str, str]] = []
        self._server = grpc.server(ThreadPoolExecutor(max_workers=2))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def Log(self, request: Any, _context: Any) -> empty_pb2.Empty:  # noqa: N802 - the engine's own name
        told = {engine_pb2.WARNING: self.warnings, engine_pb2.INFO: self.notes}
        told[request.severity].append((request.urn, request.message))
        return empty_pb2.Empty()

    def stop(self) -> None:
        self._server.stop(None).wait(10)


def bag(resource: type[Any], values: dict[str, Any]) -> struct_pb2.Struct:
    """Inputs or a state, with the provider that the engine keeps in each of them."""
    return json_format.ParseDict({**values, "__provider": to(resource.__name__)}, struct_pb2.Struct())


def marked(struct: struct_pb2.Struct) -> dict[str, Any]:
    """What a provider said, with its secrets in the form that has the engine encrypt them."""
    values = json_format.MessageToDict(struct)
    values.pop("__provider", None)
    return values


def plain(_resource: type[Any], struct: struct_pb2.Struct) -> dict[str, Any]:
    """What a provider said, with its secrets in plain text, as the engine hands them back to it."""
    return {name: rpc.unwrap_rpc_secret(value) for name, value in marked(struct).items()}


class DynamicProcess:
    """One process of Pulumi's host of dynamic providers: one engine operation, with the configuration of its stack."""

    module = "pulumi.dynamic"
    """What the process runs."""
    inputs_of = state_of = staticmethod(bag)
    """Inputs, or a state, as this provider gets them."""
    inputs_in = state_in = staticmethod(plain)
    """What the provider said of inputs, or of a state, by the names of the declaration: secrets are in plain text."""

    def __init__(self, environ: dict[str, str], config: dict[str, str] | None = None, *, prelude: str = "") -> None:
        self.environ = environ
        self.config = config or {}
        self._prelude = prelude
        self.engine = Engine()
        self.stderr = ""

    @property
    def warnings(self) -> str:
        """What the user was warned of, by lines; each with its resource."""
        assert all(urn.startswith("urn:pulumi:dev::test::") for urn, _ in self.engine.warnings)
        return "\n".join(message for _, message in self.engine.warnings)

    @property
    def notes(self) -> str:
        """What the user was told besides, by lines; each with its resource."""
        assert all(urn.startswith("urn:pulumi:dev::test::") for urn, _ in self.engine.notes)
        return "\n".join(message for _, message in self.engine.notes)

    def configure(self) -> None:
        """Give the provider its configuration, as the engine does."""
        arguments = json_format.ParseDict(self.config, struct_pb2.Struct())
        self.stub.Configure(provider_pb2.ConfigureRequest(args=arguments))

    @staticmethod
    def urn_of(resource: type[Any]) -> str:
        """The URN of the resource in all calls."""
        return f"urn:pulumi:dev::test::pulumi-python:{resource._resource_type_name}::it"

    @staticmethod
    def spelled(resource: type[Any], text: str) -> str:  # noqa: ARG004 - the names are those of the declaration
        """A message with the names that this provider has for properties."""
        return text

    @staticmethod
    def difference(resource: type[Any], reply: Any) -> tuple[bool | None, list[str]]:  # noqa: ARG004
        """What `Diff` says: `None` where inputs differ, True where an update is due without that; what replaces it."""
        return {0: None, 1: False, 2: True}[reply.changes], list(reply.replaces)

    def preview_create(self, resource: type[Any], inputs: dict[str, Any]) -> None:
        """What the engine calls in the preview of a creation."""
        _, failures = self.check(resource, {**inputs, PREVIEW: True})
        if failures:
            raise Failure("\n".join(failures))

    def preview_update(self, resource: type[Any], id_: str, olds: dict[str, Any], news: dict[str, Any]) -> None:
        """What the engine calls in the preview of a resource that has a state."""
        checked, failures = self.check(resource, {**news, PREVIEW: True}, olds=olds)
        assert not failures
        self.diff(resource, id_, olds, checked)

    def _whole(self, resource: type[Any], struct: struct_pb2.Struct) -> dict[str, Any]:
        """The state after a step that succeeded."""
        return self.state_in(resource, struct)

    def check(
        self, resource: type[Any], news: dict[str, Any], olds: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[str]]:
        bags = {"olds": self.inputs_of(resource, olds or {}), "news": self.inputs_of(resource, news)}
        reply = self._call(resource, "Check", provider_pb2.CheckRequest(urn=self.urn_of(resource), **bags))
        assert all(failure.property in failure.reason for failure in reply.failures)
        return self.inputs_in(resource, reply.inputs), [failure.reason for failure in reply.failures]

    def diff(
        self, resource: type[Any], id_: str, olds: dict[str, Any], news: dict[str, Any]
    ) -> tuple[bool | None, list[str]]:
        old_inputs = {name: olds[name] for name in news if name in olds}
        request = provider_pb2.DiffRequest(
            id=id_,
            urn=self.urn_of(resource),
            olds=self.state_of(resource, olds),
            news=self.inputs_of(resource, news),
            old_inputs=self.inputs_of(resource, old_inputs),
        )
        return self.difference(resource, self._call(resource, "Diff", request))

    def create(self, resource: type[Any], inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        properties = self.inputs_of(resource, inputs)
        request = provider_pb2.CreateRequest(urn=self.urn_of(resource), properties=properties)
        reply = self._call(resource, "Create", request)
        return reply.id, self._whole(resource, reply.properties)

    def read(self, resource: type[Any], id_: str, state: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        properties = self.state_of(resource, state)
        request = provider_pb2.ReadRequest(id=id_, urn=self.urn_of(resource), properties=properties)
        reply = self._call(resource, "Read", request)
        if not reply.id:
            return "", {}, {}
        return reply.id, self._whole(resource, reply.properties), self.inputs_in(resource, reply.inputs)

    def update(self, resource: type[Any], id_: str, olds: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        bags = {"olds": self.state_of(resource, olds), "news": self.inputs_of(resource, news)}
        request = provider_pb2.UpdateRequest(id=id_, urn=self.urn_of(resource), **bags)
        return self._whole(resource, self._call(resource, "Update", request).properties)

    def delete(self, resource: type[Any], id_: str, state: dict[str, Any]) -> None:
        properties = self.state_of(resource, state)
        request = provider_pb2.DeleteRequest(id=id_, urn=self.urn_of(resource), properties=properties)
        self._call(resource, "Delete", request)

    def _call(self, resource: type[Any], verb: str, request: Any) -> Any:
        try:
            return getattr(self.stub, verb)(request, timeout=120)
        except grpc.RpcError as error:
            raise failure_of(error, lambda struct: self.state_in(resource, struct)) from None

    def __enter__(self) -> Self:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
        environ = {**clean, **self.environ}
        self._process = start([self.engine.address], environ, self._prelude, self.module)
        self._lines: list[str] = []
        stderr = self._process.stderr
        self._reader = threading.Thread(target=lambda: self._lines.extend(stderr))
        self._reader.start()
        port = self._process.stdout.readline().strip()
        assert port, "".join(self._lines)
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self.configure()
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
        self._process.close()
        self.engine.stop()
        self.stderr = "".join(self._lines)


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


class NativeProcess(DynamicProcess):
    """The native provider, with the configuration of its provider resource."""

    module = "pulumi_openai_admin.hosts.native"

    def __init__(
        self,
        environ: dict[str, str],
        config: dict[str, str] | None = None,
        *,
        prelude: str = "",
        urn: str = "urn:pulumi:dev::test::pulumi:providers:openai-admin::default",
    ) -> None:
        super().__init__(environ, config, prelude=prelude)
        self._urn = urn

    def configure(self) -> None:
        args = encode({name.partition(":")[2]: value for name, value in self.config.items()})
        self.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=self.engine.address))
        self.stub.Configure(provider_pb2.ConfigureRequest(args=args, urn=self._urn))

    @staticmethod
    def urn_of(resource: type[Any]) -> str:
        return f"urn:pulumi:dev::test::{token(resource.__name__)}::it"

    @staticmethod
    def spelled(resource: type[Any], text: str) -> str:
        return properties.respelled(properties.names_in(resource.declaration), text)

    @staticmethod
    def inputs_of(resource: type[Any], values: dict[str, Any]) -> struct_pb2.Struct:
        return json_format.ParseDict(properties.from_inputs(resource.declaration, values), struct_pb2.Struct())

    @staticmethod
    def state_of(resource: type[Any], values: dict[str, Any]) -> struct_pb2.Struct:
        return json_format.ParseDict(properties.from_state(resource.declaration, values), struct_pb2.Struct())

    @staticmethod
    def inputs_in(resource: type[Any], struct: struct_pb2.Struct) -> dict[str, Any]:
        return properties.to_inputs(resource.declaration, Decoded.of(struct).values)

    @staticmethod
    def state_in(resource: type[Any], struct: struct_pb2.Struct) -> dict[str, Any]:
        """Without what the provider left out."""
        given = json_format.MessageToDict(struct)
        state = properties.to_state(resource.declaration, Decoded.of(struct).values)
        left_out = {field.stored for field in resource.declaration.fields.values() if camel(field.name) not in given}
        return {name: value for name, value in state.items() if name not in left_out}

    @staticmethod
    def difference(resource: type[Any], reply: Any) -> tuple[bool | None, list[str]]:
        names = {camel(name): name for name in resource.declaration.fields}
        assert bool(reply.detailedDiff) == reply.hasDetailedDiff == bool(reply.diffs)
        changes = {1: False, 2: True}[reply.changes]
        return (None if reply.diffs else changes), [names[name] for name in reply.replaces]

    def _whole(self, resource: type[Any], struct: struct_pb2.Struct) -> dict[str, Any]:
        values = {name: value for name, value in Decoded.of(struct).values.items() if value is not None}
        shown = {name: value for name, value in values.items() if not name.startswith("__")}
        wrong = [str(error) for error in _validator(token(resource.__name__)).iter_errors(shown)]
        assert not wrong, wrong
        return super()._whole(resource, struct)

    def preview_create(self, resource: type[Any], inputs: dict[str, Any]) -> None:
        checked, failures = self.check(resource, inputs)
        if failures:
            raise Failure("\n".join(failures))
        inputs_of = self.inputs_of(resource, checked)
        request = provider_pb2.CreateRequest(urn=self.urn_of(resource), properties=inputs_of, preview=True)
        self._call(resource, "Create", request)

    def preview_update(self, resource: type[Any], id_: str, olds: dict[str, Any], news: dict[str, Any]) -> None:
        checked, failures = self.check(resource, news, olds=olds)
        assert not failures
        if self.diff(resource, id_, olds, checked) != (False, []):
            bags = {"olds": self.state_of(resource, olds), "news": self.inputs_of(resource, checked)}
            request = provider_pb2.UpdateRequest(id=id_, urn=self.urn_of(resource), preview=True, **bags)
            self._call(resource, "Update", request)


@cache
def _validator(type_: str) -> Draft202012Validator:
    """What validates a state with the schema, in which Pulumi uses the keywords of JSON Schema."""
    whole = _strict(json.loads(schema()))
    spec = {name: whole["resources"][type_][name] for name in ("properties", "required")}
    return Draft202012Validator({**spec, "type": "object", "additionalProperties": False, "types": whole["types"]})


def _strict(spec: Any) -> Any:
    """A part of the schema, with what Pulumi means in another way in the words of JSON Schema."""
    if isinstance(spec, list):
        return [_strict(member) for member in spec]
    if not isinstance(spec, dict):
        return spec
    if spec.get("$ref") == "pulumi.json#/Any":
        return {}
    strict = {"anyOf" if name == "oneOf" else name: _strict(value) for name, value in spec.items()}
    return {"additionalProperties": False, **strict} if {"type", "properties"} <= spec.keys() else strict

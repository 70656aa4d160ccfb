"""Talks to a real process of the native provider as the engine does, in the names of the declarations.

So every test that is written for the dynamic provider's host runs with the native provider too.
"""

from __future__ import annotations

from typing import Any

import grpc
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin.engine.outputs import encode
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import Decoded, camel, token
from tests.host.dynamic_host import DynamicHost
from tests.host.provider_process import Failure, ProviderProcess, failure_of
from tests.host.schema_fit import misfits


class NativeProcess(ProviderProcess):
    """One process: one engine operation, with the configuration of its provider."""

    module = "pulumi_openai_admin.hosts.native"

    def __init__(
        self,
        environ: dict[str, str],
        config: dict[str, str] | None = None,
        *,
        prelude: str = "",
        urn: str = "urn:pulumi:dev::test::pulumi:providers:openai-admin::default",
    ) -> None:
        super().__init__(environ, config, prelude)
        self._urn = urn

    def configure(self) -> None:
        args = encode({name.partition(":")[2]: value for name, value in self.config.items()})
        self.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=self.engine.address))
        self.stub.Configure(provider_pb2.ConfigureRequest(args=args, urn=self._urn))

    @staticmethod
    def urn_of(resource: type[Any]) -> str:
        """The URN of the resource in all calls."""
        return _urn(resource)

    @staticmethod
    def spelled(resource: type[Any], text: str) -> str:
        """A message with the names that this provider has for properties."""
        return properties.respelled(properties.names_in(resource.declaration), text)

    def check(
        self, resource: type[Any], news: dict[str, Any], olds: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[str]]:
        request = provider_pb2.CheckRequest(
            urn=_urn(resource), olds=_inputs(resource, olds or {}), news=_inputs(resource, news)
        )
        reply = self._call(resource, "Check", request)
        assert all(failure.property in failure.reason for failure in reply.failures)
        inputs = properties.to_inputs(resource.declaration, Decoded.of(reply.inputs).values)
        return inputs, [failure.reason for failure in reply.failures]

    def diff(
        self, resource: type[Any], id_: str, olds: dict[str, Any], news: dict[str, Any]
    ) -> tuple[bool | None, list[str]]:
        """As the dynamic provider says it: `None` where inputs differ, True where an update is due without that."""
        old_inputs = {name: olds[name] for name in news if name in olds}
        request = provider_pb2.DiffRequest(
            id=id_,
            urn=_urn(resource),
            olds=_state(resource, olds),
            news=_inputs(resource, news),
            old_inputs=_inputs(resource, old_inputs),
        )
        reply = self._call(resource, "Diff", request)
        names = {camel(name): name for name in resource.declaration.fields}
        assert bool(reply.detailedDiff) == reply.hasDetailedDiff == bool(reply.diffs)
        replaces = [names[name] for name in reply.replaces]
        changes = {1: False, 2: True}[reply.changes]
        return (None if reply.diffs else changes), replaces

    def create(self, resource: type[Any], inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        request = provider_pb2.CreateRequest(urn=_urn(resource), properties=_inputs(resource, inputs))
        reply = self._call(resource, "Create", request)
        return reply.id, _whole(resource, reply.properties)

    def preview_create(self, resource: type[Any], inputs: dict[str, Any]) -> None:
        """What the engine calls in the preview of a creation."""
        checked, failures = self.check(resource, inputs)
        if failures:
            raise Failure("\n".join(failures))
        properties = _inputs(resource, checked)
        request = provider_pb2.CreateRequest(urn=_urn(resource), properties=properties, preview=True)
        self._call(resource, "Create", request)

    def preview_update(self, resource: type[Any], id_: str, olds: dict[str, Any], news: dict[str, Any]) -> None:
        """What the engine calls in the preview of a resource that has a state."""
        checked, failures = self.check(resource, news, olds=olds)
        assert not failures
        if self.diff(resource, id_, olds, checked) != (False, []):
            request = provider_pb2.UpdateRequest(
                id=id_, urn=_urn(resource), olds=_state(resource, olds), news=_inputs(resource, checked), preview=True
            )
            self._call(resource, "Update", request)

    def read(self, resource: type[Any], id_: str, state: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        request = provider_pb2.ReadRequest(id=id_, urn=_urn(resource), properties=_state(resource, state))
        reply = self._call(resource, "Read", request)
        inputs = properties.to_inputs(resource.declaration, Decoded.of(reply.inputs).values)
        state = _whole(resource, reply.properties) if reply.id else {}
        return reply.id, state, inputs

    def update(self, resource: type[Any], id_: str, olds: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        request = provider_pb2.UpdateRequest(
            id=id_, urn=_urn(resource), olds=_state(resource, olds), news=_inputs(resource, news)
        )
        return _whole(resource, self._call(resource, "Update", request).properties)

    def delete(self, resource: type[Any], id_: str, state: dict[str, Any]) -> None:
        self._call(
            resource,
            "Delete",
            provider_pb2.DeleteRequest(id=id_, urn=_urn(resource), properties=_state(resource, state)),
        )

    def _call(self, resource: type[Any], verb: str, request: Any) -> Any:
        try:
            return getattr(self.stub, verb)(request, timeout=120)
        except grpc.RpcError as error:
            failure = failure_of(error, lambda struct: _decoded(resource, struct))
            raise Failure(failure.message, failure.id, failure.properties) from None


Host = type[DynamicHost] | type[NativeProcess]
"""The process of either provider."""


def _urn(resource: type[Any]) -> str:
    return f"urn:pulumi:dev::test::{token(resource.__name__)}::it"


def _inputs(resource: type[Any], values: dict[str, Any]) -> struct_pb2.Struct:
    return _struct(properties.from_inputs(resource.declaration, values))


def _state(resource: type[Any], values: dict[str, Any]) -> struct_pb2.Struct:
    return _struct(properties.from_state(resource.declaration, values))


def _struct(values: dict[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(values, struct_pb2.Struct())


def _whole(resource: type[Any], struct: struct_pb2.Struct) -> dict[str, Any]:
    """The state after a step that succeeded, which is as the schema says."""
    wrong = misfits(resource, Decoded.of(struct).values)
    assert not wrong, wrong
    return _decoded(resource, struct)


def _decoded(resource: type[Any], struct: struct_pb2.Struct) -> dict[str, Any]:
    """A state with its secrets in plain text, as the engine hands it back, without what the provider left out."""
    given = json_format.MessageToDict(struct)
    state = properties.to_state(resource.declaration, Decoded.of(struct).values)
    left_out = {field.stored for field in resource.declaration.fields.values() if camel(field.name) not in given}
    return {name: value for name, value in state.items() if name not in left_out}

"""Talks to a real host of dynamic providers as the engine does."""

from __future__ import annotations

from typing import Any

import grpc
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin.lifecycle.state import PREVIEW
from pulumi_openai_admin.program.provider import to
from tests.host.provider_process import Failure, ProviderProcess, failure_of

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def provider_of(resource: type[Any]) -> str:
    return to(resource)


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


class DynamicHost(ProviderProcess):
    """One process: one engine operation, with the configuration that its stack has."""

    def __init__(self, environ: dict[str, str], config: dict[str, str] | None = None, *, prelude: str = "") -> None:
        super().__init__(environ, config, prelude)

    def configure(self) -> None:
        arguments = struct_pb2.Struct()
        json_format.ParseDict(self.config, arguments)
        self.stub.Configure(provider_pb2.ConfigureRequest(args=arguments))

    @staticmethod
    def urn_of(resource: type[Any]) -> str:
        """The URN of the resource in all calls."""
        return _urn(resource)

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
            return getattr(self.stub, verb)(request, timeout=120)
        except grpc.RpcError as error:
            raise failure_of(error, _dict) from None


def _urn(resource: type[Any]) -> str:
    return f"urn:pulumi:dev::test::pulumi-python:{resource._resource_type_name}::it"

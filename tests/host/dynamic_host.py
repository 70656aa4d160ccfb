"""Talks to a real host of dynamic providers as the engine does."""

from __future__ import annotations

from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin.lifecycle.state import PREVIEW
from pulumi_openai_admin.program.provider import to
from tests.host.provider_process import Failure, ProviderProcess

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def bag(resource: type[Any], values: dict[str, Any]) -> struct_pb2.Struct:
    """Inputs or a state, with the provider that the engine keeps in each of them."""
    return json_format.ParseDict({**values, "__provider": to(resource)}, struct_pb2.Struct())


def marked(struct: struct_pb2.Struct) -> dict[str, Any]:
    """What a provider said, with its secrets in the form that has the engine encrypt them."""
    values = json_format.MessageToDict(struct)
    values.pop("__provider", None)
    return values


def plain(_resource: type[Any], struct: struct_pb2.Struct) -> dict[str, Any]:
    """What a provider said, with its secrets in plain text, as the engine hands them back to it."""
    return {name: rpc.unwrap_rpc_secret(value) for name, value in marked(struct).items()}


class DynamicHost(ProviderProcess):
    """One process: one engine operation, with the configuration that its stack has."""

    inputs_of = state_of = staticmethod(bag)
    inputs_in = state_in = staticmethod(plain)

    def __init__(self, environ: dict[str, str], config: dict[str, str] | None = None, *, prelude: str = "") -> None:
        super().__init__(environ, config, prelude)

    def configure(self) -> None:
        arguments = json_format.ParseDict(self.config, struct_pb2.Struct())
        self.stub.Configure(provider_pb2.ConfigureRequest(args=arguments))

    @staticmethod
    def urn_of(resource: type[Any]) -> str:
        return f"urn:pulumi:dev::test::pulumi-python:{resource._resource_type_name}::it"

    @staticmethod
    def spelled(resource: type[Any], text: str) -> str:  # noqa: ARG004 - the names are those of the declaration
        return text

    @staticmethod
    def difference(resource: type[Any], reply: Any) -> tuple[bool | None, list[str]]:  # noqa: ARG004
        return {0: None, 1: False, 2: True}[reply.changes], list(reply.replaces)

    def preview_create(self, resource: type[Any], inputs: dict[str, Any]) -> None:
        _, failures = self.check(resource, {**inputs, PREVIEW: True})
        if failures:
            raise Failure("\n".join(failures))

    def preview_update(self, resource: type[Any], id_: str, olds: dict[str, Any], news: dict[str, Any]) -> None:
        checked, failures = self.check(resource, {**news, PREVIEW: True}, olds=olds)
        assert not failures
        self.diff(resource, id_, olds, checked)

"""Talks to a real process of the native provider as the engine does, in the names of the declarations.

So every test that is written for the dynamic provider's host runs with the native provider too.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from google.protobuf import json_format, struct_pb2
from jsonschema_rs import Draft202012Validator
from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin.engine.outputs import encode
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import Decoded, camel, token
from pulumi_openai_admin.hosts.native.servicer import schema
from tests.host.dynamic_host import DynamicHost
from tests.host.provider_process import Failure, ProviderProcess


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

    def misfits(self, resource: type[Any], struct: struct_pb2.Struct) -> list[str]:
        values = {name: value for name, value in Decoded.of(struct).values.items() if value is not None}
        shown = {name: value for name, value in values.items() if not name.startswith("__")}
        return [str(error) for error in _validator(token(resource.__name__)).iter_errors(shown)]

    def preview_create(self, resource: type[Any], inputs: dict[str, Any]) -> None:
        checked, failures = self.check(resource, inputs)
        if failures:
            raise Failure("\n".join(failures))
        properties = self.inputs_of(resource, checked)
        request = provider_pb2.CreateRequest(urn=self.urn_of(resource), properties=properties, preview=True)
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


Host = type[DynamicHost] | type[NativeProcess]
"""The process of either provider."""

"""Any values in any call of the engine, and any response to it: a result, or a message for the user."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime.proto import provider_pb2

from pulumi_openai_admin import Project, ProjectRateLimits, resources
from pulumi_openai_admin.engine.outputs import wrap
from pulumi_openai_admin.hosts.native.properties import camel, token
from pulumi_openai_admin.hosts.native.servicer import Servicer
from pulumi_openai_admin.http.transport import Wire
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.schema import shapes
from tests.unit.fakes import CallAborted, CallContext, Clock
from tests.unit.fuzzing import EXAMPLES, SIGNATURE, VALUES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.config import Settings
    from pulumi_openai_admin.http.clock import ServerClock

KINDS = sorted(resources.ALL)
TYPICAL = ["proj_1", "group_1", "user-1", "ada@example.com", "gpt-4o", "role-1", "2030-01-01", "30d", "https://a.test"]


class Replies(Wire):
    """A transport without a network: each response is the next of a list, the last one for ever."""

    def __init__(self, replies: list[tuple[int, Any]], settings: Settings, clock: ServerClock) -> None:
        super().__init__(settings, clock)
        self._replies = replies
        self.has_answered = True

    def exchange(self, *_: object) -> tuple[int, Mapping[str, str], bytes]:
        status, body = self._replies[0]
        self._replies = self._replies[1:] or self._replies
        return status, {}, json.dumps(body).encode()


def struct_of(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """A message, which may have values that JSON has not."""
    struct = struct_pb2.Struct()
    for name, value in values.items():
        _set(struct.fields[name], value)
    return struct


def _set(message: struct_pb2.Value, value: Any) -> None:
    if value is None:
        message.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        message.bool_value = value
    elif isinstance(value, int | float):
        message.number_value = value
    elif isinstance(value, str):
        message.string_value = value.encode(errors="replace").decode()
    elif isinstance(value, list):
        message.list_value.SetInParent()
        for item in value:
            _set(message.list_value.values.add(), item)
    else:
        message.struct_value.CopyFrom(struct_of(value))


def shaped(shape: Any) -> st.SearchStrategy[Any]:
    """Values that a property may have, and a few others."""
    if isinstance(shape, shapes.Structure):
        required = {camel(name): shaped(part) for name, part in shape.properties.items() if name in shape.required}
        others = {camel(name): shaped(part) for name, part in shape.properties.items() if name not in shape.required}
        return st.fixed_dictionaries(required, optional=others)
    by_kind: dict[type, Callable[[Any], st.SearchStrategy[Any]]] = {
        shapes.Boolean: lambda _: st.booleans(),
        shapes.Number: lambda _: st.sampled_from([1, 5, 100, 86400, 2_000_000_000]),
        shapes.Text: lambda text: st.sampled_from(text.choices or TYPICAL),
        shapes.Items: lambda items: st.lists(shaped(items.item), min_size=1, max_size=2),
        shapes.Entries: lambda entries: st.dictionaries(st.sampled_from(TYPICAL), shaped(entries.value), min_size=1),
        shapes.Alternatives: lambda several: st.one_of(map(shaped, several.members)),
    }
    make = by_kind.get(type(shape))
    return VALUES if make is None else make(shape)


def properties(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Inputs of a program: most are valid, and any may have any value."""
    fields = resources.class_of(kind).declaration.inputs
    names = [camel(field.name) for field in fields]
    valid = {camel(field.name): shaped(field.shape) | shaped(field.shape).map(wrap) for field in fields}
    required = {camel(field.name): valid[camel(field.name)] for field in fields if field.required}
    others = {name: value for name, value in valid.items() if name not in required}
    wrong = st.dictionaries(st.sampled_from([*names, "__secret", "other"]), VALUES, max_size=2)
    spoilt = st.just({}) | st.just({}) | wrong
    return st.builds(lambda given, wrong: {**given, **wrong}, st.fixed_dictionaries(required, optional=others), spoilt)


MANAGED = st.one_of(
    st.fixed_dictionaries({"inputs": st.lists(st.sampled_from(["name", "role"])), "version": st.integers(0, 3)}), VALUES
)
"""What a state has in addition to properties. It can be edited."""


REPLIES = st.lists(
    st.tuples(
        st.sampled_from([200, 200, 200, 400, 401, 403, 404, 409]),
        st.one_of(
            st.fixed_dictionaries(
                {"id": st.just("proj_1"), "data": st.lists(VALUES, max_size=2), "has_more": st.just(False)}
            ),
            st.fixed_dictionaries({"error": st.dictionaries(st.sampled_from(["message", "code", "type"]), VALUES)}),
            st.dictionaries(st.sampled_from(["id", "name", "status", "data", "role", "object"]), VALUES, max_size=4),
        ),
    ),
    min_size=1,
    max_size=3,
)
IDS = st.one_of(st.sampled_from(["proj_1", "proj_1/group_1", "organization", "a/b/c", "", "/"]), st.text(max_size=6))


NAMES = ["adminApiKey", "baseUrl", "parallel", "maxWaitSeconds", "previewReads"]
SETTINGS = st.dictionaries(st.sampled_from(NAMES), VALUES)
PROVIDER = "urn:pulumi:dev::test::pulumi:providers:openai-admin::other"


def served(replies: list[tuple[int, Any]]) -> Servicer:
    run = Run(transport=partial(Replies, replies), clock=Clock())
    values = {"openai-admin:adminApiKey": "sk-admin-fuzz", "openai-admin:maxWaitSeconds": "0.01"}
    return Servicer(settings=values, run=run)


def call(servicer: Servicer, verb: str, request: Any) -> Any:
    """What the call returns; None if it fails with a message for the user."""
    context = CallContext()
    with suppress(CallAborted):
        return getattr(servicer, verb)(request, context)
    assert "This is an error in pulumi-openai-admin" not in context.message
    return None


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=SETTINGS, after=SETTINGS)
def test_any_settings_are_accepted_or_refused_with_a_message(before: dict[str, Any], after: dict[str, Any]) -> None:
    servicer, olds, news = served([(200, {})]), struct_of(before), struct_of(after)
    call(servicer, "CheckConfig", provider_pb2.CheckRequest(urn=PROVIDER, olds=olds, news=news))
    call(servicer, "DiffConfig", provider_pb2.DiffRequest(urn=PROVIDER, olds=olds, news=news))
    call(servicer, "Configure", provider_pb2.ConfigureRequest(urn=PROVIDER, id="1", args=news))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.data(),
    kind=st.sampled_from(KINDS),
    id_=IDS,
    replies=REPLIES,
    managed=st.none() | MANAGED,
    preview=st.booleans(),
)
def test_any_inputs_and_responses_end_in_a_result_or_a_message(
    data: st.DataObject, kind: str, id_: str, replies: list[tuple[int, Any]], managed: Any, preview: bool
) -> None:
    """The calls of the engine, in its order: it creates and compares only inputs that the check accepts."""
    servicer, urn = served(replies), f"urn:pulumi:dev::test::{token(kind)}::it"
    news = struct_of(data.draw(properties(kind)))
    checked = call(servicer, "Check", provider_pb2.CheckRequest(urn=urn, news=news))
    if checked is None or checked.failures:
        return
    created = call(servicer, "Create", provider_pb2.CreateRequest(urn=urn, properties=checked.inputs, preview=preview))
    olds = created.properties if created is not None and not preview else checked.inputs
    if managed is not None:
        _set(olds.fields["__managed"], managed)
    call(servicer, "Diff", provider_pb2.DiffRequest(urn=urn, id=id_, olds=olds, news=checked.inputs, old_inputs=news))
    update = provider_pb2.UpdateRequest(urn=urn, id=id_, olds=olds, news=checked.inputs, preview=preview)
    call(servicer, "Update", update)
    call(servicer, "Read", provider_pb2.ReadRequest(urn=urn, id=id_, properties=olds, inputs=checked.inputs))
    call(servicer, "Read", provider_pb2.ReadRequest(urn=urn, id=id_))
    call(servicer, "Delete", provider_pb2.DeleteRequest(urn=urn, id=id_, properties=olds))


def test_an_asset_in_the_memory_of_a_state_is_an_error_of_the_state() -> None:
    managed = {"inputs": ["name"], "other": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17"}}
    state = {"name": "shop", "projectId": "proj_1", "__managed": managed}
    servicer, urn = served([(200, {"data": [{"id": "proj_1"}]})]), f"urn:pulumi:dev::test::{token('Project')}::it"
    request = provider_pb2.UpdateRequest(urn=urn, id="proj_1", olds=struct_of(state), news=struct_of({"name": "shop"}))
    context = CallContext()
    with suppress(CallAborted):
        servicer.Update(request, context)
    assert context.message.startswith("The state has a __managed that pulumi-openai-admin did not write.")


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
@pytest.mark.parametrize(
    ("resource", "inputs", "reason"),
    [
        (Project, {"name": None}, "name must be a string"),
        (ProjectRateLimits, {"projectId": "proj_1", "limits": {"m": {"maxRequestsPer1Minute": None}}}, "limits.m"),
    ],
)
def test_a_number_that_is_none_is_an_error_of_its_property(
    number: float, resource: type[Any], inputs: dict[str, Any], reason: str
) -> None:
    def filled(value: Any) -> Any:
        return {key: filled(item) for key, item in value.items()} if isinstance(value, dict) else value or number

    urn = f"urn:pulumi:dev::test::{token(resource.__name__)}::it"
    request = provider_pb2.CheckRequest(urn=urn, news=struct_of(filled(inputs)))
    reply = Servicer().Check(request, CallContext())
    assert any(failure.reason.startswith(reason) for failure in reply.failures), reply.failures

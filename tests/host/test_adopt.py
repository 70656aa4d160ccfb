"""Every kind of object can be adopted as it is, or the handler says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.lifecycle.check import check
from pulumi_openai_admin.lifecycle.diff import diff
from pulumi_openai_admin.lifecycle.read import found
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.schema.fields import FieldRole
from tests.host.dynamic_host import DynamicHost
from tests.host.stack import Stack
from tests.unit.fakes import MemoryHost, through_pulumi

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from pulumi_openai_admin.lifecycle.read import Adopted
    from tests.host.native_process import NativeProcess
    from tests.host.stack import Member

pytestmark = pytest.mark.every_resource


def test_what_exists_is_adopted_as_it_is(
    emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests
) -> None:
    stack = Stack(emulator, DynamicHost, environ, subtests)
    stack.create()
    client = Client(Requestor(Settings(emulator.admin_key, "test", base_url=emulator.base_url)))
    before = emulator.control.live()
    emulator.control.clear_requests()

    def adopt(host: DynamicHost | NativeProcess, member: Member) -> None:
        resource = member.scenario.resource
        if reason := resource.handler.traits.not_adoptable:
            with pytest.raises(errors.NotAdoptableError, match=reason):
                found(resource, client, member.id)
            return
        adopted = found(resource, client, member.id)
        assert adopted.id == member.id
        _assert_declares(resource, adopted.inputs, member.inputs)
        _assert_clean(resource, adopted)
        # A refresh finds nothing else.
        state = dict(adopted.outputs.values)
        assert host.read(resource, member.id, state) == (member.id, adopted.outputs.values, adopted.inputs)

    stack.run(adopt)
    can_be_adopted = any(not member.scenario.resource.handler.traits.not_adoptable for member in stack.members)
    assert {request["method"] for request in emulator.control.requests()} == ({"GET"} if can_be_adopted else set())
    assert emulator.control.live() == before


def _assert_declares(resource: type[Any], inputs: Mapping[str, Any], created: Mapping[str, Any]) -> None:
    """The inputs are those of the program that created the object, as far as both have them."""
    # OpenAI does not show which limits and properties a program has set, so all are. A predefined role is the `role`
    # of another kind.
    not_compared = {"limits", "properties", "role_ids"}
    shared = set(inputs) & set(created) - not_compared
    assert {name: inputs[name] for name in shared} == {name: created[name] for name in shared}
    assert {field.name for field in resource.declaration.with_role(FieldRole.PATH)} <= shared


def _assert_clean(resource: type[Any], adopted: Adopted) -> None:
    checked = check(resource, MemoryHost(), {}, Inputs(adopted.inputs))
    assert not checked.failures
    olds = through_pulumi(adopted.outputs.values)
    difference = diff(resource, MemoryHost(), adopted.id, olds, Inputs(checked.inputs))
    assert (difference.inputs, difference.replaces, difference.is_due) == ((), (), False)

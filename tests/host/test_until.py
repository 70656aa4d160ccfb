"""Access for a limited time: what only a provider process shows, for every kind.

The simulation and the unit tests have what happens otherwise. The clock of the provider is moved with OpenAI's.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import OrganizationMember
from tests import keyed
from tests.host.principals import USERS
from tests.host.stack import AT_A_TIME, Stack

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host
    from tests.host.stack import AnyHost, Member

DAY = 86_400
CLOCK = f"""
import time, types
import pulumi_openai_admin.handlers.expiry as expiry, pulumi_openai_admin.lifecycle.diff as diff
import pulumi_openai_admin.lifecycle.check as check
expiry.time = diff.time = check.time = types.SimpleNamespace(time=lambda: time.time() + {4 * DAY})
"""
"""What a provider takes for the time of its machine. gRPC needs the real one."""


def with_end(inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs with an end in three days; of a set, for its last member."""
    moment = int(time.time()) + 3 * DAY
    members = [entry["email"] for entry in inputs.get("members", ())]
    named = [*members, *inputs.get("user_ids", ()), *inputs.get("role_ids", ())]
    return {**inputs, "until": keyed.until({named[-1]: moment}) if named else moment}


@pytest.mark.every_resource
def test_who_has_left_already_has_no_access_to_end(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host, subtests: pytest.Subtests
) -> None:
    stack = Stack(emulator, provider, environ, subtests)
    stack.members = [member for member in stack.members if "until" in member.scenario.resource.declaration.fields]

    def create(host: AnyHost, member: Member) -> None:
        resource = member.scenario.resource
        member.inputs, failures = host.check(resource, with_end(member.scenario.inputs))
        assert not failures
        member.id, member.state = host.create(resource, member.inputs)

    def leave(host: AnyHost, member: Member) -> None:
        host.delete(member.scenario.resource, member.id, member.state)  # as somebody else does

    def stay_declared(host: AnyHost, member: Member) -> None:
        resource = member.scenario.resource
        found, state, _ = host.read(resource, member.id, member.state)
        assert found == member.id, "the declaration can stay"
        checked, failures = host.check(resource, member.inputs, state)
        assert not failures
        assert host.diff(resource, member.id, state, checked) == (False, [])

    stack.run(create, at_a_time=AT_A_TIME)
    emulator.control.advance_clock(4 * DAY)
    stack.run(leave, prelude=CLOCK)
    stack.run(stay_declared, prelude=CLOCK)


def test_a_person_may_stay_in_the_organization(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    emulator.control.seed({"users": USERS})
    inputs = with_end({"email": "grace@example.com", "projects": keyed.projects({"proj_demo": "member"})})
    inputs["remove_after_until"] = False
    with provider(environ) as host:
        checked, failures = host.check(OrganizationMember, inputs)
        assert not failures
        id_, state = host.create(OrganizationMember, checked)

    def is_in(kind: str) -> bool:
        return any(path.endswith("user-grace") for path in emulator.control.live(kind).get(kind, {}))

    assert is_in("project_user")
    emulator.control.advance_clock(4 * DAY)
    with provider(environ, prelude=CLOCK) as host:
        checked, _ = host.check(OrganizationMember, inputs, state)
        assert host.diff(OrganizationMember, id_, state, checked)[0]
        host.update(OrganizationMember, id_, state, checked)
    assert not is_in("project_user")
    assert is_in("user")

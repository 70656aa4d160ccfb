"""Previews that read from OpenAI (`previewReads`), of every resource and with both providers, from the scenarios."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import (
    GroupMembers,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
    ProjectSpendLimit,
    ProjectUserRole,
    UserRole,
)
from pulumi_openai_admin.handlers.handler import Shows
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.stack import DynamicProcess, Member, Stack

ASKING = {"openai-admin:previewReads": "true"}


def sent(emulator: EmulatorServer) -> Counter[str]:
    return Counter(f"{request['method']} {request['path']}" for request in emulator.control.requests())


@pytest.mark.every_resource
def test_a_preview_asks_for_each_kind_and_changes_nothing(stack: Stack, emulator: EmulatorServer) -> None:
    before = emulator.control.live()
    asked: set[str] = set()

    def preview_create(host: DynamicProcess, member: Member) -> None:
        emulator.control.clear_requests()
        host.preview_create(member.scenario.resource, member.scenario.inputs)
        assert {request.partition(" ")[0] for request in sent(emulator)} <= {"GET"}
        if sent(emulator):
            asked.add(member.name)

    assert not stack.run(preview_create, config=ASKING).stderr
    for member in [each_member for each_member in stack.members if each_member.name not in asked]:
        stack.run(preview_create, [member], config=ASKING)  # in a process that has not asked for the list yet
    listed = [member for member in stack.members if member.scenario.resource.handler.traits.shows is not Shows.EACH]
    assert asked == {each_member.name for each_member in listed}, "without a list, there is nothing to ask"
    assert emulator.control.live() == before
    stack.create()
    drifted = stack.drift()

    def preview_update(host: DynamicProcess, member: Member) -> None:
        scenario, drift = member.scenario, member.scenario.drift
        assert drift
        urn = host.urn_of(scenario.resource)
        for inputs in scenario.programs:
            host.preview_update(scenario.resource, member.id, member.state, inputs)
        if any(drift.found.keys() & inputs.keys() for inputs in scenario.programs):
            is_member = scenario.path.endswith(("users", "roles"))
            told = host.engine.notes if is_member else host.engine.warnings
            says = "at OpenAI now: " if is_member else "Changed outside Pulumi: "
            assert any(says in message for of, message in told if of == urn)

    emulator.control.clear_requests()
    assert not stack.run(preview_update, drifted, config=ASKING).stderr
    assert {each_request.partition(" ")[0] for each_request in sent(emulator)} == ({"GET"} if drifted else set())


DEMO = {"project_id": "proj_demo"}
UNKNOWN_IDS: list[tuple[type[Any], dict[str, Any], str]] = [
    (ProjectServiceAccount, {"project_id": "proj_dem", "name": "ci"}, "organization. Did you mean proj_demo? OpenAI"),
    (ProjectServiceAccountApiKey, {**DEMO, "service_account_id": "svc_acct_x"}, "has no service account svc_acct_x"),
    (GroupMembers, {"group_id": "group_none", "user_ids": ["user-alan"]}, "Group group_none was not found"),
    (UserRole, {"user_id": "alan@example.com", "role_id": "role_1"}, "'alan@example.com'. Did you mean user-alan?"),
    (UserRole, {"user_id": "user-none", "role_id": "role_none"}, "User user-none was not found"),
    (ProjectUserRole, {**DEMO, "user_id": "user-alan", "role_id": "role_x"}, "Project proj_demo has no role role_x"),
]
"""Ids of objects that do not exist, with a part of the message: those that no unit test has."""


def test_an_id_that_nothing_has_fails_the_preview(
    provider: type[DynamicProcess], emulator: EmulatorServer, environ: dict[str, str]
) -> None:
    emulator.control.seed({"users": [{"id": "user-alan", "name": "Alan", "email": "alan@example.com"}]})
    with provider(environ, ASKING) as host:
        for resource, inputs, reason in UNKNOWN_IDS:
            with pytest.raises(Failure) as failure:
                host.preview_create(resource, inputs)
            assert reason in failure.value.message, (resource, failure.value.message)
    assert {request.partition(" ")[0] for request in sent(emulator)} == {"GET"}
    assert not host.stderr


def test_costs_that_have_reached_the_limit_are_told_in_every_preview(
    provider: type[DynamicProcess], emulator: EmulatorServer, environ: dict[str, str]
) -> None:
    emulator.control.use(project_id="proj_demo", model="gpt-4o", output_tokens=1_000_000)  # $10
    inputs = {**DEMO, "threshold_amount": 100}
    told = "and reached its spend limit of $1. OpenAI rejects its requests until the month ends"
    with provider(environ, ASKING) as host:
        host.preview_create(ProjectSpendLimit, inputs)
        assert told in host.warnings
        id_, state = host.create(ProjectSpendLimit, inputs)
    emulator.control.clear_requests()
    with provider(environ, ASKING) as host:
        host.preview_update(ProjectSpendLimit, id_, state, inputs)
        assert told in host.warnings
    assert sent(emulator) == {"GET /organization/costs": 1}, "nothing else is asked for where nothing changes"

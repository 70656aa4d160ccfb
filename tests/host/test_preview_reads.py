"""Previews that read from OpenAI (`previewReads`), of every resource and with both providers, from the scenarios."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import (
    GroupMembers,
    GroupUser,
    OrganizationCertificateActivation,
    OrganizationUser,
    ProjectGroup,
    ProjectMembers,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
    ProjectSpendLimit,
    ProjectUser,
    ProjectUserRole,
    UserRole,
)
from pulumi_openai_admin.handlers.handler import Shows
from tests import keyed
from tests.host.dynamic_host import DynamicHost
from tests.host.native_process import NativeProcess
from tests.host.provider_process import Failure
from tests.host.stack import Stack

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.stack import Member

Host = type[DynamicHost] | type[NativeProcess]
ASKING = {"openai-admin:previewReads": "true"}


def sent(emulator: EmulatorServer) -> Counter[str]:
    """The requests, by method and path."""
    return Counter(f"{request['method']} {request['path']}" for request in emulator.control.requests())


def post(emulator: EmulatorServer, path: str, body: dict[str, Any], key: str | None = None) -> None:
    headers = {"Authorization": f"Bearer {key or emulator.admin_key}"}
    requests.post(emulator.base_url + path, json=body, headers=headers, timeout=10).raise_for_status()


@pytest.mark.every_resource
def test_a_preview_asks_for_each_kind_and_changes_nothing(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests
) -> None:
    stack = Stack(emulator, provider, environ, subtests)
    before = emulator.control.live()
    asked: set[str] = set()

    def preview_create(host: DynamicHost | NativeProcess, member: Member) -> None:
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
    drifting = {member.name: member.scenario.drift for member in stack.members if member.scenario.drift}
    drifted = [member for member in stack.members if member.name in drifting]
    for member in drifted:
        path = member.scenario.path.format(id=member.id.rpartition("/")[2])
        post(
            emulator,
            path,
            drifting[member.name].body,
            member.inputs.get(member.scenario.resource.handler.traits.project_key),
        )

    def preview_update(host: DynamicHost | NativeProcess, member: Member) -> None:
        scenario, drift = member.scenario, drifting[member.name]
        urn = host.urn_of(scenario.resource)
        for step in scenario.steps:
            host.preview_update(scenario.resource, member.id, member.state, step.inputs)
        if any(drift.property in step.inputs for step in scenario.steps):
            is_member = isinstance(drift.shows, list) and scenario.path.endswith(("users", "roles"))
            told = host.engine.notes if is_member else host.engine.warnings
            says = "at OpenAI now: " if is_member else "was changed outside Pulumi: "
            assert any(says in message for of, message in told if of == urn)

    emulator.control.clear_requests()
    assert not stack.run(preview_update, drifted, config=ASKING).stderr
    assert {each_request.partition(" ")[0] for each_request in sent(emulator)} == ({"GET"} if drifted else set())


DEMO = {"project_id": "proj_demo"}
RPM = "max_requests_per_1_minute"
UNKNOWN_NAMES: list[tuple[type[Any], dict[str, Any], str]] = [
    (
        ProjectRateLimit,
        {**DEMO, "model": "gpt-4oo", RPM: 1},
        "no rate limit for the model 'gpt-4oo'. Did you mean gpt-4o",
    ),
    (ProjectRateLimit, {**DEMO, "rate_limit_id": "rl-gpt-4oo", RPM: 1}, "Did you mean rl-gpt-4o"),
    (ProjectRateLimits, {**DEMO, "limits": {"gpt-4oo": {RPM: 1}}}, "Did you mean gpt-4o"),
    (ProjectRateLimit, {"project_id": "proj_none", "model": "gpt-4o", RPM: 1}, "Project proj_none does not exist"),
    (ProjectServiceAccount, {"project_id": "proj_none", "name": "ci"}, "Project proj_none does not exist"),
    (ProjectServiceAccount, {"project_id": "proj_dem", "name": "ci"}, "organization. Did you mean proj_demo? OpenAI"),
    (
        ProjectServiceAccountApiKey,
        {**DEMO, "service_account_id": "svc_acct_none"},
        "Project proj_demo has no service account svc_acct_none",
    ),
    (ProjectUser, {**DEMO, "user_id": "user-none", "role": "member"}, "The organization has no user user-none"),
    (ProjectUser, {**DEMO, "email": "no@example.com", "role": "member"}, "no user with the address no@example.com"),
    (
        ProjectMembers,
        {**DEMO, "members": keyed.members({"user-nil": "member"})},
        "The organization has no user user-nil",
    ),
    (
        ProjectMembers,
        {**DEMO, "members": keyed.members({"na@example.com": "member"})},
        "no user with the address na@example.com",
    ),
    (ProjectGroup, {**DEMO, "group_id": "group_none", "role": "member"}, "The organization has no group group_none"),
    (GroupUser, {"group_id": "group_eng", "user_id": "user-none"}, "The organization has no user user-none"),
    (GroupMembers, {"group_id": "group_none", "user_ids": ["user-alan"]}, "Group group_none was not found"),
    (
        ProjectServiceAccount,
        {"project_id": "Demo", "name": "ci"},
        "Ids of projects usually have the form proj_…. Did you mean proj_demo?",
    ),
    (UserRole, {"user_id": "alan@example.com", "role_id": "role_1"}, "'alan@example.com'. Did you mean user-alan?"),
    (
        GroupMembers,
        {"group_id": "Engineering-", "user_ids": []},
        "the form group_…. Did you mean group_eng? If the group was deleted outside Pulumi, run `pulumi refresh`",
    ),
    (UserRole, {"user_id": "user-none", "role_id": "role_none"}, "User user-none was not found"),
    (UserRole, {"user_id": "user-alan", "role_id": "role_none"}, "The organization has no role role_none"),
    (
        ProjectUserRole,
        {**DEMO, "user_id": "user-alan", "role_id": "role_none"},
        "Project proj_demo has no role role_none",
    ),
    (OrganizationUser, {"user_id": "user-none", "role": "reader"}, "The organization has no user user-none"),
    (
        OrganizationCertificateActivation,
        {"certificate_id": "cert_none"},
        "The organization has no certificate cert_none",
    ),
]


def test_what_nothing_has_is_told(provider: Host, emulator: EmulatorServer, environ: dict[str, str]) -> None:
    alan = {"id": "user-alan", "name": "Alan", "email": "alan@example.com"}
    emulator.control.seed({"groups": [{"id": "group_eng", "name": "Engineering"}], "users": [alan]})
    with provider(environ, ASKING) as host:
        for resource, inputs, reason in UNKNOWN_NAMES:
            with pytest.raises(Failure) as failure:
                host.preview_create(resource, inputs)
            assert reason in failure.value.message, (resource, failure.value.message)
            assert "Traceback" not in failure.value.message
    assert {request.partition(" ")[0] for request in sent(emulator)} == {"GET"}
    assert not host.stderr


def test_lists_are_shared(provider: Host, emulator: EmulatorServer, environ: dict[str, str]) -> None:
    people = [{"id": f"user-{n}", "name": f"P{n}", "email": f"p{n}@example.com"} for n in range(20)]
    emulator.control.seed({"users": people})
    emulator.control.clear_requests()
    with provider(environ, ASKING) as host:
        for person in people:
            host.preview_create(ProjectUser, {**DEMO, "user_id": person["id"], "role": "member"})
        for model in ("gpt-4o", "gpt-4o-mini", "o1"):
            host.preview_create(ProjectRateLimit, {**DEMO, "model": model, RPM: 60})
        host.preview_create(ProjectRateLimits, {**DEMO, "limits": {"gpt-5": {RPM: 60}}})
    place = "GET /organization/projects/proj_demo"
    assert sent(emulator) == {f"{place}/users": 1, "GET /organization/users": 1, f"{place}/rate_limits": 1}


@pytest.mark.parametrize("config", [{}, {"openai-admin:previewReads": "false"}], ids=["left out", "false"])
def test_without_the_setting_nothing_is_asked(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str], config: dict[str, str]
) -> None:
    row = {**DEMO, "model": "gpt-4o", RPM: 60}
    with provider(environ) as host:
        id_, state = host.create(ProjectRateLimit, row)
    emulator.control.clear_requests()
    with provider(environ, config) as host:
        host.preview_create(ProjectRateLimit, {**row, "model": "gpt-4oo"})
        host.preview_update(ProjectRateLimit, id_, state, {**row, RPM: 61})
        assert not sent(emulator)
        assert not host.warnings
        suggests = "To find wrong models and ids, run `pulumi config set openai-admin:previewReads true` (or false"
        assert [suggests in text for text in host.notes.splitlines()] == ([] if config else [True])
    with provider(environ, config) as host:
        host.preview_update(ProjectRateLimit, id_, state, {**row, RPM: 61})
        host.preview_create(ProjectRateLimit, {**row, "model": "gpt-4oo"})
        assert not host.notes, "the stack is not new"


def test_an_explicit_provider_asks_with_its_own_key(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str]
) -> None:
    config = {**ASKING, "openai-admin:adminApiKey": emulator.admin_key, "openai-admin:baseUrl": emulator.base_url}
    given = {"urn": "urn:pulumi:dev::test::pulumi:providers:openai-admin::b"} if provider is NativeProcess else {}
    config |= {} if provider is NativeProcess else {"openai-admin:provider": "b"}
    row = {**DEMO, "model": "gpt-4o", RPM: 60}
    with provider({**environ, "OPENAI_ADMIN_KEY": "sk-admin-another"}, config, **given) as host:
        host.preview_create(ProjectRateLimit, row)
        assert "10000 => 60" in host.notes
        assert emulator.admin_key not in host.notes
    del config["openai-admin:adminApiKey"]
    with provider({**environ, "OPENAI_ADMIN_KEY": ""}, config, **given) as host:
        setting = "previewReads" if provider is NativeProcess else "preview_reads"
        with pytest.raises(Failure, match=f"could not read from OpenAI: .* {setting} of Provider 'b'") as failure:
            host.preview_create(ProjectRateLimit, row)
        assert "Traceback" not in failure.value.message
        host.preview_create(ProjectRateLimit, row)  # told once


def test_what_is_gone_fails_the_preview_of_an_update(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str]
) -> None:
    account = {**DEMO, "name": "ci"}
    with provider(environ) as host:
        id_, state = host.create(ProjectServiceAccount, account)
    emulator.control.reset()
    with provider(environ, ASKING) as host:
        with pytest.raises(Failure, match="no longer exists at OpenAI") as failure:
            host.preview_update(ProjectServiceAccount, id_, state, {**account, "name": "cd"})
        assert "Traceback" not in failure.value.message
        assert state["api_key"] not in failure.value.message + host.warnings + host.notes
    assert not host.stderr


def test_a_spend_limit_is_compared_with_the_costs_even_if_nothing_changes(
    provider: Host, emulator: EmulatorServer, environ: dict[str, str]
) -> None:
    limit = {**DEMO, "threshold_amount": 100}
    with provider(environ) as host:
        id_, state = host.create(ProjectSpendLimit, limit)
    emulator.control.use(project_id="proj_demo", model="gpt-4o", output_tokens=1_000_000)
    emulator.control.clear_requests()
    with provider(environ, ASKING) as host:
        host.preview_update(ProjectSpendLimit, id_, state, limit)
        assert "has spent $10.00 since" in host.warnings
        assert sent(emulator) == {"GET /organization/costs": 1}
        host.preview_update(ProjectSpendLimit, id_, state, {**limit, "threshold_amount": 10_000_000})
        assert set(sent(emulator)) == {"GET /organization/costs", "GET /organization/projects/proj_demo/spend_limit"}
        assert set(sent(emulator).values()) == {1}
    assert host.warnings.count("has spent") == 1


def test_a_limit_that_was_refused_is_remembered(provider: Host, environ: dict[str, str]) -> None:
    row = {**DEMO, "model": "gpt-4o", RPM: 60}
    with provider(environ) as host:
        id_, state = host.create(ProjectRateLimit, row)
    with provider(environ) as host, pytest.raises(Failure, match="organization_rate_limit_exceeded") as failure:
        host.update(ProjectRateLimit, id_, state, {**row, RPM: 20_000})
    refused = failure.value.properties
    assert refused["__managed"]["ceilings"] == {RPM: 10_000}
    with provider(environ) as host:  # without a request, so that the setting is not needed
        host.preview_update(ProjectRateLimit, id_, refused, {**row, RPM: 15_000})
        told = host.spelled(ProjectRateLimit, f"{RPM} is 15000, above the organization's last known maximum of 10000.")
        assert told in host.warnings

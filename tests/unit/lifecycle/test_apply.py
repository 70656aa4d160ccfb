from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_openai_admin import GroupUser, ProjectRateLimit, ProjectServiceAccount, errors
from pulumi_openai_admin.lifecycle.apply import create, preview_create, update
from pulumi_openai_admin.lifecycle.claims import claims_of
from pulumi_openai_admin.lifecycle.state import MANAGED, Inputs
from tests.unit.fakes import NOW, FakeOpenAI, MemoryHost, error_body, listed, through_pulumi, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

RPM = "max_requests_per_1_minute"
LIMIT = {"project_id": "proj_1", "model": "gpt-4o", RPM: 60.0}
ACCOUNT = {"project_id": "proj_1", "name": "ci"}
OWNER = {**ACCOUNT, "role": "owner"}


@pytest.fixture(autouse=True)
def _row(openai: FakeOpenAI) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})


def test_a_preview_gives_the_inputs_and_sends_nothing(openai: FakeOpenAI) -> None:
    previewed = preview_create(ProjectRateLimit, Inputs({**LIMIT, "junk": 1}, (RPM,)))
    assert (previewed.values, previewed.secret_inputs) == (LIMIT, {RPM})
    assert openai.calls == []


def test_outputs_are_plain_values_with_the_names_of_what_is_secret(host: MemoryHost) -> None:
    created = create(ProjectServiceAccount, host, Inputs(ACCOUNT))
    assert created.id == "proj_1/svc_acct_1"
    assert created.outputs.values["api_key"].startswith("sk-")
    assert (created.outputs.secret_inputs, created.outputs.secret_outputs) == (set(), {"api_key"})


def test_what_repeats_a_secret_input_is_secret_too(host: MemoryHost) -> None:
    outputs = create(ProjectRateLimit, host, Inputs(LIMIT, (RPM,))).outputs
    assert outputs.secret_inputs == {RPM}
    assert MANAGED in outputs.secret_outputs


def test_an_update_goes_by_the_state(host: MemoryHost, openai: FakeOpenAI) -> None:
    created = create(ProjectServiceAccount, host, Inputs(ACCOUNT))
    olds = through_pulumi(created.outputs.values)
    updated = update(ProjectServiceAccount, host, created.id, olds, Inputs({**ACCOUNT, "name": "new"}))
    assert updated.values["api_key"] == created.outputs.values["api_key"]
    assert [account["name"] for account in openai.accounts.values()] == ["new"]


def test_a_step_that_failed_half_way_is_recorded_with_its_error(host: MemoryHost, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "svc_acct_1$", (403, error_body("No")))
    with pytest.raises(errors.PermissionDeniedError) as raised:
        create(ProjectServiceAccount, host, Inputs(OWNER))
    ((id_, outputs, error),) = host.kept
    assert (id_, error) == ("proj_1/svc_acct_1", raised.value)
    assert outputs.values["api_key"].startswith("sk-")
    assert outputs.secret_outputs == {"api_key"}
    assert len(outputs.values[MANAGED]["unfinished"]) == 1


def test_a_host_that_keeps_nothing_makes_the_step_succeed_with_a_warning(
    host: MemoryHost, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    openai.surprise("POST", "svc_acct_1$", (403, error_body("No")))
    half = create(ProjectServiceAccount, replace(host, keeps=False), Inputs(OWNER))
    assert half.outputs.values[MANAGED]["unfinished"]
    (warning,) = warnings(caplog)
    assert warning.startswith(
        "The update did not finish; run the command again to complete it. Could not set name, role of service account "
    )


def test_a_step_that_did_nothing_records_nothing(host: MemoryHost, openai: FakeOpenAI) -> None:
    openai.refused_fields[RPM] = ("", "No")
    with pytest.raises(errors.BadRequestError):
        create(ProjectRateLimit, host, Inputs(LIMIT))
    assert host.kept == []


def test_the_object_of_another_resource_is_refused_before_anything_is_written(
    host: MemoryHost, openai: FakeOpenAI
) -> None:
    create(ProjectRateLimit, replace(host, name="a"), Inputs(LIMIT))
    openai.calls.clear()
    by_id = {"project_id": "proj_1", "rate_limit_id": "rl-gpt-4o", RPM: 61.0}
    with pytest.raises(errors.ConfigurationError, match="both manage"):
        create(ProjectRateLimit, replace(host, name="b"), Inputs(by_id))
    assert openai.asked("POST") == []


def test_each_thread_may_bring_its_own_host(host: MemoryHost, openai: FakeOpenAI) -> None:
    openai.surprise("POST", r"svc_acct_\d+$", (403, error_body("No")), times=3)
    hosts = [replace(host, name=f"{place}", kept=[]) for place in range(3)]

    def fail(own: MemoryHost) -> None:
        with pytest.raises(errors.PermissionDeniedError):
            create(ProjectServiceAccount, own, Inputs({**OWNER, "name": f"ci-{own.name}"}))

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(fail, hosts))
    assert [len(own.kept) for own in hosts] == [1, 1, 1]
    assert {own.kept[0][0] for own in hosts} == {f"proj_1/{id_}" for id_ in openai.accounts}


def test_the_settings_and_the_time_of_the_operation_are_the_hosts(
    host: MemoryHost, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds: list[float] = []
    real = client.operation
    monkeypatch.setattr(client, "operation", lambda at_most: bounds.append(at_most) or real(at_most))
    own = replace(host, timeout=90.0, settings={**host.settings, "openai-admin:parallel": "7"})
    create(ProjectRateLimit, own, Inputs(LIMIT))
    assert (own.operations, bounds) == (7, [90.0])


def test_without_a_key_the_operation_says_so(host: MemoryHost) -> None:
    with pytest.raises(errors.ConfigurationError, match="no OpenAI admin key"):
        create(ProjectRateLimit, replace(host, settings={}), Inputs(LIMIT))


MEMBER = {"group_id": "group_1", "user_id": "user-1"}


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_failed_creation_fails_removals_and_a_lost_one_is_in_the_state(
    openai: FakeOpenAI, host: MemoryHost, is_lost: bool
) -> None:
    openai.surprise("GET", "organization/projects$", listed({"id": "proj_1"}), times=99)
    openai.surprise("GET", "organization/users$", listed({"id": "user-1"}), times=99)
    openai.surprise("GET", "users$", listed(), times=99)
    lost = requests.exceptions.ReadTimeout("slow")
    openai.surprise("POST", "users$", lost if is_lost else (403, error_body("No")), times=99)
    claims = host.run.claims
    claims.declare(host.urn)
    with pytest.raises(errors.AdminError, match="Could not add user user-1 of group group_1"):
        create(GroupUser, host, Inputs(MEMBER))
    kept = [outputs.values[MANAGED] for _, outputs, _ in host.kept]
    assert [managed["lost_at"] > NOW for managed in kept] == [True] * is_lost
    (claim,) = claims_of(GroupUser, MEMBER)
    with pytest.raises(errors.ConfigurationError, match="'it' declares the same, and could not be created"):
        claims.declared_elsewhere(MemoryHost("old").urn)(claim)

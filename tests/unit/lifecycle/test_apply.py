from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import requests

from pulumi_openai_admin import GroupUser, ProjectRateLimit, ProjectRateLimits, ProjectServiceAccount, errors
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.lifecycle.apply import create, delete
from pulumi_openai_admin.lifecycle.check import check
from pulumi_openai_admin.lifecycle.claims import claims_of
from pulumi_openai_admin.lifecycle.state import MANAGED, Inputs
from tests.unit.fakes import NOW, FakeOpenAI, Log, MemoryHost, error_body, through_pulumi, warnings

RPM = "max_requests_per_1_minute"
LIMIT = {"project_id": "proj_1", "model": "gpt-4o", RPM: 60.0}
ACCOUNT = {"project_id": "proj_1", "name": "ci"}
OWNER = {**ACCOUNT, "role": "owner"}


@pytest.fixture(autouse=True)
def _row(openai: FakeOpenAI) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})


def test_what_repeats_a_secret_input_is_secret_too(host: MemoryHost) -> None:
    outputs = create(ProjectRateLimit, host, Inputs(LIMIT, (RPM,))).outputs
    assert outputs.secret_inputs == {RPM}
    assert MANAGED in outputs.secret_outputs


def test_a_step_that_failed_half_way_is_recorded_with_its_error(host: MemoryHost, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "svc_acct_1$", (403, error_body("No")))
    with pytest.raises(errors.PermissionDeniedError) as raised:
        create(ProjectServiceAccount, host, Inputs(OWNER))
    ((id_, outputs, error),) = host.kept
    assert (id_, error) == ("proj_1/svc_acct_1", raised.value)
    assert outputs.values["api_key"].startswith("sk-")
    assert outputs.secret_outputs == {"api_key"}
    assert outputs.values[MANAGED]["unfinished"]


def test_where_nothing_is_kept_a_step_ends_with_a_warning(host: MemoryHost, openai: FakeOpenAI, caplog: Log) -> None:
    openai.surprise("POST", "svc_acct_1$", (403, error_body("No")))
    half = create(ProjectServiceAccount, replace(host, keeps=False), Inputs(OWNER))
    assert half.outputs.values[MANAGED]["unfinished"]
    (warning,) = warnings(caplog)
    assert warning.startswith(
        "The update did not finish; run the command again to complete it. Could not set name, role of service account "
    )


MEMBER = {"group_id": "group_1", "user_id": "user-1"}


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_failed_creation_fails_removals_a_lost_one_stays(openai: FakeOpenAI, host: MemoryHost, is_lost: bool) -> None:
    user = {"id": "user-1", "email": "ada@example.com", "role": "reader"}
    openai.seed(users=[user], groups=[{"id": "group_1", "name": "Eng"}])
    lost = requests.exceptions.ReadTimeout("slow")
    openai.surprise("POST", "users$", lost if is_lost else (403, error_body("No")), times=99)
    claims = host.run.claims
    claims.declared.add(host.urn)
    with pytest.raises(errors.AdminError, match="Could not add user user-1 of group group_1"):
        create(GroupUser, host, Inputs(MEMBER))
    kept = [outputs.values[MANAGED] for _, outputs, _ in host.kept]
    assert [managed["lost_at"] > NOW for managed in kept] == [True] * is_lost
    (claim,) = claims_of(GroupUser, MEMBER)
    with pytest.raises(errors.ConfigurationError, match="'it' declares the same, and could not be created"):
        claims.declared_elsewhere(MemoryHost(name="old").urn)(claim)


def test_nothing_is_deleted_where_the_key_is_not_shown_the_project(host: MemoryHost, openai: FakeOpenAI) -> None:
    created = create(ProjectServiceAccount, host, Inputs({"project_id": "proj_1", "name": "ci"}))
    for method in ("GET", "DELETE"):
        openai.surprise(method, "proj_1", (404, error_body("The project proj_1 was not found")), times=9)
    with pytest.raises(errors.ProjectNotFoundError) as raised:
        delete(ProjectServiceAccount, host, created.id, through_pulumi(created.outputs.values))
    assert len(openai.accounts) == 1
    assert raised.value.advice == (
        "Nothing was deleted, and the state keeps the resource. "
        f"{errors.ProjectNotFoundError.named('Project proj_1').advice} If the object no longer exists, "
        f"remove it from the state ({host.urn!r})."
    )


SET = {"project_id": "proj_1", "limits": {"gpt-4o": {RPM: 60}}}


@pytest.mark.parametrize(
    ("resource", "inputs", "what"),
    [
        (ProjectRateLimit, LIMIT, "rate limit rl-gpt-4o of project proj_1: "),
        (ProjectRateLimits, SET, "1 of the rate limits of project proj_1: gpt-4o: "),
    ],
)
@pytest.mark.parametrize("secret", [(), (RPM, "limits")])
def test_what_a_forced_replacement_forgets_is_named(
    host: MemoryHost,
    client: Client,
    openai: FakeOpenAI,
    caplog: Any,
    resource: Any,
    inputs: Any,
    what: str,
    secret: Any,
) -> None:
    first = create(resource, host, Inputs(inputs, secret))
    olds = through_pulumi(first.outputs.values)
    client.__dict__.update(Client(client.requestor).__dict__)  # of the next run of the engine
    check(resource, host, {}, Inputs(inputs))
    create(resource, host, Inputs(inputs))
    delete(resource, host, first.id, olds)
    assert openai.rows["rl-gpt-4o"][RPM] == 60
    values = "[secret] instead of [secret]" if secret else "60 instead of 500"
    assert warnings(caplog)[-1] == (
        f"Could not fully restore {what}max_requests_per_1_minute stays at {values} (another resource manages it now). "
        "Before you force a replacement again (--replace, or a taint), declare the resource option deleteBeforeReplace "
        "(delete_before_replace in Python)."
    )

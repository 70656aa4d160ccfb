from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pulumi_openai_admin import (
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
    errors,
)
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.lifecycle.apply import create
from pulumi_openai_admin.lifecycle.delete import delete
from pulumi_openai_admin.lifecycle.resource import Inputs
from pulumi_openai_admin.lifecycle.state import ENDS_WITH_PARENT
from tests.unit.fakes import FakeOpenAI, MemoryHost, through_pulumi, warnings

INSIDE = {"project_id": "proj_1", "name": "ci", ENDS_WITH_PARENT: True}


@pytest.mark.parametrize(("whole_stack", "left"), [(True, 1), (False, 0)])
def test_what_ends_with_its_project_is_left_to_it_where_the_whole_stack_is_destroyed(
    host: MemoryHost, openai: FakeOpenAI, whole_stack: bool, left: int
) -> None:
    created = create(ProjectServiceAccount, host, Inputs(INSIDE))
    olds = through_pulumi(created.outputs.values)
    delete(ProjectServiceAccount, replace(host, whole_stack=whole_stack), created.id, olds)
    assert len(openai.accounts) == left


@pytest.mark.parametrize(("deliver_to", "left"), [(None, 1), ({"command": {"arguments": ["cat"]}}, 0)])
def test_a_store_keeps_no_key_because_its_project_is_archived(
    host: MemoryHost, openai: FakeOpenAI, deliver_to: dict[str, Any] | None, left: int
) -> None:
    account = openai.add_account("ci")
    inputs = {**INSIDE, "service_account_id": account, "deliver_to": deliver_to}
    created = create(ProjectServiceAccountApiKey, host, Inputs(inputs))
    olds = through_pulumi(created.outputs.values)
    delete(ProjectServiceAccountApiKey, replace(host, whole_stack=True), created.id, olds)
    assert len(openai.keys) == left


@pytest.mark.parametrize("whole_stack", [True, False])
def test_nothing_is_deleted_where_the_key_is_not_shown_the_project(
    host: MemoryHost, openai: FakeOpenAI, whole_stack: bool
) -> None:
    created = create(ProjectServiceAccount, host, Inputs(INSIDE))
    openai.project = None
    with pytest.raises(errors.ProjectNotFoundError) as raised:
        delete(
            ProjectServiceAccount,
            replace(host, whole_stack=whole_stack),
            created.id,
            through_pulumi(created.outputs.values),
        )
    assert len(openai.accounts) == 1
    assert raised.value.advice == (
        "Nothing was deleted, and the state keeps the resource. "
        f"{errors.ProjectNotFoundError.named('Project proj_1').advice} If the object no longer exists, "
        f"remove it from the state ({host.urn!r})."
    )


# A forced replacement that creates the new resource first

ROW = {"project_id": "proj_1", "model": "gpt-4o", "max_requests_per_1_minute": 60}
SET = {"project_id": "proj_1", "limits": {"gpt-4o": {"max_requests_per_1_minute": 60}}}


@pytest.mark.parametrize(
    ("resource", "inputs", "value"),
    [
        (ProjectRateLimit, ROW, "max_requests_per_1_minute 500"),
        (ProjectRateLimits, SET, "gpt-4o max_requests_per_1_minute 500"),
    ],
)
@pytest.mark.parametrize("secret", [(), ("max_requests_per_1_minute", "limits")])
def test_what_a_forced_replacement_forgets_is_named(
    host: MemoryHost,
    client: Client,
    openai: FakeOpenAI,
    caplog: Any,
    resource: Any,
    inputs: Any,
    value: str,
    secret: Any,
) -> None:
    openai.add_row("gpt-4o", max_requests_per_1_minute=500)
    first = create(resource, host, Inputs(inputs, secret))
    olds = through_pulumi(first.outputs.values)
    client.__dict__.update(Client(client.requestor).__dict__)  # of the next run of the engine
    create(resource, host, Inputs(inputs))
    delete(resource, host, first.id, olds)
    assert openai.rows["rl-gpt-4o"]["max_requests_per_1_minute"] == 60
    (message,) = [text for text in warnings(caplog) if "deleteBeforeReplace" in text]
    shown = value.removesuffix(" 500") if secret else value
    assert f"destroy no longer restores the original values: {shown}. " in message


def test_a_replacement_that_deletes_first_forgets_nothing(
    host: MemoryHost, client: Client, openai: FakeOpenAI, caplog: Any
) -> None:
    openai.add_row("gpt-4o", max_requests_per_1_minute=500)
    first = create(ProjectRateLimit, host, Inputs(ROW))
    olds = through_pulumi(first.outputs.values)
    client.__dict__.update(Client(client.requestor).__dict__)  # of the next run of the engine
    delete(ProjectRateLimit, host, first.id, olds)
    assert openai.rows["rl-gpt-4o"]["max_requests_per_1_minute"] == 500
    assert warnings(caplog) == []

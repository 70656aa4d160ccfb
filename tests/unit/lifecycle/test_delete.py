from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import ProjectRateLimit, ProjectRateLimits, ProjectServiceAccount, errors
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.lifecycle.apply import create
from pulumi_openai_admin.lifecycle.delete import delete
from pulumi_openai_admin.lifecycle.resource import Inputs
from tests.unit.fakes import FakeOpenAI, MemoryHost, through_pulumi, warnings


def test_nothing_is_deleted_where_the_key_is_not_shown_the_project(host: MemoryHost, openai: FakeOpenAI) -> None:
    created = create(ProjectServiceAccount, host, Inputs({"project_id": "proj_1", "name": "ci"}))
    openai.project = None
    with pytest.raises(errors.ProjectNotFoundError) as raised:
        delete(ProjectServiceAccount, host, created.id, through_pulumi(created.outputs.values))
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

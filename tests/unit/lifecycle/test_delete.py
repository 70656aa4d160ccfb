from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import ProjectRateLimit, ProjectRateLimits, ProjectServiceAccount, errors
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.lifecycle.apply import create, delete
from pulumi_openai_admin.lifecycle.state import Inputs
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
    ("resource", "inputs", "what"),
    [
        (ProjectRateLimit, ROW, "rate limit rl-gpt-4o of project proj_1: "),
        (ProjectRateLimits, SET, "1 of the rate limits of project proj_1: gpt-4o: "),
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
    what: str,
    secret: Any,
) -> None:
    openai.add_row("gpt-4o", max_requests_per_1_minute=500)
    first = create(resource, host, Inputs(inputs, secret))
    olds = through_pulumi(first.outputs.values)
    client.__dict__.update(Client(client.requestor).__dict__)  # of the next run of the engine
    create(resource, host, Inputs(inputs))
    delete(resource, host, first.id, olds)
    assert openai.rows["rl-gpt-4o"]["max_requests_per_1_minute"] == 60
    values = "[secret] instead of [secret]" if secret else "60 instead of 500"
    assert warnings(caplog)[-1] == (
        f"Could not fully restore {what}max_requests_per_1_minute stays at {values} (another resource manages it now). "
        "Before you force a replacement again (--replace, or a taint), declare the resource option deleteBeforeReplace "
        "(delete_before_replace in Python)."
    )


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

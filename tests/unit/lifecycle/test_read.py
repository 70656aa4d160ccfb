from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import ProjectRateLimit, errors
from pulumi_openai_admin.lifecycle.apply import create
from pulumi_openai_admin.lifecycle.read import read
from pulumi_openai_admin.lifecycle.state import MANAGED, Inputs
from tests.unit.fakes import FakeOpenAI, MemoryHost, error_body, through_pulumi

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

RPM = "max_requests_per_1_minute"
LIMIT = {"project_id": "proj_1", "model": "gpt-4o", RPM: 60.0}
ID = "proj_1/rl-gpt-4o"


@pytest.fixture
def state(openai: FakeOpenAI, host: MemoryHost, client: Client) -> dict[str, object]:
    openai.add_row("gpt-4o", **{RPM: 500})
    made = through_pulumi(create(ProjectRateLimit, host, Inputs(LIMIT, (RPM,))).outputs.values)
    client._listings.clear()
    return made


def test_the_inputs_are_those_that_the_program_set_at_their_values_now(
    host: MemoryHost, openai: FakeOpenAI, state: dict[str, object]
) -> None:
    openai.rows["rl-gpt-4o"][RPM] = 77
    found = read(ProjectRateLimit, host, ID, state)
    assert found
    assert found.inputs == {"project_id": "proj_1", "model": "gpt-4o", RPM: 77}
    assert (found.outputs.values[RPM], found.outputs.secret_inputs) == (77, {RPM})


def test_what_is_gone_is_none(host: MemoryHost, openai: FakeOpenAI, state: dict[str, object]) -> None:
    openai.project = {"id": "proj_1", "status": "archived"}
    assert read(ProjectRateLimit, host, ID, state) is None


def test_an_error_is_never_taken_for_gone(host: MemoryHost, openai: FakeOpenAI, state: dict[str, object]) -> None:
    openai.surprise("GET", "rate_limits$", (403, error_body("No")))
    with pytest.raises(errors.PermissionDeniedError):
        read(ProjectRateLimit, host, ID, state)


def test_another_organizations_key_is_never_taken_for_gone(
    host: MemoryHost, openai: FakeOpenAI, state: dict[str, object]
) -> None:
    openai.project = None
    with pytest.raises(errors.ProjectNotFoundError):
        read(ProjectRateLimit, host, ID, state)


@pytest.mark.usefixtures("state")
def test_what_a_program_only_looks_up_has_no_inputs_and_has_to_be_there(host: MemoryHost) -> None:
    found = read(ProjectRateLimit, host, ID, dict(LIMIT))
    assert found
    assert found.inputs is None
    assert MANAGED not in found.outputs.values
    with pytest.raises(errors.ResourceGoneError, match="no ProjectRateLimit with the id 'proj_1/rl-nothing'"):
        read(ProjectRateLimit, host, "proj_1/rl-nothing", dict(LIMIT))


def test_an_id_of_another_form_is_refused(host: MemoryHost) -> None:
    with pytest.raises(errors.ConfigurationError, match="Its id has the form <project_id>/<rate_limit_id>"):
        read(ProjectRateLimit, host, "rl-gpt-4o", dict(LIMIT))
